"""Whatever people write, it is text on every page."""

from dataclasses import dataclass
from datetime import date

import pytest

from engine.commands.attachments import AttachFile
from engine.commands.comments import AddComment
from engine.commands.delegations import DelegateTask
from engine.commands.extensions import RequestExtension
from engine.commands.filters import SaveFilter
from engine.commands.handovers import ReassignTask
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.commands.priorities import SetPriority
from engine.commands.prompts import PromptTask
from engine.commands.tasks import CompleteTask, SaveDraft
from engine.commands.templates import PutTemplate
from engine.model.tasks import HIGH
from engine.papers.inspection import Checked
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
    person: int


@pytest.fixture
def hostile(site: Site) -> Hostile:
    """Return the site with hostile text in every place where people write."""
    engine, town = site.town.engine, site.town
    school = CreateOrganisation("school", EVIL, "Asia/Omsk", town.organisations["office"], EVIL)
    town.organisations["evil"] = engine.do(school, SYSTEM)
    town.people["evil"] = engine.do(CreatePerson(EVIL, "evil@town.example"), SYSTEM)
    for role, place in ((Role.DEPUTY, "school"), (Role.DEPUTY, "evil"), (Role.DIRECTOR, "evil")):
        engine.do(GrantRole(town.people["evil"], town.organisations[place], role), SYSTEM)
    town.people["colleague"] = engine.do(CreatePerson(f"Вторая {EVIL}", "c@town.example"), SYSTEM)
    colleague = GrantRole(town.people["colleague"], town.organisations["evil"], Role.DEPUTY)
    engine.do(colleague, SYSTEM)
    first = site.task()
    town.do(SaveDraft(first, {"why": EVIL, "present": EVIL}), "evil")
    town.do(ReassignTask(first, town.people["evil"], EVIL), "coordinator.office")
    town.do(CompleteTask(first, DONE), "evil")
    other = town.case(site.cycle_id, "evil")
    second = town.task(other, "hold_council")
    town.do(SaveDraft(second, {"why": EVIL, "votes": []}), "evil")
    _talk(site, other, second)
    return Hostile(site, first, second, town.people["evil"])


def _talk(site: Site, case: int, task: int) -> None:
    """Let people say, name, attach, ask and keep the same everywhere else."""
    town = site.town
    at = town.organisations["office"]
    town.do(AttachFile(task, f"{EVIL}.pdf", b"%PDF"), "evil")
    town.do(AddComment(case, task, f"{EVIL} @{EVIL}"), "evil")
    town.do(AddComment(case, None, EVIL, (town.people["evil"],)), "coordinator.office")
    town.do(RequestExtension(task, date(2026, 12, 20), EVIL), "evil")
    town.do(PromptTask(task, EVIL), "coordinator.office")
    town.do(SetPriority(task, HIGH, EVIL), "coordinator.office")
    town.do(SaveFilter("tasks", EVIL[:60], f"q={EVIL}"), "evil")
    town.do(SaveFilter("cases", EVIL[:60], f"q={EVIL}"), "coordinator.office")
    town.do(PutTemplate(at, f"{EVIL}.docx", Checked("order", b"PK")), "administrator.office")
    town.do(GrantRole(town.people["evil"], at, Role.COORDINATOR))
    town.do(DelegateTask(task, town.people["colleague"], EVIL), "evil")


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("evil", ("/tasks", "/tasks/{first}", "/tasks/{second}", "/notices", "/cases")),
        ("evil", ("/profile", "/tasks?select=yes", "/tasks?q=script", "/tasks?show=done")),
        ("colleague", ("/tasks", "/tasks/{second}", "/notices", "/tasks/{second}/snooze")),
        ("coordinator.office", ("/cases", "/cases/1", "/cases/1?stage=all", "/cases/2", "/cycles")),
        ("coordinator.office", ("/cycles/1", "/cycles/new", "/incidents", "/tasks/{first}")),
        ("coordinator.office", ("/cases/2/history", "/cases/2/moves/{second}", "/cases/overdue")),
        ("coordinator.office", ("/tasks/{second}", "/notices")),
        ("administrator.office", ("/people", "/definitions", "/definitions/1")),
        ("administrator.office", ("/people/{person}", "/people/organisations", "/people/new")),
        ("administrator.office", ("/templates", "/people?words=script", "/people/import")),
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
        assert [] == page.find("script:not([src]), img:not([src^='/']), [onerror]"), path
        assert [] == page.find("main b, main i, a[href^='javascript']"), path
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
