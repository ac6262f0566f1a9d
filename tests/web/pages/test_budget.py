"""How many SQL statements a page takes: a bound that grows with no list."""

import pytest

from engine.commands.tasks import CompleteTask
from tests.traced import statements
from tests.web.pages.conftest import Site

ENTERING = 4
"""The session, the name, the roles and the places on panels of whoever asks."""
MENU = 1
"""The count of new notices."""


FRAME = ENTERING + MENU


@pytest.mark.parametrize(
    ("who", "path", "own"),
    [
        ("deputy.school", "/tasks", 5),
        ("deputy.school", "/tasks?show=free", 5),
        ("deputy.school", "/tasks?q=council&late=yes", 5),
        ("director.school", "/tasks", 8),
        ("deputy.school", "/tasks/{task}", 10),
        ("coordinator.office", "/tasks/{task}", 9),
        ("coordinator.office", "/cases", 10),
        ("coordinator.office", "/cases/{case}", 16),
        ("coordinator.office", "/cases/{case}/history", 5),
        ("coordinator.office", "/cases/{case}/moves/{task}", 10),
        ("coordinator.office", "/cases/overdue", 1),
        ("coordinator.office", "/cycles", 2),
        ("coordinator.office", "/cycles/{cycle}", 3),
        ("coordinator.office", "/incidents", 1),
        ("coordinator.office", "/notices", 2),
        ("coordinator.office", "/profile", 4),
        ("administrator.office", "/definitions", 1),
        ("administrator.office", "/people", 4),
        ("administrator.office", "/people/{person}", 8),
        ("administrator.office", "/people/organisations", 5),
        ("teacher.second", "/healthz", 1 - MENU),
    ],
)
def test_a_page_keeps_to_itsstatements(site: Site, who: str, path: str, own: int) -> None:
    """Its own, and those of the frame; compiled versions are at hand after the first look."""
    browser = site.enter(who)
    person = site.town.people["deputy.school"]
    address = path.format(task=site.task(), case=site.case_id, cycle=site.cycle_id, person=person)
    browser.client.get(address)
    with statements(site.town.engine) as seen:
        assert 200 == browser.client.get(address).status_code
    assert FRAME + own == len(seen)


def test_a_longer_list_takes_no_more(site: Site) -> None:
    """The statements of the list of cases do not grow with the cases."""
    browser = site.enter("coordinator.office")
    browser.client.get("/cases")
    with statements(site.town.engine) as few:
        browser.client.get("/cases")
    site.town.case(site.cycle_id, "second")
    site.town.do(CompleteTask(site.task(), ANSWERS), "deputy.school")
    with statements(site.town.engine) as more:
        assert 2 == len(browser.open("/cases").find("tbody tr"))
    assert len(few) == len(more)


def test_sending_a_task_in_stays_within_itsstatements(site: Site) -> None:
    """The page is read, the command carried out in one transaction, the browser sent on."""
    browser = site.enter("deputy.school")
    page = browser.open(f"/tasks/{site.task()}")
    token = page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, **{key: str(value) for key, value in ANSWERS.items()}}
    with statements(site.town.engine) as seen:
        assert 303 == browser.client.post(f"/tasks/{site.task()}", data=data).status_code
    assert 18 >= len(seen)


ANSWERS = {"met_on": "2026-11-24", "present": 12, "decision": "invite"}
