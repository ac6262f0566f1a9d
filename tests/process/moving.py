"""Cases moved to another version in a test."""

from collections.abc import Mapping

from engine.process.migrate import Migration, migrate
from engine.process.state import dump
from tests.process.drawing import boundary, diagram, script, user
from tests.process.playing import Case, compiled, look_over


def moved(case: Case, xml: bytes, renamed: Mapping[str, str] | None = None) -> Migration:
    """Migrate a case; with no problems it then stands in the new version."""
    new, before = compiled(xml), case.raw
    found = migrate(case.definition, new, case.state, case.now, case.language, renamed)
    assert before == case.raw
    if not found.problems:
        look_over(new, found.state)
        case.definition, case.raw = new, dump(found.state)
        case.effects = found.effects
    return found


def refused(case: Case, xml: bytes, renamed: Mapping[str, str] | None = None) -> list[str]:
    """Return the elements for which a migration is refused; the case stays where it is."""
    found = moved(case, xml, renamed)
    assert dump(found.state) == case.raw
    return [problem.element for problem in found.problems]


def chain(*names: str, more: str = "", parts: str = "") -> bytes:
    """Return user tasks one after another."""
    flow = " > ".join(["start", *names, "end"])
    return diagram(*(user(name) for name in names), parts, chain=flow + more)


def timed(event: str, name: str = "b", *, interrupting: bool = False) -> bytes:
    """Return a task with an event at its boundary."""
    return diagram(
        user("u"),
        boundary(name, "u", event, interrupting=interrupting),
        script("r"),
        chain=f"start > u > end, {name} > r > end2",
    )
