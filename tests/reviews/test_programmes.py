"""The programme says who looks at what; each visit is scored by every criterion."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.commands.experts import WithdrawExpert
from engine.model.reviews import Criterion, MergedScore, ProgrammeObject, Visit, VisitScore
from tests.review import Review
from tests.reviews.conftest import At


def objects(review: Review, **more: Any) -> list[dict[str, Any]]:
    """Return the proposed objects with something changed in the first."""
    rows = review.answers(review.open("s2_program")[0])["objects"]
    return [{**rows[0], **more}, *rows[1:]]


def test_everybody_has_something_to_see(at: At) -> None:
    """An expert without an object would have nothing to judge by."""
    review = at("s2_program")
    assert ["objects"] == list(review.refused("s2_program", objects=objects(review)[:2]))


def test_objects_are_for_members_and_goals_of_the_review(at: At) -> None:
    """Neither a stranger nor a goal of another case can be chosen."""
    review = at("s2_program")
    stranger = objects(review, expert=review.town.people["expert8"])
    assert ["objects.0.expert"] == list(review.refused("s2_program", objects=stranger))
    foreign = objects(review, goal="999")
    assert ["objects.0.goal"] == list(review.refused("s2_program", objects=foreign))


@pytest.mark.parametrize("on", ["2026-11-01", "2030-01-01"])
def test_dates_lie_in_the_ordered_period(at: At, on: str) -> None:
    """The order says from when to when."""
    review = at("s2_program")
    rows = objects(review, planned_on=on)
    assert ["objects.0.planned_on"] == list(review.refused("s2_program", objects=rows))


def test_after_the_period_only_past_days_are_refused(at: At) -> None:
    """A review that is late is still held; what is proposed will do."""
    review = at("s2_program")
    review.clock.move_to(datetime(2027, 3, 1, 6, tzinfo=UTC))
    rows = objects(review, planned_on="2027-02-20")
    assert ["objects.0.planned_on"] == list(review.refused("s2_program", objects=rows))
    review.finish("s2_program")
    assert review.open("s3_materials")


def test_what_is_not_restricted_may_be_looked_at(at: At) -> None:
    """A restriction closes what it names, and nothing else."""
    review = at("s2_coi")
    review.finish("s2_coi", relative_here="yes", restriction="9Б, Петрова")
    review.until("s2_program")
    rows = objects(review, expert=review.town.people["expert1"], object="Алгебра в 8А")
    review.finish("s2_program", objects=rows)
    assert 3 == len(review.rows(select(ProgrammeObject)))


def test_a_restricted_expert_does_not_look_at_his_kin(at: At) -> None:
    """What his declaration names is not given to him."""
    review = at("s2_coi")
    review.finish("s2_coi", child_here="yes", restriction="9Б, Петрова")
    review.until("s2_program")
    rows = objects(review, expert=review.town.people["expert1"], object="Алгебра в 9б")
    said = review.refused("s2_program", objects=rows)
    assert {"objects.0.expert": ["Этот эксперт не смотрит «9Б»: так в его декларации."]} == said


def test_a_panel_that_became_unlawful_cannot_begin(at: At) -> None:
    """Somebody left before the programme: first the panel is filled up."""
    review = at("s2_program")
    gone = next(person for person in review.members() if person != review.lead())
    review.town.do(WithdrawExpert(review.case_id, gone, "болезнь"), "director.school")
    said = review.refused("s2_program")
    assert "не меньше 3" in said["objects"][0]


def test_criteria_have_codes_of_their_own(at: At) -> None:
    """Codes come from the row; one used twice is refused."""
    review = at("s2_program")
    twice = [{"code": "А", "title": "Раз", "weight": 1.0}] * 2
    assert ["criteria.1.code"] == list(review.refused("s2_program", criteria=twice))
    review.finish("s2_program")
    assert ["К1", "К2", "К3", "К4"] == [row.code for row in review.rows(select(Criterion))]


def test_each_expert_visits_his_own_objects(at: At) -> None:
    """What the programme gives him, on the day it names."""
    review = at("s3_materials")
    (row, *_) = review.open("s3_materials")
    review.finish("s3_materials")
    (visit,) = [r for r in review.open("s3_visit") if r.assignee_id == row.assignee_id]
    mine = review.row(select(ProgrammeObject).where(ProgrammeObject.person_id == row.assignee_id))
    assert (mine.title[:60], mine.planned_on) == (visit.item, visit.due_at.date())


def test_a_visit_is_scored_by_every_criterion(at: At) -> None:
    """A criterion left out is refused."""
    review = at("s3_visit")
    rows = review.answers(review.open("s3_visit")[0])["scores"]
    assert ["scores"] == list(review.refused("s3_visit", scores=rows[1:]))
    review.finish("s3_visit")
    assert 4 == len(review.rows(select(VisitScore)))


def test_a_visit_is_written_down_after_it(at: At) -> None:
    """Nobody observes tomorrow's lesson today."""
    assert ["date"] == list(at("s3_visit").refused("s3_visit", date="2030-01-01"))


@pytest.mark.parametrize("score", [-1, 5])
def test_scores_beyond_the_scale_cannot_be_stored(at: At, score: int) -> None:
    """The database knows the scale: 0 to 4."""
    review = at("s3_opinion")
    visit = review.rows(select(Visit))[0]
    more = {"id": 99, "case_id": review.case_id, "code": "К9", "title": "Ещё", "weight": 1}
    review.write(Criterion, more)
    row = {"visit_id": visit.id, "criterion_id": 99, "evidence": "да", "score": score}
    with pytest.raises(IntegrityError):
        review.write(VisitScore, row)


def said(review: Review, *scores: str) -> list[dict[str, Any]]:
    """Return the criteria of the visit that is open, with these scores."""
    rows = review.answers(review.open("s3_visit")[0])["scores"]
    return [{**row, "score": score} for row, score in zip(rows, scores, strict=True)]


def test_what_must_be_scored_takes_no_other_answer(at: At) -> None:
    """«Н/П» is for criteria that the programme has marked."""
    review = at("s3_visit")
    refused = review.refused("s3_visit", scores=said(review, "3", "3", "na", "3"))
    assert {"scores.2.score": ["«Н/П» здесь нельзя: так решено в программе."]} == refused


def test_a_criterion_may_not_apply(at: At) -> None:
    """It is kept as an answer with its reason, and takes no part in what is merged."""
    review = at("s2_program")
    criteria = [
        {"title": "Оценивание", "weight": 1},
        {"title": "Опыты", "weight": 1, "optional": True},
    ]
    review.finish("s2_program", criteria=criteria)
    review.until("s3_visit")
    while not review.open("s4_choice"):
        if review.open("s3_visit"):
            review.finish("s3_visit", scores=said(review, "3", "na"))
        else:
            review.next(stop="s4_choice")
    given = review.rows(select(VisitScore).order_by(VisitScore.visit_id, VisitScore.criterion_id))
    assert [3, None] * 3 == [row.score for row in given]
    assert all(row.evidence for row in given)
    merged = review.rows(select(MergedScore).where(MergedScore.scored == "criterion"))
    assert ["К1. Оценивание"] == [row.label for row in merged]
