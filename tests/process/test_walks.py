"""Random walks over all diagrams of the conformance suite, and over random ones."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from engine.errors import DiagramRefused, EngineError
from engine.process.orders import Set
from tests.conformance.trusted import Guarded
from tests.process.blocks import Draughtsman
from tests.process.drawing import (
    CANCEL,
    COMPENSATE,
    body,
    boundary,
    cycle,
    diagram,
    element,
    end,
    error,
    escalation,
    handler,
    message,
    multi,
    par,
    script,
    signal,
    sub,
    throw,
    timer,
    user,
)
from tests.process.playing import Case, compiled
from tests.process.test_fuzz import MOST
from tests.process.walking import Walk, Walker

SUITE = sorted((Path(__file__).parents[1] / "conformance" / "own").glob("*.bpmn"))


def text(path: Path) -> bytes:
    """Return a diagram of the suite with its timers written out."""
    return re.sub(r"TIMER\((.*?)\)", r"\1", path.read_text("utf-8")).encode()


def walked(xml: bytes, seed: int, steps: int = 40) -> Walk | None:
    """Start a diagram by any of its starts and walk; None when it does not start at all."""
    random = Random(seed)
    case = Case(compiled(xml), busy=lambda *_: None)
    case.language = Guarded(case.functions)
    definition = case.definition
    starts = ["", *definition.bodies[definition.processes[0]].starts]
    try:
        case.start(random.choice(starts), thrower=True, again=False, done=False, approved=False)
    except EngineError:
        return None
    return Walker(case, random).walk(steps)


@pytest.mark.parametrize("path", SUITE, ids=[path.stem for path in SUITE])
def test_walks_over_the_suite(path: Path) -> None:
    """Twenty walks over each diagram: no crash, no orphan, no silent darkness."""
    try:
        for seed in range(20):
            walked(text(path), seed)
    except DiagramRefused:
        assert path.stem in {"timer_bad_literal", "mi_negative", "compensation_no_handler_end"}


BUSY = diagram(
    par("f"),
    sub(
        "panel",
        multi("experts", result="mark"),
        body(
            user("read"),
            boundary("remind", "read", cycle("R/P1D"), interrupting=False),
            script("mail"),
            user("write"),
            boundary("refuse", "write", error()),
            throw("tell", escalation()),
            handler("ask", message(), user("h_ask"), interrupting=False),
            chain=("start_p > read > tell > write > end_p, remind > mail > end_r, refuse > end_x"),
        ),
    ),
    boundary("late", "panel", timer("P9D")),
    boundary("heard", "panel", escalation(), interrupting=False),
    script("note"),
    element(
        "transaction",
        "deal",
        body(
            script("pay"),
            element("boundaryEvent", "c", COMPENSATE, attachedToRef="pay"),
            user("refund", isForCompensation="true"),
            '<association id="as" sourceRef="c" targetRef="refund"/>',
            user("agree"),
            par("g"),
            user("stop"),
            end("cancel", CANCEL),
            chain="start_d > pay > g > agree > end_d, g > stop > cancel",
        ),
    ),
    boundary("cancelled", "deal", CANCEL),
    boundary("broken", "deal", error("")),
    handler("withdrawn", signal(), user("h_withdrawn")),
    chain=(
        "start > f > panel > end, f > deal > end, late > end2, heard > note > end3,"
        "cancelled > end4, broken > end5"
    ),
)


def test_walks_over_a_busy_diagram() -> None:
    """Panels, transactions, handlers and repairs at once; every end is reached."""
    reached: Counter[str] = Counter()
    for seed in range(300):
        random = Random(seed)
        case = Case(compiled(BUSY)).start(experts=["x", "y"])
        reached[Walker(case, random).walk(120).status] += 1
    assert {"completed", "failed", "cancelled"} <= set(reached)


def test_walks_over_random_diagrams() -> None:
    """Whatever is drawn and ordered, a case stays whole."""
    reached: Counter[str] = Counter()
    for seed in range(200):
        draughtsman = Draughtsman(Random(seed))
        xml, _ = draughtsman.diagram(3)
        if draughtsman.size <= MOST:
            walk = walked(xml, seed, steps=60)
            reached[walk.status if walk else "not begun"] += 1
    assert reached["completed"] > 50


def test_a_walk_gives_every_kind_of_command() -> None:
    """Those that move the case on, and those that repair it."""
    given: Counter[str] = Counter()
    case = Case(compiled(BUSY)).start(experts=["x", "y"])
    walker = Walker(case, Random(1))
    for _ in range(400):
        command = walker._command()
        if command is None or command == Set("cancelled"):
            case = Case(compiled(BUSY)).start(experts=["x", "y"])
            walker = Walker(case, Random(len(given) + sum(given.values())))
            continue
        given[type(command).__name__] += 1
        try:
            case.do(command)
        except EngineError:
            given["refused"] += 1
    wanted = {"Complete", "Fail", "Deliver", "Add", "Withdraw", "Assign", "Move", "Set", "refused"}
    assert wanted == set(given)
