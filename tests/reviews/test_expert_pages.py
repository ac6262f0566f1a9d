"""An expert's pages: the scale with its evidence, the paper before and after it is signed."""

from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.people import GrantRole
from engine.commands.tasks import SaveDraft
from engine.model.reviews import Opinion
from engine.rules.access import Role
from tests.review import Review
from tests.reviews.conftest import At
from tests.reviews.pages import enter, paper, typed
from tests.web.pages.browser import Browser, Page

SECRET = "Карты пробелов нет <script>alert(1)</script>"


def at_opinion(at: At) -> tuple[Review, Any, Browser]:
    """Return a review at an opinion, its task, and the browser of its expert on the page."""
    review = at("s3_opinion")
    row = review.open("s3_opinion")[0]
    browser = enter(review, review.person(row.assignee_id))
    browser.open(f"/tasks/{row.id}")
    return review, row, browser


def answers(review: Review, row: Any) -> dict[str, Any]:
    """Return what is typed into an opinion."""
    usual = review.answers(row)
    goals = [{**goal, "findings": SECRET} for goal in usual["goals"]]
    advice = usual["recommendations"][:1]
    return typed({**usual, "goals": goals, "recommendations": advice})


def to_preview(review: Review, row: Any, browser: Browser) -> Page:
    """Fill the opinion in and ask for its paper."""
    return browser.press("Просмотр и подпись", answers(review, row))


# the form ---------------------------------------------------------------------------------------


def test_the_scale_speaks_in_words_beside_the_evidence(at: At) -> None:
    """Each score has its meaning; one's own observations stand next to it."""
    _review, _row, browser = at_opinion(at)
    page = browser.page
    assert page
    assert "3 — в основном" in page.texts(".levels label")
    assert "Ваши наблюдения 1" in page.texts("#evidence summary")
    assert ["evidence"] == [one.get("popovertarget") for one in page.find(".evidence-call")]


def test_how_much_is_filled_in_is_counted_without_scripts(at: At) -> None:
    """After a draft is saved: items, points, and where to go on."""
    review, row, browser = at_opinion(at)
    assert browser.page
    assert browser.page.texts(".tally [role=status]")[0].startswith("Заполнено 0 из 1")
    assert browser.page.find("[data-total][hidden]")
    (link,) = browser.page.find("[data-next]")
    assert browser.page.find(f"[id='{str(link.get('href')).removeprefix('#')}']")
    goal = review.answers(row)["goals"][0] | {"findings": "Видно."}
    review.town.do(SaveDraft(row.id, {"goals": [goal]}), review.person(row.assignee_id))
    page = browser.open(f"/tasks/{row.id}")
    assert ["Заполнено 1 из 1 · баллов 3 из 4"] == page.texts(".tally [role=status]")
    assert "hidden" in page.find("[data-next]")[0].attrib


def test_a_mistake_is_shown_before_the_paper(at: At) -> None:
    """What was typed is still there, and the summary leads to what is missing."""
    review, row, browser = at_opinion(at)
    fields = answers(review, row) | {"goals.0.findings": ""}
    page = browser.press("Просмотр и подпись", fields)
    assert 422 == page.status
    (line,) = page.texts("#errors li")
    assert "З1. Поднять качество — Что установлено: Заполните поле." == line
    assert page.find("[name='goals.0.score'][value='3'][checked]")


# the paper --------------------------------------------------------------------------------------


def test_the_paper_is_the_same_before_after_and_in_print(at: At) -> None:
    """One template draws what is looked at, what is signed and what is read afterwards."""
    review, row, browser = at_opinion(at)
    before = to_preview(review, row, browser)
    assert ["Проект. Не подписан."] == before.texts(".printed-signs p")
    after = browser.press("Подписываю заключение")
    assert f"/tasks/{row.id}" == after.path
    assert paper(before) == paper(after)
    assert "Карты пробелов нет <script>" in after.find("#printed")[0].text_content()
    assert after.texts(".printed-signs p")[0].startswith("Подписано: Некто expert")
    assert [] == after.find("#form")


def test_what_is_signed_is_named(at: At) -> None:
    """Title, school, how much is scored, points and recommendations; nothing is sent yet."""
    review, row, browser = at_opinion(at)
    page = to_preview(review, row, browser)
    said = "«Индивидуальное заключение»: school, оценено: 1 из 1, баллов: 3 из 4, рекомендации: 1."
    assert said in page.texts(".sign-box p")
    assert [] == review.rows(select(Opinion))


def test_a_second_press_is_harmless(at: At) -> None:
    """The opinion is there once, and the expert sees it signed."""
    review, row, browser = at_opinion(at)
    page = to_preview(review, row, browser)
    form = dict(page.tree.forms[-1].form_values())
    for _ in range(2):
        answer = browser.client.post(f"/tasks/{row.id}/sign", data=form)
        assert (303, f"/tasks/{row.id}") == (answer.status_code, answer.headers["Location"])
    assert 1 == len(review.rows(select(Opinion)))


def test_nobody_signs_what_he_has_not_seen(at: At) -> None:
    """The text was changed in another tab: it is shown again, and not signed."""
    review, row, browser = at_opinion(at)
    to_preview(review, row, browser)
    other = review.answers(row)
    review.town.do(SaveDraft(row.id, other), review.person(row.assignee_id))
    page = browser.press("Подписываю заключение")
    assert 409 == page.status
    assert "Прочитайте его ещё раз" in page.texts("[role=alert]")[0]
    assert SECRET not in page.text
    assert [] == review.rows(select(Opinion))
    assert 200 == browser.press("Подписываю заключение").status
    assert 1 == len(review.rows(select(Opinion)))


