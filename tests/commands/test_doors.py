"""Keeping somebody out, and what becomes of the tasks he holds."""

import pytest
from sqlalchemy import select

from engine.commands.delegations import DelegateTask
from engine.commands.doors import ChangeActive, Handed
from engine.commands.people import GrantRole
from engine.errors import NotFound, SuccessorUnfit
from engine.model.records import JournalEntry
from engine.rules.access import Role
from tests.timely import one_task
from tests.town import Town

WHO = "deputy.school"
HEIR = "deputy2.school"
ADMIN = "administrator.office"


def claimed(town: Town) -> int:
    """Let the deputy hold a task of his role; return the case."""
    case = town.case(town.cycle(one_task()))
    town.claim(case, "a", WHO)
    return case


def shut(town: Town, successor: str | None = None, who: str = WHO) -> Handed:
    """Keep somebody out."""
    heir = town.people[successor] if successor else None
    done: Handed = town.do(ChangeActive(town.people[who], active=False, successor_id=heir), ADMIN)
    return done


def holder(town: Town, case: int) -> int | None:
    """Return who holds the only task."""
    (row,) = town.open_tasks(case)
    found: int | None = row.assignee_id
    return found


def test_a_colleague_gets_the_tasks(town: Town) -> None:
    """Who holds the role too; the journal says who lost and who got it."""
    case = claimed(town)
    assert Handed(given=1) == shut(town, HEIR)
    assert town.people[HEIR] == holder(town, case)
    events = {row.event for row in town.rows(select(JournalEntry.event))}
    assert {"DoorShut", "TaskReassigned"} <= events


@pytest.mark.parametrize("heir", [None, "teacher.school"])
def test_what_nobody_gets_goes_back_to_its_role(town: Town, heir: str | None) -> None:
    """Without a successor, and where the successor may not do the work."""
    case = claimed(town)
    assert Handed(freed=1) == shut(town, heir)
    assert holder(town, case) is None
    assert town.claim(case, "a", HEIR)


def test_what_was_given_by_name_stays_until_somebody_fits(town: Town) -> None:
    """No role to give it back to: it is left for the coordinator, who is not locked out of it."""
    cycle = town.cycle(one_task(role="teacher", performer="who"))
    case = town.case(cycle, who=town.people["teacher.school"])
    assert Handed(left=1) == shut(town, HEIR, "teacher.school")
    assert town.people["teacher.school"] == holder(town, case)


def test_a_lent_task_goes_back_to_its_owner(town: Town) -> None:
    """The colleague who did it for somebody leaves."""
    case = claimed(town)
    lent = DelegateTask(town.task(case, "a"), town.people["teacher.school"])
    town.do(lent, WHO)
    assert Handed(given=1) == shut(town, None, "teacher.school")
    assert town.people[WHO] == holder(town, case)


def test_an_owner_who_leaves_leaves_the_task_with_its_holder(town: Town) -> None:
    """It is the colleague's own from then on."""
    case = claimed(town)
    town.do(DelegateTask(town.task(case, "a"), town.people["teacher.school"]), WHO)
    assert Handed() == shut(town, None)
    (row,) = town.open_tasks(case)
    assert (town.people["teacher.school"], None) == (row.assignee_id, row.owner_id)


@pytest.mark.parametrize("heir", [WHO, "deputy.far_school"])
def test_an_unfit_successor_is_refused(town: Town, heir: str) -> None:
    """Oneself, or somebody of another town; then the door stays open too."""
    case = claimed(town)
    with pytest.raises(SuccessorUnfit):
        shut(town, heir)
    assert town.people[WHO] == holder(town, case)
    assert town.actor(WHO).grants


def test_who_may_not_enter_inherits_nothing(town: Town) -> None:
    """Tasks must not go from one closed door behind another."""
    shut(town, None, HEIR)
    with pytest.raises(SuccessorUnfit):
        shut(town, HEIR)


def test_shutting_twice_is_harmless(town: Town) -> None:
    """A double click changes nothing and is told once."""
    claimed(town)
    assert [Handed(freed=1), Handed()] == [shut(town), shut(town)]
    told = town.rows(select(JournalEntry.event).where(JournalEntry.event == "DoorShut"))
    assert 1 == len(told)


def test_who_works_elsewhere_too_keeps_his_door(town: Town) -> None:
    """Only who administers all places of a person may shut him out."""
    town.do(GrantRole(town.people[WHO], town.organisations["far school"], Role.EXPERT))
    with pytest.raises(NotFound):
        shut(town)
