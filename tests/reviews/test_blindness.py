"""Invariant 1: an expert never sees another's opinion before his own is in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.errors import NotFound
from engine.model.tasks import DONE, Task
from engine.queries.documents import documents
from engine.queries.forms import filled
from engine.queries.history import timeline
from engine.queries.reviews import (
    comparison,
    conclusion,
    opinions,
    panel,
)
from engine.queries.scores import scores
from engine.queries.tasks import task_page
from tests.review import Review
from tests.reviews.conftest import At


def seen(review: Review, who: str) -> list[str]:
    """Return whose opinions somebody sees."""
    with review.town.engine.read() as reader:
        rows = opinions(reader, review.town.actor(who), review.case_id)
    return [review.person(row.person_id) for row in rows]


def papers(review: Review, who: str) -> list[str]:
    """Return whose individual papers somebody may read."""
    with review.town.engine.read() as reader:
        rows = documents(reader, review.town.actor(who), review.case_id)
    return [
        row.kind for row in rows if row.kind in ("индивидуальное заключение", "лист наблюдения")
    ]


def one_in(at: At) -> tuple[Review, str, str, str]:
    """Return a review with one opinion in: its author, the lead, the third expert."""
    review = at("s3_materials")
    lead = review.lead()
    author, third = [person for person in review.members() if person != lead]
    review.finish_as(author, "s3_opinion")
    return review, review.person(author), review.person(lead), review.person(third)


def test_before_ones_own_is_in_nothing_is_seen(at: At) -> None:
    """Neither by a colleague nor by the lead; each sees his own."""
    review, author, lead, third = one_in(at)
    assert [author] == seen(review, author)
    assert [] == seen(review, lead)
    assert [] == seen(review, third)


def test_papers_are_as_closed_as_opinions(at: At) -> None:
    """Observation sheets and the opinion itself open with it, and no earlier."""
    review, author, lead, third = one_in(at)
    assert 2 == len(papers(review, author))
    assert [] == papers(review, lead)
    assert [] == papers(review, third)


def test_the_school_waits_as_well(at: At) -> None:
    """Nobody leans on an expert whose colleague has been read already."""
    review, *_ = one_in(at)
    for who in ("director.school", "deputy.school", "coordinator.office"):
        assert [] == seen(review, who)
        assert [] == papers(review, who)


def test_the_form_of_an_opinion_shows_no_other(at: At) -> None:
    """What stands beside the form holds no line of a colleague."""
    review, _, _, third = one_in(at)
    review.finish_until(review.town.people[third], "s3_opinion")
    (row,) = [r for r in review.open("s3_opinion") if r.assignee_id == review.town.people[third]]
    with review.town.engine.read() as reader:
        sheets = filled(reader, review.town.actor(third), row.id).sheets
    assert "Индивидуальные заключения" not in [sheet.title for sheet in sheets]


def test_the_page_of_anothers_task_is_closed(at: At) -> None:
    """An expert does not find the finished task of a colleague; the lead not its answers."""
    review, author, lead, third = one_in(at)
    key = review.town.people[author]
    done = select(Task).where(Task.element == "s3_opinion", Task.done_by == key)
    task = review.row(done).id
    with review.town.engine.read() as reader:
        with pytest.raises(NotFound):
            task_page(reader, review.town.actor(third), task)
        assert {} == task_page(reader, review.town.actor(lead), task).fields


def test_the_school_does_not_read_the_page_either(at: At) -> None:
    """The finished task of an expert shows who did it; what he wrote opens with all the others."""
    review, author, *_ = one_in(at)
    done = select(Task.id).where(Task.done_by == review.town.people[author])
    written = [
        review.row(done.where(Task.element == element)).id for element in ("s3_visit", "s3_opinion")
    ]
    director = review.town.actor("director.school")
    with review.town.engine.read() as reader:
        assert [{}, {}] == [task_page(reader, director, task).fields for task in written]
    review.until("s4_choice")
    with review.town.engine.read() as reader:
        assert all(task_page(reader, director, task).fields for task in written)


def test_notes_are_for_oneself_for_ever(at: At) -> None:
    """What an expert wrote down for himself is nobody's, when all is open too."""
    review = at("s4_choice")
    rows = review.rows(select(Task).where(Task.element == "s3_materials"))
    with review.town.engine.read() as reader:
        mine = review.town.actor(review.person(rows[0].done_by))
        assert {"read": True} == task_page(reader, mine, rows[0].id).fields
        for who in ("director.school", review.person(review.lead())):
            others = [row for row in rows if row.done_by != review.town.people[who]]
            pages = [task_page(reader, review.town.actor(who), row.id) for row in others]
            assert {()} == {tuple(page.fields) for page in pages}


