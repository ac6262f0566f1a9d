"""The council decides with a quorum and a majority; the director's orders are whole."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.commands.cycles import ChangeSettings
from engine.model.councils import CouncilDecision, ReviewOrder
from engine.model.documents import Document
from engine.model.goals import YearPlanChange
from tests.reviews.conftest import At


def test_the_agenda_is_ready_in_time(at: At) -> None:
    """The council meets no sooner than ten days after its agenda."""
    review = at("s2_agenda")
    soon = review.clock.now().date() + timedelta(days=9)
    assert ["date"] == list(review.refused("s2_agenda", date=soon.isoformat()))


def test_the_council_meets_on_its_day(at: At) -> None:
    """The task of the secretary is due on the day of the meeting."""
    review = at("s2_pedsovet")
    (row,) = review.open("s2_pedsovet")
    on = review.state.variables["council_on"]
    assert on == row.due_at.date().isoformat()


@pytest.mark.parametrize(
    ("vote", "field"),
    [
        ({"present": 10, "votes_for": 8, "votes_against": 1, "abstained": 1}, "present"),
        ({"votes_for": 15}, "abstained"),
        ({"votes_for": 7, "votes_against": 7, "abstained": 1}, "decision"),
        ({"decision": "decline"}, "decision"),
    ],
)
def test_an_unlawful_vote_is_refused(at: At, vote: dict[str, object], field: str) -> None:
    """No quorum, a wrong sum, no majority, or a decision against the majority."""
    assert [field] == list(at("s2_pedsovet").refused("s2_pedsovet", **vote))


def test_the_quorum_may_be_raised_by_a_setting(at: At) -> None:
    """Fifteen of twenty-one are more than half, and less than three quarters."""
    review = at("s2_pedsovet")
    review.town.do(ChangeSettings(1, {"quorum": 0.75}), "coordinator.office")
    assert ["present"] == list(review.refused("s2_pedsovet", members=21))


def test_a_decision_without_a_quorum_cannot_be_stored(at: At) -> None:
    """The database itself refuses it."""
    review = at("s2_request")
    stored = review.row(select(CouncilDecision))
    bad = {**stored._asdict(), "id": 99, "task_id": 1, "present": 5, "members": 20}
    with pytest.raises(IntegrityError):
        review.write(CouncilDecision, bad)


def test_a_council_that_declines_ends_the_review(at: At) -> None:
    """The outcome says who ended it; the school's own measures go on."""
    review = at("s2_pedsovet")
    review.finish("s2_pedsovet", decision="decline", votes_for=2, votes_against=12)
    assert ("completed", "end_refused") == review.to_the_end()


def test_a_returned_order_leaves_no_row(at: At) -> None:
    """It goes back to the request, with the remarks in the submission."""
    review = at("s2_order")
    review.finish("s2_order", sign="return", remarks="Уточните сроки")
    assert [] == review.rows(select(ReviewOrder))
    assert review.open("s2_request")


def test_an_order_covers_a_period_ahead(at: At) -> None:
    """It begins today or later and does not end before it begins."""
    review = at("s2_order")
    said = review.refused("s2_order", begins_on="2027-02-01", ends_on="2027-01-01")
    assert ["ends_on"] == list(said)
    assert ["ends_on"] == list(review.refused("s2_order", begins_on="2020-01-01"))


def test_a_signed_order_is_a_document_with_its_sections(at: At) -> None:
    """All five points of the order stand in its text (seed 003, point 3)."""
    review = at("s2_pool")
    order = review.row(select(Document).where(Document.title == "О проведении ОПЭКО"))
    assert 5 == len(order.text.splitlines())
    assert review.town.people["director.school"] == order.signatory_id


def test_a_number_of_an_order_is_given_once(at: At) -> None:
    """Two orders of a case cannot have one number."""
    review = at("s2_team")
    assert ["order_no"] == list(review.refused("s2_team", order_no="1-ОПЭКО"))


def test_amendments_come_anew_when_they_are_returned(at: At) -> None:
    """What was sent back is replaced, not added to."""
    review = at("s2_yearplan")
    review.finish("s2_yearplan")
    before = len(review.rows(select(YearPlanChange)))
    review.finish("s2_yearplan_sign", yearplan="return", remarks="Не всё")
    changes = [{"item": "п. 4", "new": "ОПЭКО", "changes_on": "2027-01-20"}]
    review.finish("s2_yearplan", changes=changes)
    assert (2, ["п. 4"]) == (before, [row.item for row in review.rows(select(YearPlanChange))])


def test_minutes_of_a_round_table_come_after_it(at: At) -> None:
    """Minutes of what has not been held yet are refused."""
    review = at("s4_choice")
    review.finish("s4_choice", round_table="yes")
    assert ["date"] == list(review.refused("s4_round", date="2030-01-01"))


def test_minutes_of_a_round_table_are_kept(at: At) -> None:
    """With the day on which it was held."""
    review = at("s4_choice")
    review.finish("s4_choice", round_table="yes")
    review.finish("s4_round", date=review.clock.now().date().isoformat())
    paper = review.row(select(Document).where(Document.title == "Круглый стол с педсоветом"))
    assert review.clock.now().date() == paper.dated_on
