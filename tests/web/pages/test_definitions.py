"""Processes: deploying one, and being told all that speaks against it."""

import io

import pytest

from tests.web.pages.browser import Browser, Page
from tests.web.pages.conftest import COUNCIL, DIAGRAMS, Site


@pytest.fixture
def administrator(site: Site) -> Browser:
    """Return a browser of the administrator, on the list of processes."""
    browser = site.enter("administrator.office")
    browser.open("/definitions")
    return browser


def _deploy(browser: Browser, files: dict[str, bytes]) -> Page:
    assert browser.page is not None
    token = browser.page.find("input[name=csrf]")[0].get("value")
    sent = [(io.BytesIO(content), name) for name, content in files.items()]
    answer = browser.client.post(
        "/definitions", data={"csrf": token, "files": sent}, follow_redirects=True
    )
    return Page(answer, answer.request.path)


def _council() -> dict[str, bytes]:
    return {name: (DIAGRAMS / name).read_bytes() for name in COUNCIL}


def test_the_list_says_what_new_cases_take(administrator: Browser) -> None:
    """The newest version with who deployed it, its cases, and what the check says."""
    assert administrator.page is not None
    assert ["1"] == administrator.page.texts("dd[data-name=running]")
    assert "Новые дела берут версию 1" in administrator.page.text
    assert "при установке" in administrator.page.text
    assert ["без замечаний"] == administrator.page.texts("dd .tag")


def test_a_version_tells_its_tasks_settings_and_forms(administrator: Browser) -> None:
    """In words: who does what by when, and what each form asks."""
    page = administrator.open("/definitions/1")
    assert "Проверка прошла без замечаний" in page.text
    assert {"заместитель директора по УВР", "директор"} <= set(page.texts("td[data-name='Кто']"))
    assert any("in_workdays" in rule or "setting" in rule for rule in page.texts("td code"))
    assert page.find("details details ol li")


def test_of_several_diagrams_one_is_named(administrator: Browser) -> None:
    """None is guessed: the wrong one would become a process of its own."""
    page = _deploy(administrator, {**_council(), "another.bpmn": _council()["council.bpmn"]})
    assert (422, True) == (page.status, "впишите, какая из них главная" in page.text)


def test_a_changed_process_becomes_a_new_version(administrator: Browser) -> None:
    """It is shown with its picture; cases under way stay on theirs."""
    files = _council()
    files["council.bpmn"] = files["council.bpmn"].replace(b"in_workdays(3)", b"in_workdays(4)")
    page = _deploy(administrator, files)
    assert ["версия 2"] == page.texts(".title-row .tag")
    assert {"hold_council", "sign_order"} <= {
        n.get("data-key") for n in page.find(".diagram .node")
    }
    assert sorted(COUNCIL) == sorted(page.texts(".files code"))
    listed = administrator.open("/definitions")
    assert "Новые дела берут версию 2" in listed.text
    assert ["0"] == listed.texts("dd[data-name=running]")
    assert ["1 дело идёт"] == listed.texts(".choice-row > span")
    assert "Это прежняя версия" in administrator.follow("Версия 1").text


def test_the_same_files_again_are_the_same_version(administrator: Browser) -> None:
    """A version is known by its content."""
    assert ["версия 1"] == _deploy(administrator, _council()).texts(".title-row .tag")


def test_a_refused_process_says_everything_at_once(administrator: Browser) -> None:
    """422 with each element and sentence; nothing is stored."""
    files = _council()
    broken = files["council.bpmn"].replace(b'role="director"', b'role="king"')
    files["council.bpmn"] = broken.replace(b'setting("term")', b'eval("1")')
    del files["sign_order.json"]
    page = _deploy(administrator, files)
    assert 422 == page.status
    assert len(page.find("[role=alert] li")) >= 3
    assert {"sign_order", "hold_council"} <= set(page.texts("[role=alert] code"))
    assert 1 == len(page.find("section.card"))
    assert page.texts("[role=alert] h3") == sorted(page.texts("[role=alert] h3"))


@pytest.mark.parametrize(
    "content",
    [
        b"not xml",
        b"",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        b"<x>" * 20_000,
    ],
)
def test_hostile_files_are_refused(administrator: Browser, content: bytes) -> None:
    """Whatever is sent, the answer is a sentence."""
    page = _deploy(administrator, {"evil.bpmn": content})
    assert (422, 1) == (page.status, len(page.find("[role=alert]")))
    assert "root:" not in page.answer.text


def test_no_file_is_refused(administrator: Browser) -> None:
    """A press without a choice says what is missing."""
    assert 422 == _deploy(administrator, {}).status


def test_a_path_in_a_name_means_nothing(administrator: Browser) -> None:
    """Only the last part of a name counts."""
    files = {f"../folder/{name}": content for name, content in _council().items()}
    assert ["версия 1"] == _deploy(administrator, files).texts(".title-row .tag")


@pytest.mark.parametrize("who", ["coordinator.office", "director.school", "teacher.school"])
def test_only_who_deploys_sees_processes(site: Site, who: str) -> None:
    """Neither the list nor a version; what is sent is refused."""
    browser = site.enter(who)
    assert 403 == browser.open("/definitions").status
    assert 403 == browser.open("/definitions/1").status
    browser.open("/profile")
    assert 404 == _deploy(browser, _council()).status


def test_an_unknown_version_is_not_there(administrator: Browser) -> None:
    """404."""
    assert 404 == administrator.open("/definitions/99").status
