"""Opinions are merged with their range; whoever dissents is heard word for word."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.commands.opinions import concordance
from engine.model.documents import Document
from engine.model.reviews import Dissent, MergedScore, Opinion, OpinionScore
from tests.review import Review
from tests.reviews.conftest import At


def scored(review: Review, *scores: str) -> None:
    """Let the members give their opinions, each with one score for the goal."""
    for person, score in zip(review.members(), scores, strict=True):
        while True:
            row = next(row for row in review.open() if row.assignee_id == person)
            nth = [r.id for r in review.open(row.element)].index(row.id)
            if row.element == "s3_opinion":
                rows = [{**goal, "score": score} for goal in review.answers(row)["goals"]]
                review.finish("s3_opinion", nth, goals=rows)
                break
            review.finish(row.element, nth)


def diverging(review: Review) -> list[dict[str, Any]]:
    """Return the rows that are to be reconciled."""
    return list(review.answers(review.open("s4_reconcile")[0])["scores"])


def test_an_opinion_is_about_every_goal(at: At) -> None:
    """A goal left out would stay without an opinion."""
    review = at("s3_opinion")
    assert ["goals"] == list(review.refused("s3_opinion", goals=[]))
    review.finish("s3_opinion")
    assert 1 == len(review.rows(select(OpinionScore)))


def test_an_expert_gives_one_opinion(at: At) -> None:
    """The database refuses a second one of a case."""
    review = at("s4_choice")
    stored = review.rows(select(Opinion))[0]
    with pytest.raises(IntegrityError):
        review.write(Opinion, {**stored._asdict(), "id": 99, "task_id": 1})


def test_scores_are_merged_by_criterion_and_goal(at: At) -> None:
    """Mean and range of all experts, criteria from visits, goals from opinions."""
    review = at("s3_materials")
    scored(review, "1", "3", "4")
    (goal,) = [row for row in review.rows(select(MergedScore)) if row.scored == "goal"]
    assert (3, 2.67, 1, 4, True) == (
        goal.experts,
        goal.mean,
        goal.lowest,
        goal.highest,
        goal.diverges,
    )
    criteria = [row for row in review.rows(select(MergedScore)) if row.scored == "criterion"]
    assert 4 == len(criteria)
    assert not any(row.diverges for row in criteria)


def test_scores_that_agree_need_no_reconciliation(at: At) -> None:
    """A difference of one point is no divergence."""
    review = at("s3_materials")
    scored(review, "3", "3", "4")
    assert [] == review.open("s4_reconcile")
    assert review.open("s4_choice")


def test_the_summary_says_how_experts_agree(at: At) -> None:
    """Kendall's W stands in the document, or that it cannot be told."""
    review = at("s4_choice")
    table = review.row(select(Document).where(Document.title == "Сводная таблица оценок"))
    assert "W Кендалла" in table.text


def test_concordance_looks_at_what_all_have_scored() -> None:
    """A thing that one expert did not score tells nothing about his order."""
    common = {("goal", 1): {1: 0.0, 2: 1.0}, ("goal", 2): {1: 3.0, 2: 4.0}}
    assert 1.0 == concordance({**common, ("goal", 3): {1: 4.0}})
    assert concordance({("goal", 3): {1: 4.0}}) is None


def test_an_agreed_score_lies_within_the_scores(at: At) -> None:
    """Nobody agrees on what nobody said."""
    review = at("s3_materials")
    scored(review, "1", "3", "4")
    rows = [{**row, "agreed_score": 0.5} for row in diverging(review)]
    said = review.refused("s4_reconcile", scores=rows)
    assert ["scores.0.agreed_score"] == list(said)


def test_a_dissent_has_its_author(at: At) -> None:
    """A tick without a name, and a name without a tick, are both refused."""
    review = at("s3_materials")
    scored(review, "1", "3", "4")
    ticked = [{**row, "dissent": True} for row in diverging(review)]
    assert ["dissenters"] == list(review.refused("s4_reconcile", scores=ticked))
    named = {"dissenters": [review.members()[0]]}
    assert ["dissenters"] == list(review.refused("s4_reconcile", **named))


def test_a_dissent_is_kept_beside_the_agreed_score(at: At) -> None:
    """The mean is not touched, the dissenting opinion is a document of its own."""
    review = at("s3_materials")
    scored(review, "1", "3", "4")
    rows = [{**row, "dissent": True, "agreed_score": 3} for row in diverging(review)]
    review.finish("s4_reconcile", scores=rows, dissenters=[review.members()[0]])
    review.finish("s4_dissent", text="Уроки я видел иначе.")
    (goal,) = [row for row in review.rows(select(MergedScore)) if row.scored == "goal"]
    assert (2.67, 3.0) == (goal.mean, goal.agreed)
    assert "Уроки я видел иначе." == review.row(select(Dissent)).text
    paper = review.row(select(Document).where(Document.kind == "dissent"))
    assert review.members()[0] == paper.signatory_id


def test_a_dissent_or_a_low_score_suggests_a_round_table(at: At) -> None:
    """«Да» is proposed; to leave it out takes a reason."""
    review = at("s3_materials")
    scored(review, "1", "2", "2")
    review.until("s4_choice")
    assert "yes" == review.answers(review.open("s4_choice")[0])["round_table"]
    assert ["reason"] == list(review.refused("s4_choice", round_table="no"))
    review.finish("s4_choice", round_table="no", reason="Педсовет уже обсудил.")
    assert review.open("s5_conclusion")


def test_without_either_it_is_left_to_the_lead(at: At) -> None:
    """«Может быть проведён»: no reason is needed."""
    review = at("s4_choice")
    assert "no" == review.answers(review.open("s4_choice")[0])["round_table"]
    review.finish("s4_choice", round_table="no")
    assert review.open("s5_conclusion")
