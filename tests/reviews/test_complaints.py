"""Anybody of the case may say that an expert is not independent; a table decides."""

import pytest
from sqlalchemy import select

from engine.commands.complaints import Complain
from engine.commands.experts import WithdrawExpert
from engine.errors import NobodyWaits, NotFound, NotOnPanel, ReasonMissing
from engine.model.panels import Complaint, PanelMember
from tests.review import Review
from tests.reviews.conftest import At


def complain(review: Review, person: int, who: str = "teacher.school") -> None:
    """Say something about an expert."""
    review.town.do(Complain(review.case_id, person, "Его дочь учится в 9Б"), who)


def accused(review: Review) -> int:
    """Return a member who does not lead."""
    return next(person for person in review.members() if person != review.lead())


def test_a_teacher_may_complain_and_the_director_answers(at: At) -> None:
    """The work of the panel goes on meanwhile."""
    review = at("s3_materials")
    complain(review, accused(review))
    assert review.open("eo_review")
    assert 3 == len(review.open("s3_materials"))


def test_a_complaint_that_proves_right_recuses(at: At) -> None:
    """The expert leaves at once, without a task; the lead replaces him."""
    review = at("s3_materials")
    person = accused(review)
    complain(review, person)
    review.finish("eo_review", employed_here="yes")
    assert "recused" == review.row(select(PanelMember).where(PanelMember.person_id == person)).state
    assert person not in {row.assignee_id for row in review.open()}
    assert review.open("s2_replace")
    assert "recused" == review.row(select(Complaint)).verdict


def test_a_complaint_that_proves_wrong_changes_nothing(at: At) -> None:
    """The verdict is kept, the expert stays."""
    review = at("s3_materials")
    person = accused(review)
    complain(review, person)
    review.finish("eo_review")
    assert person in review.members()
    assert "admitted" == review.row(select(Complaint)).verdict


def test_a_recused_lead_is_succeeded_at_once(at: At) -> None:
    """The panel is never without a lead, though nobody was there to name one."""
    review = at("s3_materials")
    lead = review.lead()
    complain(review, lead)
    review.finish("eo_review", subordinate="yes")
    assert lead != review.lead()
    assert [review.lead()] == [row.assignee_id for row in review.open("s2_replace")]


def test_somebody_of_the_reserve_can_be_complained_about(at: At) -> None:
    """He is recused before he could be called."""
    review = at("s3_materials")
    person = next(r for r in review.rows(select(PanelMember)) if r.state == "reserve").person_id
    complain(review, person)
    review.finish("eo_review", paid_services_3y="yes")
    assert [] == review.open("s2_replace")
    assert "recused" == review.row(select(PanelMember).where(PanelMember.person_id == person)).state


def test_who_left_meanwhile_is_not_recused_twice(at: At) -> None:
    """The verdict is kept, though there is nobody to take off the panel."""
    review = at("s3_materials")
    person = accused(review)
    complain(review, person)
    review.town.do(WithdrawExpert(review.case_id, person, "болезнь"), "director.school")
    review.finish("eo_review", employed_here="yes")
    row = review.row(select(PanelMember).where(PanelMember.person_id == person))
    assert ("withdrawn", "recused") == (row.state, review.row(select(Complaint)).verdict)


def test_two_complaints_are_answered_one_by_one(at: At) -> None:
    """Each answer concerns its own expert."""
    review = at("s3_materials")
    first, second = [p for p in review.members() if p != review.lead()]
    complain(review, first)
    complain(review, second)
    review.finish("eo_review", 1, employed_here="yes")
    states = {row.person_id: row.state for row in review.rows(select(PanelMember))}
    assert ("member", "recused") == (states[first], states[second])


def test_what_is_no_complaint_is_refused(at: At) -> None:
    """It says something, about somebody of the panel, by somebody of the case, while it runs."""
    review = at("s3_materials")
    with pytest.raises(ReasonMissing):
        review.town.do(Complain(review.case_id, accused(review), " "), "teacher.school")
    with pytest.raises(NotOnPanel):
        complain(review, review.town.people["expert8"])
    with pytest.raises(NotFound):
        complain(review, accused(review), "teacher.second")
    ended = at("end")
    with pytest.raises(NobodyWaits):
        complain(ended, accused(ended))
