"""Deploying a process: checked as a whole, stored as a whole, known by its content."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from engine.bus import Command, handles
from engine.commands.services import SERVICES
from engine.events import DefinitionDeployed
from engine.model.base import from_ms, to_ms
from engine.model.definitions import Definition, DefinitionFile
from engine.model.records import StartSubscription
from engine.process import timing
from engine.process.load import Bundle, load
from engine.process.model import Event, Kind, Node
from engine.process.orders import Language
from engine.rules.access import Right, Role, may
from engine.rules.calendar import day_of
from engine.rules.deadlines import Terms
from engine.rules.reminders import POLICIES
from engine.unit import Stale, Unit
from engine.versions import HOUSE_FUNCTIONS, Version

HOME_ZONE = "Europe/Moscow"
"""Where a process starts by the calendar that is not yet any school's."""


@dataclass(frozen=True, slots=True)
class DeployProcess(Command[int]):
    """Store a process with all it calls; returns the id of its version, an old one if known."""

    bundle: Bundle


@handles(DeployProcess)
def deploy_process(unit: Unit, command: DeployProcess) -> int:
    """
    Check it, and store it as the newest version of its key.

    Raises:
        DiagramRefused: With every finding; nothing is stored.
    """
    grants = unit.actor.grants
    unit.allow_if(
        unit.actor.is_system
        or any(may(unit.actor, Right.DEPLOY, (grant.organisation_id,)) for grant in grants),
        (),
    )
    version = checked(command.bundle)
    key, digest = version.definition.processes[0], version.definition.version
    known = select(Definition.id).where(Definition.key == key, Definition.hash == digest)
    if (found := unit.value(known)) is not None:
        return int(found)
    name = version.definition.bodies[key].name or key
    definition_id, number = _store(unit, version, key, name)
    _write_starts(unit, version, definition_id, key)
    unit.record(DefinitionDeployed(definition_id=definition_id, name=name, number=number))
    return definition_id


def checked(bundle: Bundle) -> Version:
    """
    Return the version that a bundle makes, with everything looked at that can be refused.

    Raises:
        DiagramRefused: With every finding.
    """
    loaded = load(
        bundle,
        services=SERVICES.keys(),
        functions=HOUSE_FUNCTIONS,
        roles=frozenset(Role),
        reminders=POLICIES.keys(),
    )
    return Version.of(loaded, bundle.main)


def _store(unit: Unit, version: Version, key: str, name: str) -> tuple[int, int]:
    """Write the version with its files; return its id and number."""
    numbers = select(func.max(Definition.number)).where(Definition.key == key)
    number = (unit.value(numbers) or 0) + 1
    row = {
        "key": key,
        "number": number,
        "hash": version.definition.version,
        "name": name,
        "main_file": version.main,
        "deployed_at": unit.now,
        "deployed_by": unit.actor.person_id or None,
    }
    try:
        definition_id = unit.insert(Definition, row)
    except IntegrityError as error:
        raise Stale from error
    for path, content in version.files.items():
        file = {"definition_id": definition_id, "name": path, "content": content}
        unit.add(DefinitionFile, file)
    return definition_id, number


def _write_starts(unit: Unit, version: Version, definition_id: int, key: str) -> None:
    """Let the newest version, and no older one, be started by its events."""
    unit.execute(delete(StartSubscription).where(StartSubscription.definition_key == key))
    for node, event in _start_events(version, key):
        due = next_start(unit, version, event) if event.kind == "timer" else None
        row = {
            "definition_key": key,
            "element": node.key,
            "definition_id": definition_id,
            "kind": event.kind,
            "name": event.name,
            "due_at": due,
        }
        unit.add(StartSubscription, row)


def _start_events(version: Version, key: str) -> Iterator[tuple[Node, Event]]:
    """Yield the start events of the process that something outside sets off."""
    nodes = version.definition.nodes
    for start in version.definition.bodies[key].starts:
        node = nodes[start]
        if node.events and (node.kind is Kind.START or node.instantiates):
            yield node, node.events[0]


def next_start(unit: Unit, version: Version, event: Event, last: Any = None) -> Any:
    """Return when a timer starts cases next, after its last due moment if it had one."""
    language = _language(unit, version)
    text = event.text
    value = language.evaluate(text.removeprefix("="), {}) if text.startswith("=") else text
    if last is not None and event.form == "timeCycle":
        return from_ms(timing.following(value, to_ms(last)))
    due, _ = timing.first(event.form, value, to_ms(unit.now))
    return from_ms(due)


def _language(unit: Unit, version: Version) -> Language:
    """Return the language outside of any case: the calendar counts from today."""
    today = day_of(unit.now, HOME_ZONE)
    terms = Terms(today, today, HOME_ZONE)
    return version.language({**terms.functions(), "setting": version.defaults.__getitem__})
