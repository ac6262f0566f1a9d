"""
The compiled diagram: made once per version, shared by all threads, never changed.

Elements of the main diagram have their own id as key, those of a called one ``process/id``,
since each file has its own ``start``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

EventKind = Literal[
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "conditional",
    "link",
    "cancel",
    "compensate",
    "terminate",
]


class Kind(StrEnum):
    """What an element is; the values are BPMN's own tag names, save the event sub-process."""

    TASK = "task"
    USER = "userTask"
    MANUAL = "manualTask"
    SCRIPT = "scriptTask"
    SERVICE = "serviceTask"
    SEND = "sendTask"
    RECEIVE = "receiveTask"
    DECISION = "businessRuleTask"
    SUB = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC = "adHocSubProcess"
    EVENT_SUB = "eventSubProcess"
    CALL = "callActivity"
    EXCLUSIVE = "exclusiveGateway"
    INCLUSIVE = "inclusiveGateway"
    PARALLEL = "parallelGateway"
    EVENT_BASED = "eventBasedGateway"
    COMPLEX = "complexGateway"
    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"


PEOPLE = frozenset({Kind.USER, Kind.MANUAL})
SUBS = frozenset({Kind.SUB, Kind.TRANSACTION, Kind.AD_HOC, Kind.EVENT_SUB})
TASKS = frozenset(
    {
        Kind.TASK,
        Kind.USER,
        Kind.MANUAL,
        Kind.SCRIPT,
        Kind.SERVICE,
        Kind.SEND,
        Kind.RECEIVE,
        Kind.DECISION,
    }
)
ACTIVITIES = TASKS | SUBS | {Kind.CALL}
GATEWAYS = frozenset(
    {Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.PARALLEL, Kind.EVENT_BASED, Kind.COMPLEX}
)
HELD: frozenset[EventKind] = frozenset({"timer", "message", "signal", "conditional"})
"""Kinds of events that a case waits for; the others happen inside a step."""


@dataclass(frozen=True, slots=True)
class Event:
    """
    One event definition.

    ``name`` is the message, signal or link name, the error or escalation code (empty catches
    all), or the activity to compensate. ``text`` is the timer (ISO 8601, or an expression after
    ``=``) or the condition; ``form`` is ``timeDate``, ``timeDuration`` or ``timeCycle``.
    ``keys`` are the correlation expressions of a message, by name of the key property.
    ``payload`` are the names a thrown message carries or a caught one may set.
    """

    kind: EventKind
    name: str = ""
    text: str = ""
    form: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    payload: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``condition`` is empty for an unconditional one."""

    key: str
    source: str
    target: str
    condition: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """
    The loop marker of an activity.

    ``condition``: a standard loop goes on while it is true, a multi-instance stops when it is.
    ``items`` is the variable that holds the list, ``item`` the name of one element in an
    instance; ``result`` is collected from each instance into ``results``. ``throws`` are the
    events of BPMN's behaviour None, One and Complex with their conditions.
    """

    kind: Literal["standard", "parallel", "sequential"]
    condition: str = ""
    test_before: bool = False
    maximum: int | None = None
    cardinality: str = ""
    items: str = ""
    item: str = ""
    results: str = ""
    result: str = ""
    throws: tuple[tuple[str, Event], ...] = ()
    first_only: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """
    What the house adds to a user task, read from ``<tsikl:task .../>`` in its extensions.

    ``role`` performs it (of the case's organisation, or of ``office`` above it), or the person
    or persons that the expression ``performer`` names. ``due`` is an expression for the due
    date, ``remind`` names a reminder policy, ``stage`` the stage, ``form`` the form.
    """

    form: str = ""
    role: str = ""
    performer: str = ""
    due: str = ""
    remind: str = ""
    stage: str = ""
    office: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One element that a token can stand at."""

    key: str
    kind: Kind
    name: str
    body: str
    lane: str = ""
    inflows: tuple[Flow, ...] = ()
    outflows: tuple[Flow, ...] = ()
    default: str = ""
    events: tuple[Event, ...] = ()
    all_events: bool = False
    """Parallel multiple: every event must have happened."""
    interrupting: bool = True
    instantiates: bool = False
    boundaries: tuple[str, ...] = ()
    attached: str = ""
    loop: Loop | None = None
    text: str = ""
    """Script, service name, called process, decision, or activation condition."""
    inputs: tuple[tuple[str, str], ...] = ()
    """A call's or service's mapping inward: (name inside, expression outside)."""
    outputs: tuple[tuple[str, str], ...] = ()
    """A call's or service's mapping outward: (name outside, expression inside)."""
    handler: str = ""
    """The activity that compensates this one."""
    is_handler: bool = False
    needs: int = 1
    quantity: int = 1
    work: Work | None = None
    purpose: str = ""
    """What is to come of it: the documentation of the element."""


@dataclass(frozen=True, slots=True)
class Body:
    """A process, or the inside of a sub-process."""

    key: str
    name: str = ""
    starts: tuple[str, ...] = ()
    event_subs: tuple[tuple[str, str], ...] = ()
    """(event sub-process, its start event)"""
    links: Mapping[str, str] = field(default_factory=dict)
    """Link name -> the catching link event."""
    data: tuple[str, ...] = ()
    """Declared data objects: assignment to these names stays in the scope."""
    ad_hoc: bool = False
    until: str = ""
    one_at_a_time: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A number or text of the cycle that its coordinator may change: ``<tsikl:setting/>``."""

    name: str
    value: int | float | str | bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the cycle: ``<tsikl:stage/>`` of the process, drawn as a group."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Definition:
    """
    All that one version of a process needs to run: itself and everything it calls.

    ``reach[start, gateway]`` holds the keys of the inflows of ``gateway`` that a token at
    ``start`` can still arrive by; computed for every inclusive and complex join.
    """

    nodes: Mapping[str, Node] = field(default_factory=dict)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    processes: tuple[str, ...] = ()
    """Executable processes, in document order."""
    reach: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Message name -> names of its correlation properties; all must match."""
    settings: tuple[Setting, ...] = ()
    stages: tuple[Stage, ...] = ()
    version: str = ""
    """SHA-256 over the diagram and everything it calls, hexadecimal."""