def test_a_paper_without_a_draft_is_the_form(at: At) -> None:
    """Its address leads to what is to be done."""
    _review, row, browser = at_opinion(at)
    assert f"/tasks/{row.id}" == browser.open(f"/tasks/{row.id}/preview").path


def test_half_a_paper_is_looked_at_and_not_signed(at: At) -> None:
    """Whoever opens its address sees how much is missing, and the way back to it."""
    review, row, browser = at_opinion(at)
    goal = review.answers(row)["goals"][0] | {"findings": ""}
    review.town.do(SaveDraft(row.id, {"goals": [goal]}), review.person(row.assignee_id))
    page = browser.open(f"/tasks/{row.id}/preview")
    assert ["Подписать ещё нельзя"] == page.texts(".sign-box h2")
    assert ([], ["Дописать"]) == (page.find(".sign-box button"), page.texts(".sign-box a"))


@pytest.mark.parametrize("who", ["lead", "director.school", "coordinator.office", "expert8"])
def test_nobody_signs_for_another(at: At, who: str) -> None:
    """Neither who watches the case nor a stranger; the draft is not shown to them either."""
    review = at("s3_opinion")
    for person in review.members():
        review.finish_until(person, "s3_opinion")
    who = review.person(review.lead()) if who == "lead" else who
    row = next(row for row in review.open("s3_opinion") if row.assignee_id != review.lead())
    browser = enter(review, review.person(row.assignee_id))
    browser.open(f"/tasks/{row.id}")
    to_preview(review, row, browser)
    other = enter(review, who)
    page = other.open(f"/tasks/{row.id}/preview")
    assert "Карты пробелов" not in page.text
    token = page.find("input[name=csrf]")
    data = {"csrf": token[0].get("value") if token else "", "seal": ""}
    assert other.client.post(f"/tasks/{row.id}/sign", data=data).status_code in (303, 403, 404)
    assert [] == review.rows(select(Opinion))


def test_the_link_of_a_letter_leads_through_the_sign_in(at: At) -> None:
    """Who is not signed in is asked once, and comes back to his task."""
    _review, row, browser = at_opinion(at)
    browser.client.delete_cookie("tsikl")
    page = browser.open(f"/tasks/{row.id}")
    assert f"/sign-in?back=/tasks/{row.id}" == page.path.replace("%2F", "/")
    assert [f"/tasks/{row.id}"] == [one.get("value") for one in page.find("[name=back]")][:1]


# visits -----------------------------------------------------------------------------------------


def test_what_a_criterion_means_stands_above_its_scale(at: At) -> None:
    """And its weight, which counts in the sum; «Н/П» is offered only where the programme says."""
    review = at("s2_program")
    criteria = [
        {"title": "Оценивание", "scale": "оценки понятны ученикам", "weight": 1},
        {"title": "Опыты", "weight": 2.5, "optional": True},
    ]
    review.finish("s2_program", criteria=criteria)
    review.until("s3_visit")
    row = review.open("s3_visit")[0]
    browser = enter(review, review.person(row.assignee_id))
    page = browser.open(f"/tasks/{row.id}")
    said = ["Что значит 4: оценки понятны ученикам", "Вес в сумме баллов: 2,5"]
    assert said == page.texts(".behind li")
    offered = [page.find(f"[name='scores.{n}.score'][value=na]") for n in (0, 1)]
    assert [0, 1] == [len(one) for one in offered]
    browser.press("Сохранить черновик", {"scores.0.score": "1", "scores.1.score": "3"})
    page = browser.open(f"/tasks/{row.id}")
    assert page.texts(".tally [role=status]")[0].endswith("баллов 8,5 из 14")


# the declaration --------------------------------------------------------------------------------


def test_a_declaration_begins_with_what_is_known(at: At) -> None:
    """The answer is given, with its reason; what follows from «да» stands at each question."""
    review = at("s2_coi")
    row = review.open("s2_coi")[0]
    who = review.person(row.assignee_id)
    review.town.do(GrantRole(row.assignee_id, review.town.organisations["school"], Role.TEACHER))
    page = enter(review, who).open(f"/tasks/{row.id}")
    assert page.find("[name=employed_here][value=yes][checked]")
    assert not page.find("[name=relative_here][checked]")
    (known,) = page.texts(".ground .message")
    assert known.startswith("По данным системы: учитель, school.")
    assert 5 == len(page.texts(".ground > .soft"))
    assert "это отвод" in page.texts(".ground > .soft")[0]


def test_a_candidate_declines_with_a_reason(at: At) -> None:
    """Two answers are enough; nothing else is asked of him."""
    review = at("s2_coi")
    row = review.open("s2_coi")[0]
    browser = enter(review, review.person(row.assignee_id))
    browser.open(f"/tasks/{row.id}")
    page = browser.press("Отправить", agree="no")
    assert ["Почему отказываетесь: Заполните поле."] == page.texts("#errors li")
    assert "/tasks" == browser.press("Отправить", agree="no", why="Уезжаю").path