def test_a_declaration_is_read_by_who_answers_for_the_panel(at: At) -> None:
    """The director does; the secretary sees that it was made."""
    review = at("s2_team")
    row = review.rows(select(Task).where(Task.element == "s2_coi", Task.state == DONE))[0]
    with review.town.engine.read() as reader:
        assert task_page(reader, review.town.actor("director.school"), row.id).fields
        assert {} == task_page(reader, review.town.actor("secretary.school"), row.id).fields


def test_the_lead_sees_who_submitted_and_not_what(at: At) -> None:
    """So that he can remind the others."""
    review, author, lead, _ = one_in(at)
    with review.town.engine.read() as reader:
        seats = panel(reader, review.town.actor(lead), review.case_id)
    submitted = {review.person(seat.person_id): seat.submitted for seat in seats}
    assert [author] == [who for who, is_in in submitted.items() if is_in]
    assert (lead, True) == (review.person(seats[0].person_id), seats[0].is_lead)
    assert ["member"] * 3 == [seat.state for seat in seats[:3]]


def test_after_the_term_those_who_submitted_see_each_other(at: At) -> None:
    """A latecomer sees nothing himself; nobody compares scores before all are in."""
    review, author, lead, third = one_in(at)
    review.finish_as(review.town.people[lead], "s3_opinion")
    assert [lead] == seen(review, lead)
    submitted = select(Task.due_at).where(Task.element == "s3_opinion")
    latest = review.town.value(submitted.order_by(Task.due_at.desc()))
    review.clock.move_to(latest + timedelta(seconds=1))
    assert [author, lead] == seen(review, lead)
    assert [] == seen(review, third)
    with review.town.engine.read() as reader:
        assert not scores(reader, review.town.actor(lead), review.case_id).is_open


def test_when_all_are_in_everything_is_open(at: At) -> None:
    """To the panel and to the school that may watch the case."""
    review = at("s4_choice")
    experts = [review.person(person) for person in review.members()]
    for who in (*experts, "deputy.school", "director.school"):
        assert experts == sorted(seen(review, who))
        assert 6 == len(papers(review, who))


def test_declarations_are_for_who_orders_the_review(at: At) -> None:
    """The director and the deputy read them; a colleague and the secretary do not."""
    review = at("s4_choice")
    member = review.person(review.members()[1])

    def read(who: str) -> int:
        with review.town.engine.read() as reader:
            rows = documents(reader, review.town.actor(who), review.case_id)
        return sum(row.kind == "декларация" for row in rows)

    assert (6, 6) == (read("director.school"), read("deputy.school"))
    assert (1, 0) == (read(member), read("secretary.school"))


@pytest.mark.parametrize("who", ["director.second", "teacher.school", "expert8"])
def test_a_stranger_finds_nothing(at: At, who: str) -> None:
    """Another school, a teacher without the case, an expert of no panel."""
    review = at("s6_plan")
    actor = review.town.actor(who)
    with review.town.engine.read() as reader:
        for look in (panel, opinions, comparison, conclusion, documents):
            with pytest.raises(NotFound):
                look(reader, actor, review.case_id)


def test_the_comparison_is_open_to_the_panel(at: At) -> None:
    """Experts judge on the data of the school."""
    review = at("s3_materials")
    member = review.town.actor(review.person(review.members()[1]))
    with review.town.engine.read() as reader:
        rows = comparison(reader, member, review.case_id)
    assert 27 == len(rows)
    assert "не с чем сравнить" == rows[0].verdict
    assert rows[0].indicator.endswith("средний балл")


def told(review: Review, who: str) -> set[str]:
    """Return the elements whose answers somebody reads in the history of the case."""
    with review.town.engine.read() as reader:
        lines = timeline(reader, review.town.actor(who), review.case_id, limit=500)
    return {line.element for line in lines if line.sent}


def test_the_history_is_as_closed_as_the_tasks(at: At) -> None:
    """It tells that an opinion has come in; what it says opens with it, notes never do."""
    review, author, lead, _ = one_in(at)
    experts = {"s3_opinion", "s3_visit", "s3_materials"}
    for who in (lead, "director.school", "deputy.school", "coordinator.office"):
        assert set() == told(review, who) & experts, who
    assert told(review, "coordinator.office")
    with pytest.raises(NotFound):
        told(review, author)
    for person in review.members():
        if person != review.town.people[author]:
            review.finish_as(person, "s3_opinion")
    assert {"s3_opinion", "s3_visit"} == told(review, "coordinator.office") & experts
    assert "s2_coi" not in told(review, "secretary.school")
