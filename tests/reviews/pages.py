"""Browsers over a review: the pages of experts, of the lead, and of who may not look."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from lxml.html import HtmlElement, tostring

from engine.commands.sessions import OpenSession
from engine.rules.access import SYSTEM
from tests.review import Review
from tests.web.pages.browser import Browser, Page, words
from web.app import create_app


def enter(review: Review, who: str, app: Flask | None = None) -> Browser:
    """Return a browser where somebody has signed in, to an application of its own or this one."""
    browser = Browser(app or create_app(review.town.engine))
    command = OpenSession(review.town.people[who], "192.0.2.1", "test")
    browser.client.set_cookie("tsikl", review.town.engine.do(command, SYSTEM))
    return browser


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers by the name of their control, without those that the page fills in."""
    found: dict[str, Any] = {}
    for key, value in fields.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for number, row in enumerate(value):
                found |= {f"{key}.{number}.{name}": cell for name, cell in row.items()}
        else:
            found[key] = value
    return found


def paper(page: Page) -> str:
    """Return the body of the paper on a page, as it would be printed."""
    (found,) = page.find("#printed .printed-body")
    return _text(found)


def _text(element: HtmlElement) -> str:
    return words(tostring(element, encoding="unicode"))
