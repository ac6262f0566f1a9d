"""Incidents: what stands still, and the repairs that each allows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from engine.commands.services import SERVICES, ServiceCall
from engine.rules.retries import STEPS
from engine.scheduler import tick
from engine.unit import Unit
from tests.timely import bundle, flows, service, work
from tests.web.pages.browser import Browser
from tests.web.pages.conftest import Site

CALLING = bundle(
    "calling",
    service("probe"),
    work("after"),
    '<boundaryEvent id="caught" attachedToRef="probe"><errorEventDefinition errorRef="er"/>'
    "</boundaryEvent>",
    work("rescue"),
    flows("start", "probe", "after", "end"),
    flows("caught", "rescue", "end"),
    roots='<error id="er" name="er" errorCode="ER"/>',
)


class Broken:
    """A service that fails until it is mended."""

    def __init__(self) -> None:
        self.mended = False

    def __call__(self, _unit: Unit, _call: ServiceCall) -> dict[str, Any]:
        """Fail or answer."""
        if not self.mended:
            raise RuntimeError("<b>no answer")
        return {"answer": 1}


@pytest.fixture
def probe() -> Iterator[Broken]:
    """Yield the registered service."""
    SERVICES["probe"] = made = Broken()
    yield made
    del SERVICES["probe"]


@pytest.fixture
def stuck(site: Site, probe: Broken) -> int:
    """Return a case whose service has failed for good."""
    case_id = site.town.case(site.town.cycle(CALLING), "second")
    for _ in range(STEPS.attempts):
        tick(site.town.engine)
        site.clock.advance(timedelta(hours=2))
    return case_id


@pytest.fixture
def coordinator(site: Site, stuck: int) -> Browser:
    """Return a browser of the coordinator, on the list of incidents."""
    browser = site.enter("coordinator.office")
    browser.open("/incidents")
    return browser


def _open(browser: Browser) -> list[str]:
    assert browser.page is not None
    return browser.page.texts("article h2")


def test_an_incident_says_where_and_what(coordinator: Browser, stuck: int) -> None:
    """School, cycle, element and sentence; the case is linked."""
    assert coordinator.page is not None
    (article,) = coordinator.page.texts("article")
    assert article.startswith("second Цикл calling")
    assert "«probe»" in article
    assert [f"/cases/{stuck}"] == coordinator.page.links("second")


def test_the_case_says_that_it_stands_still(coordinator: Browser, stuck: int) -> None:
    """And leads a coordinator to the repairs; a director learns that somebody knows."""
    page = coordinator.open(f"/cases/{stuck}")
    assert ["/incidents"] == page.links("Что можно сделать")
    assert "сбой" in coordinator.open("/cases").texts(".tag.late")


def test_a_service_is_tried_again(
    coordinator: Browser, site: Site, stuck: int, probe: Broken
) -> None:
    """Once it is mended, the case goes on."""
    probe.mended = True
    page = coordinator.press("Повторить действие")
    assert "Сбой снят с учёта" in page.text
    assert [] == _open(coordinator)
    tick(site.town.engine)
    assert site.town.task(stuck, "after")


def test_a_service_is_taken_as_done(coordinator: Browser, site: Site, stuck: int) -> None:
    """Somebody has done by hand what the program could not."""
    coordinator.press("Считать выполненным", answer__answer="[1, 2]")
    assert site.town.task(stuck, "after")
    assert [1, 2] == site.variables(stuck)["answer"]


def test_a_service_is_failed_by_hand(coordinator: Browser, site: Site, stuck: int) -> None:
    """The diagram takes the way that it has for this error."""
    coordinator.press("Завершить ошибкой", code="ER")
    assert site.town.task(stuck, "rescue")


def test_a_case_is_set_on_from_elsewhere(coordinator: Browser, site: Site, stuck: int) -> None:
    """From one element to another, with a reason."""
    page = coordinator.press("Переставить", target="rescue", reason="так решили")
    assert "переставлено" in page.text
    assert site.town.task(stuck, "rescue")


def test_an_incident_is_dealt_with_otherwise(coordinator: Browser, stuck: int) -> None:
    """How, is said."""
    assert 422 == coordinator.press("Отметить устранённым", reason="").status
    coordinator.open("/incidents")
    coordinator.press("Отметить устранённым", reason="позвонили в школу")
    assert [] == _open(coordinator)


def test_without_incidents_the_page_says_so(site: Site) -> None:
    """All is well."""
    assert "Сбоев нет" in site.enter("head.office").open("/incidents").text


def test_an_unknown_repair_is_not_there(coordinator: Browser) -> None:
    """404."""
    assert coordinator.page is not None
    token = coordinator.page.find("input[name=csrf]")[0].get("value")
    answer = coordinator.client.post("/incidents/1/magic", data={"csrf": token})
    assert 404 == answer.status_code


def test_a_coordinator_of_another_town_sees_nothing(site: Site, stuck: int) -> None:
    """Neither the incident nor its repairs."""
    browser = site.enter("coordinator.far_office")
    page = browser.open("/incidents")
    assert [] == _open(browser)
    token = page.find("input[name=csrf]")[0].get("value")
    data = {"csrf": token, "reason": "так", "target": "end", "token": 1}
    for path in ("1/retry", "1/resolve", "1/put-back", f"cases/{stuck}/move"):
        assert 404 == browser.client.post(f"/incidents/{path}", data=data).status_code


@pytest.mark.parametrize("who", ["deputy.school", "director.school", "administrator.office"])
def test_only_who_steers_sees_incidents(site: Site, who: str) -> None:
    """403."""
    assert 403 == site.enter(who).open("/incidents").status
