"""Who is told what colleagues do around a task: delegate it, ask for time, write about it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.commands.holders import name_of
from engine.events import (
    CaseCommented,
    Event,
    ExtensionDeclined,
    ExtensionGranted,
    ExtensionRequested,
    TaskCommented,
    TaskDelegatedTo,
    TaskDoneFor,
    TaskRecalled,
    TaskReturned,
    recorded,
)
from engine.reactions.notices import hand, look, steering, tell_of
from engine.rules import colleagues
from engine.unit import Unit


@recorded.connect
def notify(unit: Unit, event: Event) -> None:
    """Write the notices of what colleagues do."""
    if react := _REACTIONS.get(type(event)):
        react(unit, event)


# delegation -------------------------------------------------------------------------------------


def _delegated(unit: Unit, event: TaskDelegatedTo) -> None:
    """Tell the delegate, as of any task that is his by name."""
    known = look(unit, event.task_id)
    words = colleagues.delegated(known.about, known.today, _who(unit), event.note)
    hand(unit, event, event.person_id, known, words)


def _returned(unit: Unit, event: TaskReturned) -> None:
    """Tell the owner, who has the move again."""
    known = look(unit, event.task_id)
    words = colleagues.returned(known.about, known.today, _who(unit), event.note)
    hand(unit, event, event.person_id, known, words)


def _recalled(unit: Unit, event: TaskRecalled) -> None:
    """Tell the delegate that he need not go on."""
    words = colleagues.recalled(look(unit, event.task_id).about, _who(unit))
    tell_of(unit, event, event.person_id, "closed", words)


def _done_for(unit: Unit, event: TaskDoneFor) -> None:
    """Tell the owner that it is done."""
    words = colleagues.done_for(look(unit, event.task_id).about, _who(unit))
    tell_of(unit, event, event.person_id, "delegation", words)


# more time --------------------------------------------------------------------------------------


def _requested(unit: Unit, event: ExtensionRequested) -> None:
    """Tell who may grant it."""
    about, who = look(unit, event.task_id).about, _who(unit)
    words = colleagues.asked(about, who, event.until, event.reason)
    for person_id in steering(unit, event.case_id)[0]:
        if person_id != unit.actor.person_id:
            tell_of(unit, event, person_id, f"extension:{event.request_id}", words)


def _granted(unit: Unit, event: ExtensionGranted) -> None:
    """Tell who asked, unless he holds the task: he is told of the new deadline anyway."""
    known = look(unit, event.task_id)
    if event.person_id not in (known.holder_id, unit.actor.person_id):
        words = colleagues.granted(known.about, known.today)
        tell_of(unit, event, event.person_id, f"moved:{event.request_id}", words)


def _declined(unit: Unit, event: ExtensionDeclined) -> None:
    """Tell who asked, with the answer."""
    known = look(unit, event.task_id)
    words = colleagues.declined(known.about, known.today, event.answer)
    tell_of(unit, event, event.person_id, f"declined:{event.request_id}", words)


# comments ---------------------------------------------------------------------------------------


def _task_commented(unit: Unit, event: TaskCommented) -> None:
    """Tell whom it calls, and who holds the task."""
    about, who = look(unit, event.task_id).about, _who(unit)
    words = colleagues.called(f"задача {about.name}", who, event.text)
    for person_id in event.called:
        tell_of(unit, event, person_id, f"mention:{event.comment_id}", words)
    holder_id = event.holder_id
    if holder_id is not None and holder_id not in (unit.actor.person_id, *event.called):
        words = colleagues.commented(about, who, event.text)
        tell_of(unit, event, holder_id, f"comment:{event.comment_id}", words)


def _case_commented(unit: Unit, event: CaseCommented) -> None:
    """Tell whom it calls."""
    place = steering(unit, event.case_id)[1] if event.called else ""
    words = colleagues.called(f"дело ({place})", _who(unit), event.text)
    for person_id in event.called:
        tell_of(unit, event, person_id, f"mention:{event.comment_id}", words)


def _who(unit: Unit) -> str:
    """Return who acts, by name."""
    return unit.actor.name or name_of(unit, unit.actor.person_id)


_REACTIONS: Final[Mapping[type[Event], Callable[[Unit, Any], None]]] = {
    TaskDelegatedTo: _delegated,
    TaskReturned: _returned,
    TaskRecalled: _recalled,
    TaskDoneFor: _done_for,
    ExtensionRequested: _requested,
    ExtensionGranted: _granted,
    ExtensionDeclined: _declined,
    TaskCommented: _task_commented,
    CaseCommented: _case_commented,
}
