"""Experts leave, join and are replaced while the panel is at work."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.experts import AddExpert, AppointLead, ReplaceExpert, WithdrawExpert
from engine.commands.handovers import ReassignTask
from engine.commands.tasks import CompleteTask
from engine.errors import (
    Forbidden,
    FormInvalid,
    LeadNeeded,
    NoPanelYet,
    NotFound,
    NotInReserve,
    NotOnPanel,
    ReasonMissing,
)
from engine.model.panels import panel_of
from engine.model.records import JournalEntry
from engine.model.reviews import MergedScore, Opinion, ProgrammeObject
from tests.review import Review
from tests.reviews.conftest import At


def other(review: Review) -> int:
    """Return a member who does not lead."""
    return next(person for person in review.members() if person != review.lead())


def reserve(review: Review) -> int:
    """Return the first of the reserve."""
    return int(review.rows(panel_of(review.case_id, "reserve"))[0].person_id)


def withdraw(review: Review, person: int, who: str = "director.school", **more: Any) -> None:
    """Withdraw an expert."""
    review.town.do(WithdrawExpert(review.case_id, person, "болезнь", **more), who)
    review.tick()


def tasks_of(review: Review, person: int) -> list[str]:
    """Return where a person has open tasks."""
    return [row.element for row in review.open() if row.assignee_id == person]


# leaving ----------------------------------------------------------------------------------------


def test_who_leaves_has_no_task_and_the_lead_looks_for_another(at: At) -> None:
    """The others go on undisturbed."""
    review = at("s3_materials")
    person = other(review)
    withdraw(review, person)
    assert [] == tasks_of(review, person)
    assert [review.lead()] == [row.assignee_id for row in review.open("s2_replace")]
    assert 2 == len(review.open("s3_materials"))


def test_the_replacement_takes_over_the_objects(at: At) -> None:
    """Reserve, declaration, then an instance of his own beside the others."""
    review = at("s3_materials")
    gone, comes = other(review), reserve(review)
    withdraw(review, gone)
    review.finish("s2_replace", choice="reserve", person=comes)
    assert [comes] == [row.assignee_id for row in review.open("s2_declare")]
    review.finish("s2_declare")
    assert comes in review.members()
    assert "s3_materials" in tasks_of(review, comes)
    owners = {row.person_id for row in review.rows(select(ProgrammeObject))}
    assert gone not in owners
    assert comes in owners
    assert ("completed", "end_ok") == review.to_the_end()
    assert set(review.members()) == {row.person_id for row in review.rows(select(Opinion))}


def test_a_replacement_who_comes_late_still_gives_his_opinion(at: At) -> None:
    """The others are done; the scores wait for him."""
    review = at("s3_materials")
    gone, comes = other(review), reserve(review)
    withdraw(review, gone)
    while rows := [r for r in review.open() if r.element.startswith("s3_")]:
        review.finish(rows[0].element)
    assert [] == review.rows(select(MergedScore))
    review.finish("s2_replace", choice="reserve", person=comes)
    review.finish("s2_declare")
    assert ["s3_materials"] == tasks_of(review, comes)
    review.until("s4_choice")
    assert {3} == {row.experts for row in review.rows(select(MergedScore)) if row.scored == "goal"}


def test_a_replacement_with_a_conflict_is_not_admitted(at: At) -> None:
    """The lead is asked again."""
    review = at("s3_materials")
    withdraw(review, other(review))
    review.finish("s2_replace", choice="reserve", person=reserve(review))
    review.finish("s2_declare", employed_here="yes")
    assert review.open("s2_replace")
    assert [] == review.open("s2_declare")


def test_below_three_the_director_decides(at: At) -> None:
    """Without a replacement two opinions would come: he appoints, or stops."""
    review = at("s3_materials")
    withdraw(review, other(review))
    review.finish("s2_replace", choice="none")
    person = review.town.people["expert7"]
    fields = {"person": person, "kind": "public", "competence": "оценка"}
    review.finish("s2_below", below="appoint", **fields)
    review.finish("s2_declare")
    assert person in review.members()


def test_a_panel_that_cannot_be_filled_ends_the_review(at: At) -> None:
    """The director stops it; nothing is left open."""
    review = at("s3_materials")
    withdraw(review, other(review))
    review.finish("s2_replace", choice="none")
    review.finish("s2_below", below="stop")
    assert ("completed", "end_closed") == review.to_the_end()
    assert [] == review.open()


def test_an_opinion_that_is_in_counts_after_its_author_left(at: At) -> None:
    """Who leaves after his opinion is not replaced; who is recused is."""
    review = at("s3_materials")
    person = other(review)
    review.finish_as(person, "s3_opinion")
    withdraw(review, person)
    assert [] == review.open("s2_replace")


def test_an_opinion_of_a_recused_expert_does_not_count(at: At) -> None:
    """A conflict of interest that comes out later takes the opinion out, and asks for another."""
    review = at("s3_materials")
    person = other(review)
    review.finish_as(person, "s3_opinion")
    withdraw(review, person, recused=True)
    assert review.open("s2_replace")
    review.until("s4_choice")
    assert 3 == len({row.person_id for row in review.rows(select(Opinion))} - {person})
    assert {3} == {row.experts for row in review.rows(select(MergedScore)) if row.scored == "goal"}


def test_a_lead_hands_over_before_he_leaves(at: At) -> None:
    """Somebody of the panel must lead, and gets the open tasks of the lead."""
    review = at("s3_materials")
    lead, heir = review.lead(), other(review)
    with pytest.raises(LeadNeeded):
        withdraw(review, lead)
    withdraw(review, lead, new_lead_id=heir)
    assert heir == review.lead()
    assert [heir] == [row.assignee_id for row in review.open("s2_replace")]


def test_another_lead_gets_the_leads_open_tasks(at: At) -> None:
    """The programme goes to who leads now."""
    review = at("s2_program")
    heir = other(review)
    review.town.do(AppointLead(review.case_id, heir), "deputy.school")
    assert [heir] == [row.assignee_id for row in review.open("s2_program")]
    review.finish("s2_program")
    assert heir == review.lead()


# joining ----------------------------------------------------------------------------------------


def test_an_expert_is_added_to_a_panel_at_work(at: At) -> None:
    """He begins at once, beside the others."""
    review = at("s3_materials")
    comes = reserve(review)
    review.town.do(AddExpert(review.case_id, comes), "deputy.school")
    assert ["s3_materials"] == tasks_of(review, comes)
    assert 4 == len(review.members())


def test_an_expert_added_before_the_programme_is_trained_first(at: At) -> None:
    """While the others are being prepared, so is he."""
    review = at("s2_trainexp")
    comes = reserve(review)
    review.town.do(AddExpert(review.case_id, comes), "deputy.school")
    assert ["s2_trainexp"] == tasks_of(review, comes)


def test_one_step_replaces_an_expert(at: At) -> None:
    """The new one gets the objects and begins; nobody is asked for a decision."""
    review = at("s3_materials")
    gone, comes = other(review), reserve(review)
    command = ReplaceExpert(review.case_id, gone, comes, "болезнь")
    review.town.do(command, review.person(review.lead()))
    assert [] == tasks_of(review, gone)
    assert ["s3_materials"] == tasks_of(review, comes)
    assert [] == review.open("s2_replace")


def test_the_only_expert_left_can_be_replaced(at: At) -> None:
    """The new one comes first, so that the panel does not close."""
    review = at("s3_materials")
    last, comes = other(review), reserve(review)
    for person in set(review.members()) - {last}:
        review.finish_as(person, "s3_opinion")
    review.town.do(ReplaceExpert(review.case_id, last, comes, "болезнь"), "director.school")
    assert [] == review.rows(select(MergedScore))
    assert ["s3_materials"] == tasks_of(review, comes)


# what is refused --------------------------------------------------------------------------------


def test_who_may_not_touch_the_panel(at: At) -> None:
    """Teachers and the secretary may not; another school does not know of it."""
    review = at("s3_materials")
    person = other(review)
    with pytest.raises(Forbidden):
        withdraw(review, person, "secretary.school")
    for who in ("teacher.school", "director.second"):
        with pytest.raises(NotFound):
            withdraw(review, person, who)


def test_commands_on_the_panel_refuse_what_makes_no_sense(at: At) -> None:
    """No reason, a stranger, somebody without a declaration."""
    review = at("s3_materials")
    stranger = review.town.people["expert8"]
    with pytest.raises(ReasonMissing):
        review.town.do(WithdrawExpert(review.case_id, other(review), " "), "director.school")
    with pytest.raises(NotOnPanel):
        withdraw(review, stranger)
    with pytest.raises(NotInReserve):
        review.town.do(AddExpert(review.case_id, stranger), "director.school")


@pytest.mark.parametrize("element", ["s2_team", "s4_choice"])
def test_nobody_joins_before_or_after(at: At, element: str) -> None:
    """Before the team is approved there is no panel; after the merge it is too late."""
    review = at(element)
    with pytest.raises(NoPanelYet):
        review.town.do(AddExpert(review.case_id, reserve(review)), "director.school")


def test_comings_and_goings_stand_in_the_journal(at: At) -> None:
    """Who left and why, who came, who leads."""
    review = at("s3_materials")
    gone, comes, lead = other(review), reserve(review), review.lead()
    review.town.do(ReplaceExpert(review.case_id, gone, comes, "болезнь"), "director.school")
    heir = next(person for person in review.members() if person != lead)
    review.town.do(AppointLead(review.case_id, heir), "director.school")
    events = {row.event for row in review.rows(select(JournalEntry))}
    assert {"ExpertAdded", "ExpertWithdrawn", "LeadAppointed"} <= events


# work that is somebody's own --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("s2_coi", "agree"),
        ("s2_trainexp", "passed"),
        ("s3_materials", "read"),
        ("s3_visit", "observations"),
        ("s3_opinion", "goals"),
        ("s5_sign", "sign"),
        ("s7_control", "goals"),
    ],
)
def test_an_experts_work_is_done_by_nobody_else(at: At, element: str, field: str) -> None:
    """A coordinator may hand a task over; judging for another is refused all the same."""
    review = at(element)
    row, answers = review.open(element)[0], review.answers(review.open(element)[0])
    stranger = review.town.people["expert8"]
    review.town.do(ReassignTask(row.id, stranger, "болезнь"), "coordinator.office")
    with pytest.raises(FormInvalid) as refusal:
        review.town.do(CompleteTask(row.id, answers), "expert8")
    assert [field] == list(refusal.value.errors)


def test_replacing_takes_a_reason(at: At) -> None:
    """As withdrawing does."""
    review = at("s3_materials")
    command = ReplaceExpert(review.case_id, other(review), reserve(review), " ")
    with pytest.raises(ReasonMissing):
        review.town.do(command, "director.school")


def test_appointing_the_lead_again_changes_nothing(at: At) -> None:
    """No task changes hands."""
    review = at("s2_program")
    review.town.do(AppointLead(review.case_id, review.lead()), "director.school")
    events = [row.event for row in review.rows(select(JournalEntry))]
    assert "LeadAppointed" not in events


def test_who_has_left_is_not_named_again(at: At) -> None:
    """Neither a member nor somebody who refused, nor a person who is no expert."""
    review = at("s3_materials")
    gone = other(review)
    withdraw(review, gone)
    review.finish("s2_replace", choice="none")
    common = {"kind": "public", "competence": "оценка", "below": "appoint"}
    for person in (gone, review.lead(), review.town.people["teacher.school"]):
        assert ["person"] == list(review.refused("s2_below", person=person, **common))


def test_the_director_may_name_somebody_of_the_reserve(at: At) -> None:
    """He declares again, and keeps his one row."""
    review = at("s3_materials")
    withdraw(review, other(review))
    review.finish("s2_replace", choice="none")
    person = reserve(review)
    common = {"kind": "public", "competence": "оценка", "below": "appoint"}
    review.finish("s2_below", person=person, **common)
    review.finish("s2_declare")
    assert person in review.members()


def test_who_withdraws_as_a_candidate_is_not_asked_any_more(at: At) -> None:
    """His declaration goes; the others are waited for."""
    review = at("s2_coi")
    person = review.open("s2_coi")[0].assignee_id
    withdraw(review, person)
    assert [] == tasks_of(review, person)
    assert 5 == len(review.open("s2_coi"))
