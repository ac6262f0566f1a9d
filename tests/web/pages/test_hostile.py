"""Whatever people write, it is text on every page."""

from dataclasses import dataclass

import pytest

from engine.commands.handovers import ReassignTask
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.commands.tasks import CompleteTask, SaveDraft
from engine.rules.access import SYSTEM, Role
from tests.web.pages.conftest import Site

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}' &amp;"
DONE = {
    "met_on": "2026-11-24",
    "present": 12,
    "decision": "invite",
    "votes": [{"who": EVIL, "vote": "for"}],
}


@dataclass(frozen=True)
class Hostile:
    """The site with a task that is done and one that is open."""

    site: Site
    first: int
    second: int


@pytest.fixture
def hostile(site: Site) -> Hostile:
    """Return the site with hostile text in every place where people write."""
    engine, town = site.town.engine, site.town
    school = CreateOrganisation("school", EVIL, "Asia/Omsk", town.organisations["office"], EVIL)
    town.organisations["evil"] = engine.do(school, SYSTEM)
    town.people["evil"] = engine.do(CreatePerson(EVIL, "evil@town.example"), SYSTEM)
    for role, place in ((Role.DEPUTY, "school"), (Role.DEPUTY, "evil"), (Role.DIRECTOR, "evil")):
        engine.do(GrantRole(town.people["evil"], town.organisations[place], role), SYSTEM)
    first = site.task()
    town.do(SaveDraft(first, {"why": EVIL, "present": EVIL}), "evil")
    town.do(ReassignTask(first, town.people["evil"], EVIL), "coordinator.office")
    town.do(CompleteTask(first, DONE), "evil")
    other = town.case(site.cycle_id, "evil")
    second = town.task(other, "hold_council")
    town.do(SaveDraft(second, {"why": EVIL, "votes": []}), "evil")
    return Hostile(site, first, second)


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("evil", ("/tasks", "/tasks/{first}", "/tasks/{second}", "/notices", "/cases")),
        ("coordinator.office", ("/cases", "/cases/1", "/cases/1?stage=all", "/cases/2", "/cycles")),
        ("coordinator.office", ("/cycles/1", "/cycles/new", "/incidents", "/tasks/{first}")),
        ("administrator.office", ("/people", "/definitions", "/definitions/1")),
    ],
)
def test_nothing_people_write_becomes_part_of_a_page(
    hostile: Hostile, who: str, paths: tuple[str, ...]
) -> None:
    """No element, attribute or template comes out of a name, a reason, an answer or a diagram."""
    browser = hostile.site.enter(who)
    for path in paths:
        page = browser.open(path.format(**vars(hostile)))
        assert 200 == page.status, path
        assert [] == page.find("script:not([src]), img, [onerror], main b, main i"), path
        assert "<script>" not in page.answer.text, path
        assert "49" not in page.answer.text.partition("alert(2)&gt;")[2][:6], path


def test_the_text_itself_is_there(hostile: Hostile) -> None:
    """It is shown, not swallowed: in the list, on the case and in the form."""
    browser = hostile.site.enter("coordinator.office")
    assert EVIL in browser.open("/cases/1").text
    assert EVIL in browser.open("/cases").text
    assert EVIL in browser.open(f"/tasks/{hostile.first}").text


@pytest.mark.parametrize("query", ["show", "after", "stage", "status", "cycle", "back"])
def test_nothing_in_an_address_becomes_part_of_a_page(site: Site, query: str) -> None:
    """Nor does what a link carries."""
    browser = site.enter("coordinator.office")
    for path in ("/tasks", "/cases", "/cases/1", "/cycles/new"):
        page = browser.client.get(path, query_string={query: EVIL})
        assert "<script>alert" not in page.text
