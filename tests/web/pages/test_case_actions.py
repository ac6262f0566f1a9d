"""What is done with a case from its page, and by whom."""

import pytest

from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site

ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}


@pytest.fixture
def coordinator(site: Site) -> Browser:
    """Return a browser of the coordinator, on the list of cases."""
    browser = site.enter("coordinator.office")
    browser.open("/cases")
    return browser


def test_a_case_is_suspended_and_resumed(coordinator: Browser, site: Site) -> None:
    """With a reason that everybody reads in the history."""
    coordinator.open(f"/cases/{site.case_id}")
    page = coordinator.press("Приостановить", reason="каникулы")
    assert ["приостановлено"] == page.texts(".title-row > .tag")
    assert "Причина: каникулы." in page.texts(".timeline")[0]
    page = coordinator.press("Возобновить дело")
    assert ["идёт"] == page.texts(".title-row > .tag")


def test_a_reason_is_asked_for(coordinator: Browser, site: Site) -> None:
    """Without one nothing happens, and the sentence says what to do."""
    coordinator.open(f"/cases/{site.case_id}")
    page = coordinator.press("Приостановить", reason=" ")
    assert (422, True) == (page.status, "Причина не указана" in page.text)


def test_a_director_cancels_a_case(site: Site) -> None:
    """Its tasks are taken away."""
    browser = site.enter("director.school")
    browser.open(f"/cases/{site.case_id}")
    page = browser.press("Отменить дело", reason="школа закрыта")
    assert ["отменено"] == page.texts(".title-row > .tag")
    assert [] == page.find(".now-list li")


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("coordinator.office", {"suspend"}),
        ("head.office", {"suspend", "cancel"}),
        ("director.school", {"cancel"}),
        ("deputy.school", set()),
        ("secretary.school", set()),
    ],
)
def test_only_what_one_may_is_offered_and_done(site: Site, who: str, offered: set[str]) -> None:
    """The forms follow the rights, and so does what stands behind them: 403 for the rest."""
    browser = site.enter(who)
    page = browser.open(f"/cases/{site.case_id}")
    actions = {form.get("action", "").rpartition("/")[2] for form in page.tree.forms}
    assert offered == actions & {"suspend", "cancel"}
    token = page.find("input[name=csrf]")[0].get("value")
    for action in {"suspend", "cancel"} - offered:
        data = {"csrf": token, "reason": "так"}
        answer = browser.client.post(f"/cases/{site.case_id}/{action}", data=data)
        assert 403 == answer.status_code


@pytest.mark.parametrize(
    "who",
    ["director.second", "head.far_office", "teacher.school", "expert1", "administrator.office"],
)
def test_to_strangers_a_case_is_not_there(site: Site, who: str) -> None:
    """Every way to it answers 404, in the same words as for a case that never was."""
    browser = site.enter(who)
    unknown = browser.open("/cases/999").answer.text
    page = browser.open(f"/cases/{site.case_id}")
    assert 404 == page.status
    assert _main(unknown) == _main(page.answer.text)
    token = page.find("input[name=csrf]")[0].get("value")
    for path in ("history", "picture"):
        assert 404 == browser.client.get(f"/cases/{site.case_id}/{path}").status_code
    for path in ("suspend", "resume", "cancel", "panel/add", "panel/withdraw", "panel/lead"):
        data = {"csrf": token, "reason": "так", "person_id": 1}
        answer = browser.client.post(f"/cases/{site.case_id}/{path}", data=data)
        assert 404 == answer.status_code, path


def _main(text: str) -> str:
    return text.split("<main")[1].split("</main>", maxsplit=1)[0]


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 10**40])
def test_a_number_too_long_for_any_case_is_not_found(coordinator: Browser, number: int) -> None:
    """It answers like any other case that is not there."""
    assert 404 == coordinator.client.get(f"/cases/{number}").status_code
    assert 404 == coordinator.client.get(f"/tasks/{number}").status_code
