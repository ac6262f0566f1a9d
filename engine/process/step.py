"""
One step of a case: a command, its consequences until everything rests, what the host must do.

Only this module knows every handler; handlers know the agenda alone.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from engine.errors import Fault
from engine.process import (
    agenda,
    arrive,
    compensation,
    events,
    gateways,
    loops,
    scopes,
)
from engine.process.machine import Machine
from engine.process.model import Definition
from engine.process.orders import Command, Effect, Language
from engine.process.perform import perform
from engine.process.state import State
from engine.process.waits import look_again

BUDGET: Final = 2_000
"""Turns of tokens, and releases of joins, in one step."""

MOST_BYTES: Final = 32 * 1024
"""Of the variables of a case, as JSON: documents and conclusions are rows, not variables."""

CONSEQUENCES: Final = 20 * BUDGET
"""Consequences of all these together."""

HANDLERS: dict[type[agenda.Work], Callable[[Machine, Any], None]] = {
    agenda.Arrive: arrive.arrive,
    agenda.Act: arrive.act,
    agenda.Begin: arrive.begin,
    agenda.Finish: arrive.finish,
    agenda.Depart: arrive.depart,
    agenda.Leave: gateways.leave,
    agenda.Join: gateways.join,
    agenda.Open: scopes.open_inside,
    agenda.OpenProcess: scopes.open_process,
    agenda.Populate: scopes.populate,
    agenda.Drain: scopes.drain,
    agenda.Offer: scopes.offer,
    agenda.StartSub: scopes.start_sub,
    agenda.OpenLoop: loops.open_loop,
    agenda.Report: loops.report,
    agenda.Next: loops.go_on,
    agenda.CloseLoop: loops.close_loop,
    agenda.Trigger: events.trigger,
    agenda.Throw: events.throw,
    agenda.Raise: events.raise_event,
    agenda.Outward: events.outward,
    agenda.Logged: compensation.logged,
    agenda.Undo: compensation.undo,
    agenda.Undone: compensation.undone,
}


def step(
    definition: Definition, state: State, command: Command, now_ms: int, language: Language
) -> tuple[State, list[Effect]]:
    """
    Return the state after a command, and what it asks the host to do, in order of happening.

    Pure and deterministic: the given state stays unchanged, and the same step twice gives the
    same bytes.

    Args:
        definition: The diagram in the version that the case is pinned to.
        state: Where the case stands.
        command: What has happened.
        now_ms: The moment of the command, milliseconds UTC.
        language: Evaluates what authors write, over facts frozen for this command.

    Raises:
        NotOpen: The token or wait that the command names is gone.
        CaseNotRunning: The case does not take this command in its status.
        Fault: The case cannot go on; nothing is to be saved.
    """
    machine = Machine(definition, state, now_ms, language)
    perform(machine, command)
    run(machine)
    if machine.grown:
        _measure(machine)
    return machine.result(), machine.effects


def run(machine: Machine) -> None:
    """
    Work until everything rests.

    Raises:
        Fault: It does not come to rest within the budget.
    """
    turns = consequences = 0
    while turns <= BUDGET and consequences <= CONSEQUENCES:
        if work := machine.pop():
            consequences += 1
            _do(machine, work)
        elif machine.status == "suspended" or not _turn(machine):
            _note_if_stuck(machine)
            return
        else:
            turns += 1
    raise Fault(element=machine.process, why=f"больше {BUDGET} действий без остановки")


def _do(machine: Machine, work: agenda.Work) -> None:
    """Hand work to its handler, if what it is about is still there."""
    subject = work[0]
    if subject in machine.tokens or subject in machine.scopes or subject in machine.waits:
        HANDLERS[type(work)](machine, work)
    elif isinstance(work, agenda.OpenProcess):
        scopes.open_process(machine, work)


def _turn(machine: Machine) -> bool:
    """Look at conditions, let the next token act, or release a join; return whether any did."""
    if machine.assigned:
        machine.assigned = False
        look_again(machine)
        return True
    while machine.queue:
        token = machine.queue.popleft()
        if token in machine.tokens:
            machine.put(agenda.Act(token))
            return True
    return gateways.release(machine)


def _note_if_stuck(machine: Machine) -> None:
    """Say that a running case has nothing open and awaits nothing: it would stay for ever."""
    if machine.status != "running" or machine.waits:
        return
    if not any(token.state == "open" for token in machine.tokens.values()):
        machine.tell("stuck", machine.process)


def _measure(machine: Machine) -> None:
    """
    Keep the variables of a case small.

    Raises:
        Fault: They are larger than the cap.
    """
    held = [scope.vars for scope in machine.scopes.values() if scope.vars]
    held += [token.local for token in machine.tokens.values() if token.local]
    if len(msgspec.json.encode(held)) > MOST_BYTES:
        why = f"переменные дела занимают больше {MOST_BYTES // 1024} КБ: храните в них только признаки"
        raise Fault(element=machine.process, why=why)
