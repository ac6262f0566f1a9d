"""A whole cycle led through its pages by a browser without scripts."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine import Engine
from engine.bundles import shipped
from engine.clock import FrozenClock
from engine.commands.sessions import OpenSession
from engine.rules.access import SYSTEM
from tests.journeys.year import SMALL, Year, inhabited, rows_of
from tests.town import Town
from tests.web.pages.browser import Browser, Page
from web.app import create_app


class People:
    """Browsers of the people of a town; each signs in anew, since months lie between."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.app = create_app(town.engine)

    def enter(self, who: str) -> Browser:
        """Return a browser where somebody has signed in."""
        browser = Browser(self.app)
        command = OpenSession(self.town.people[who], "192.0.2.1", "test")
        browser.client.set_cookie("tsikl", self.town.engine.do(command, SYSTEM))
        return browser


def _send(browser: Browser, task_id: int, answers: Mapping[str, Any]) -> Page:
    """Fill in the form of a task, adding rows as it goes, and send it in."""
    page = browser.open(f"/tasks/{task_id}")
    for table, rows in rows_of(answers).items():
        while not page.find(f'[name^="{table}.{rows - 1}."]'):
            (label,) = page.texts(f"#field-{table} > legend")
            typed = {name: v for name, v in answers.items() if page.find(f'[name="{name}"]')}
            page = browser.press(f"Ещё строка — {label.removesuffix(' *')}", typed)
    (button,) = page.texts("#form .send .button:not([type=button]):not(noscript *)")
    page = browser.press(button, answers)
    return browser.press("Подписываю") if page.find(".sign-box") else page


@pytest.mark.slow
def test_a_cycle_is_led_from_its_start_to_the_decision(engine: Engine, clock: FrozenClock) -> None:
    """
    The coordinator starts the case, everybody sends in his tasks, the director decides.

    Every form can be filled in with what its page offers, nobody needs more than his own pages,
    and the whole way stands in the history.
    """
    town = inhabited(engine)
    people = People(town)
    cycle_id = town.cycle(shipped("opeko"), **SMALL)
    coordinator = people.enter("coordinator.office")
    coordinator.open(f"/cycles/{cycle_id}")
    begun = coordinator.press("Начать дело — school")
    year = Year(town, clock, int(begun.path.rpartition("/")[2]))
    seen: list[str] = []
    for task in year.turns():
        who = year.who(task)
        answer = _send(people.enter(who), task.id, year.answers(task, who))
        refused = answer.texts("#errors li") or answer.texts("[role=alert]")
        assert answer.path in ("/tasks", f"/tasks/{task.id}"), (task.element, who, refused)
        assert [] == answer.find("#form"), (task.element, who, refused)
        seen.append(task.element)
    assert {"s2_pedsovet", "s3_opinion", "s5_conclusion", "s7_control", "s8_decision"} <= set(seen)
    page = people.enter("coordinator.office").open(f"/cases/{year.case_id}")
    assert ["завершено"] == page.texts(".title-row > .tag")
    assert 8 == len(page.find(".stages .past"))
    assert [] == people.enter("coordinator.office").open("/incidents").find("article")
