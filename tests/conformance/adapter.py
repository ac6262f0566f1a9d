"""
The runtime behind the conformance harness: `TsiklEngine`.

Every step loads the state from JSON and stores it as JSON. Expressions are trusted Python,
since the suites are written in it; the product has its closed language instead. What the
product's host does around a step (routing of messages and signals, timers, services, late
binding of called processes) is done here in its simplest form.
"""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpmnconf.engine import DeploymentError, Dialect, Engine
from bpmnconf.engine import Host as Harness

from engine.errors import BpmnError, DiagramRefused
from engine.process.compile import Draft, finish, read
from engine.process.document import Document, read_xml
from engine.process.host import Host
from engine.process.model import Definition, Kind
from engine.process.orders import Command, Complete, Deliver, Effect, Start
from engine.process.state import Names, State, Wait, dump, load
from engine.process.step import step
from tests.conformance.trusted import Python, check_python


class TsiklDialect(Dialect):
    """How the suites' neutral scripts are written for this engine."""

    def throw_error(self, code: str) -> str:
        """Return the script that raises an error which a diagram may catch."""
        return f"raise error({code!r})"


class TsiklEngine(Engine):
    """«Цикл» as the harness wants an engine."""

    name = "tsikl"
    dialect = TsiklDialect()
    rules = Host(check=check_python, late=True)

    def __init__(self, host: Harness) -> None:
        super().__init__(host)
        self.language = Python({**host.functions(), "error": BpmnError})
        self.files: dict[str, bytes] = {}
        self.definitions: dict[str, Definition] = {}
        self.cases: dict[str, bytes] = {}
        self.definition_of: dict[str, Definition] = {}
        self.wholes: dict[str, Definition] = {}
        self.ended: dict[str, Names] = {}
        self.failed: set[str] = set()
        self.ids = itertools.count(1)

    # deployment -------------------------------------------------------------------------------

    def deploy(self, xml: bytes, name: str) -> list[str]:
        """Accept a file with all its processes, or refuse it."""
        try:
            draft = Draft()
            read(draft, Document(read_xml(xml, name), self.rules))
            definition = finish(draft, self.rules)
        except DiagramRefused as refusal:
            raise DeploymentError(refusal.sentence) from refusal
        for process in definition.processes:
            self.files[process] = xml
        self.definitions.update(dict.fromkeys(definition.processes, definition))
        self.wholes.clear()
        return list(definition.processes)

    def whole(self, process: str) -> Definition:
        """Return the definition of a process with all that it calls from other files."""
        if process not in self.wholes:
            self.wholes[process] = self._bound(process)
        return self.wholes[process]

    def _bound(self, process: str) -> Definition:
        """Compile a process together with all that it calls."""
        draft = Draft()
        read(draft, Document(read_xml(self.files[process], process), self.rules))
        while called := self._missing(draft):
            raw = self.files[called]
            read(draft, Document(read_xml(raw, called), self.rules, prefix=f"{called}/"))
        return finish(draft, replace(self.rules, late=False))

    def _missing(self, draft: Draft) -> str:
        """Return a called process that the draft does not hold yet."""
        calls = (node.text for node in draft.nodes.values() if node.kind is Kind.CALL)
        return next((process for process in calls if process not in draft.bodies), "")

    # running ----------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """Return the virtual moment, milliseconds UTC."""
        return int(self.host.clock.now.timestamp() * 1000)

    def state(self, instance: str) -> State:
        """Return the stored state of a case."""
        return load(self.cases[instance])

    def start(self, process_id: str, variables: dict[str, Any], at: str = "") -> str:
        """Start a case and run it to rest."""
        instance = f"{process_id}#{next(self.ids)}"
        self.definition_of[instance] = self.whole(process_id)
        self.cases[instance] = dump(State())
        self.do(instance, Start(process_id, variables, at))
        return instance

    def do(self, instance: str, command: Command) -> None:
        """Make one step and carry out its effects."""
        definition = self.definition_of[instance]
        finished = False
        try:
            state, effects = step(
                definition, self.state(instance), command, self.now, self.language
            )
            finished = True
        finally:
            if not finished:
                self.failed.add(instance)
        self.cases[instance] = dump(state)
        for effect in effects:
            self.carry_out(instance, effect)

    def carry_out(self, instance: str, effect: Effect) -> None:
        """Do what an effect asks for; services have nothing behind them here."""
        if effect.kind == "send":
            self.route("message", effect.name, effect.data, effect.keys)
        elif effect.kind == "signal":
            self.route("signal", effect.name, effect.data, {}, sender=instance)
        elif effect.kind == "call":
            self.do(instance, Complete(effect.token))
        elif effect.kind == "ended":
            self.ended[instance] = dict(effect.data)

    def route(
        self,
        kind: str,
        name: str,
        data: Mapping[str, Any],
        keys: Mapping[str, Any],
        sender: str = "",
    ) -> None:
        """Bring a message to one case, a signal to all: waiting ones first, then new ones."""
        for instance in [i for i in self.cases if i != sender and i not in self.failed]:
            for wait in list(self.state(instance).waits.values()):
                if self._hears(instance, wait, kind, name, keys):
                    self.do(instance, Deliver(wait.id, data))
                    if kind == "message":
                        return
        for process, start in self._starts(kind, name):
            self.start(process, dict(data), start)
            if kind == "message":
                return

    def _hears(
        self, instance: str, wait: Wait, kind: str, name: str, keys: Mapping[str, Any]
    ) -> bool:
        """Return whether a wait is still there and is for this, all correlation keys included."""
        if (wait.kind, wait.name) != (kind, name) or wait.id not in self.state(instance).waits:
            return False
        event = self.definition_of[instance].nodes[wait.at].events[wait.index]
        mine = dict(zip((key for key, _ in event.keys), wait.keys, strict=True))
        return not keys or not mine or mine == dict(keys)

    def _starts(self, kind: str, name: str) -> list[tuple[str, str]]:
        """Return the start events of deployed processes that wait for this."""
        return [
            (process, key)
            for process, definition in self.definitions.items()
            for key in definition.bodies[process].starts
            if self._starts_by(definition, key, kind, name)
        ]

    def _starts_by(self, definition: Definition, key: str, kind: str, name: str) -> bool:
        node = definition.nodes[key]
        begins = node.kind is Kind.START or node.instantiates
        return begins and any((e.kind, e.name) == (kind, name) for e in node.events)

    def advance(self, seconds: float) -> None:
        """Move the virtual clock on and fire all timers that are due, in order of due."""
        self.host.clock.advance(seconds)
        while due := self._due():
            _, instance, wait = min(due)
            self.do(instance, Deliver(wait))

    def _due(self) -> list[tuple[int, str, int]]:
        """Return the due timers of all cases."""
        return [
            (wait.due, instance, wait.id)
            for instance in self.cases
            if instance not in self.failed
            for wait in self.state(instance).waits.values()
            if wait.kind == "timer" and wait.due <= self.now
        ]

    def outcome(self, instance: str) -> str:
        """Return how a case stands, in the harness's words."""
        status = self.state(instance).status
        words: dict[str, str] = {"failed": "error_event"}
        return "failed" if instance in self.failed else words.get(status, status)

    # people -----------------------------------------------------------------------------------

    def _open(self, instance: str) -> list[tuple[str, int]]:
        """Return element and number of every open task."""
        tokens = self.state(instance).tokens.values()
        return [(token.at, token.id) for token in tokens if token.state == "open"]

    def open_tasks(self, instance: str) -> list[str]:
        """Return the elements of the open tasks, sorted."""
        return sorted(at for at, _ in self._open(instance))

    def complete(self, instance: str, task_id: str, variables: dict[str, Any]) -> None:
        """Complete the oldest open task of that element."""
        found = [token for at, token in self._open(instance) if at == task_id]
        if not found:
            raise LookupError(f"no open task {task_id}")
        self.do(instance, Complete(found[0], variables))

    def message(self, name: str, payload: dict[str, Any]) -> None:
        """Bring a message from outside."""
        self.route("message", name, payload, {})

    def signal(self, name: str) -> None:
        """Bring a signal from outside."""
        self.route("signal", name, {}, {})

    def variables(self, instance: str) -> dict[str, Any]:
        """Return the variables of a case, the last ones when it is over."""
        return self.ended.get(instance) or self.state(instance).variables
