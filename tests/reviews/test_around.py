"""What stands around the tasks of a review: who was named by what, what may be told to whom."""

from datetime import date, timedelta
from typing import Any

from engine.commands.closings import PostponeTask
from engine.queries.context import Context, context
from engine.queries.tasks import TaskPageRow, task_page
from tests.review import Review
from tests.reviews.conftest import At
from tests.reviews.pages import enter


def page(review: Review, element: str, who: str = "", nth: int = 0) -> TaskPageRow:
    """Return the page of an open task, as its holder or somebody else sees it."""
    row = review.open(element)[nth]
    with review.town.engine.read() as reader:
        return task_page(reader, review.town.actor(who or review.town.holder(row)), row.id)


def around(review: Review, element: str, who: str = "", nth: int = 0) -> Context:
    """Return what stands around it."""
    row = review.open(element)[nth]
    actor = review.town.actor(who or review.town.holder(row))
    with review.town.engine.read() as reader:
        return context(reader, actor, task_page(reader, actor, row.id))


def titles(found: Context) -> list[str]:
    """Return what was decided before, the newest first."""
    return [one.title for one in found.decided]


def test_an_expert_learns_who_has_named_him(at: At) -> None:
    """In the list of candidates first, then in the order on the panel and in its programme."""
    named: Any = around(at("s2_coi"), "s2_coi").named
    assert ("Подобрать кандидатов", "список") == (named.title, named.papers[0].kind)
    named = around(at("s2_trainexp"), "s2_trainexp").named
    assert ("Утвердить состав группы", "приказ") == (named.title, named.papers[0].kind)
    named = around(at("s3_materials"), "s3_materials").named
    assert ("План мероприятий ОПЭКО", "программа") == (named.title, named.papers[0].kind)


def test_who_does_a_measure_learns_from_which_plan(at: At) -> None:
    """The plan names him; a teacher reads that, and no answers of others."""
    found = around(at("s6_done"), "s6_done")
    assert found.named is not None
    assert "План мер по заключению" == found.named.title
    assert () == found.named.answers


def test_a_director_sees_what_his_order_rests_on(at: At) -> None:
    """The nearest decisions with their documents, the newest first."""
    found = around(at("s2_order"), "s2_order")
    assert not found.again
    assert "Запрос администрации на привлечение экспертов" == titles(found)[0]
    council = found.decided[titles(found).index("Заседание педагогического совета")]
    assert "протокол" in [paper.kind for paper in council.papers]
    assert ("Решение", "привлечь независимых экспертов") in council.answers


def test_a_request_sent_back_says_why(at: At) -> None:
    """What the director wants reworked stands first on the page of whoever reworks it."""
    review = at("s2_order")
    review.finish("s2_order", sign="return", remarks="Не указан срок")
    found = around(review, "s2_request")
    assert found.again
    first = found.decided[0]
    assert "Приказ о проведении ОПЭКО" == first.title
    assert "Не указан срок" in [answer for _, answer in first.answers]


def test_why_it_came_back_stands_open_and_the_rest_is_folded(at: At) -> None:
    """On a telephone the form is not pushed down by what was decided long ago."""
    review = at("s2_order")
    review.finish("s2_order", sign="return", remarks="Не указан срок")
    row = review.open("s2_request")[0]
    shown = enter(review, review.town.holder(row)).open(f"/tasks/{row.id}")
    assert "Не указан срок" in shown.texts(".fold[open] .read-row strong")
    assert 1 == len(shown.find(".fold[open] .read-row"))
    assert shown.find(".fold:not([open]) .read-row")


def test_what_another_expert_does_at_the_same_step_is_no_return(at: At) -> None:
    """His own task has not been done before."""
    review = at("s2_trainexp")
    review.finish("s2_trainexp")
    assert not around(review, "s2_trainexp").again


def test_what_experts_write_is_not_told_beside(at: At) -> None:
    """Neither to a colleague nor to the school, before and after all are in."""
    review = at("s3_opinion")
    hidden = {"Изучить материалы", "Посещение, наблюдение, интервью", "Индивидуальное заключение"}
    assert not hidden & set(titles(around(review, "s3_opinion")))
    for who in ("deputy.school", "director.school", "coordinator.office"):
        assert not hidden & set(titles(around(review, "s3_opinion", who)))


def test_who_writes_last_learns_what_follows_when_all_are_ready(at: At) -> None:
    """The lead gets the differences, or the choice whether to meet."""
    ways = around(at("s3_opinion"), "s3_opinion").ways
    steps = {step.title: step for way in ways for step in way.steps}
    assert steps["Согласительное обсуждение"].together
    assert "руководитель экспертной группы" == steps["Согласительное обсуждение"].role


def test_a_wish_for_more_time_is_seen_until_the_director_decides(at: At) -> None:
    """By then it is asked of him; of the director himself the coordinator is asked."""
    review = at("s2_order")
    row = review.open("s2_order")[0]
    until: date = (row.due_at + timedelta(days=30)).date()
    assert "postpone" in page(review, "s2_order").messages
    review.town.do(PostponeTask(row.id, until, "эксперт болен"), "deputy.school")
    assert until == page(review, "s2_order").postponed_until
    review.finish("ep_approve", postpone="refuse")
    assert page(review, "s2_order").postponed_until is None
