"""
A browser without scripts: opens pages, fills in their forms, presses their buttons.

It sends what a page offers and nothing else, so a test that gets through has proved that the
page leads there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from lxml import html
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse


def words(text: str) -> str:
    """Return a text on one line, no-break spaces as plain ones."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Page:
    """An answer, read as a page."""

    answer: TestResponse
    path: str

    @property
    def status(self) -> int:
        """Return its status."""
        return self.answer.status_code

    @property
    def tree(self) -> HtmlElement:
        """Return its elements."""
        return html.document_fromstring(self.answer.text)

    @property
    def text(self) -> str:
        """Return what is to be read on it, in one line."""
        return words(self.tree.text_content())

    def find(self, selector: str) -> list[HtmlElement]:
        """Return the elements of a CSS selector."""
        return list(self.tree.cssselect(selector))

    def texts(self, selector: str) -> list[str]:
        """Return the texts of the elements of a CSS selector."""
        return [words(element.text_content()) for element in self.find(selector)]

    def links(self, text: str) -> list[str]:
        """Return where the links with this text lead."""
        found = (a for a in self.find("a[href]") if words(a.text_content()) == text)
        return [str(a.get("href")) for a in found]


class Browser:
    """
    One browser with its cookies.

    Args:
        app: The application.
        address: Where it connects from.
    """

    def __init__(self, app: Flask, address: str = "192.0.2.1") -> None:
        self.client = app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address
        self.page: Page | None = None

    def open(self, path: str, **headers: str) -> Page:
        """Open a page, following where it leads."""
        return self._kept(self.client.get(path, follow_redirects=True, headers=headers))

    def follow(self, text: str) -> Page:
        """Open the first link with this text."""
        return self.open(self._here().links(text)[0])

    def press(self, button: str, fields: Mapping[str, Any] | None = None, **values: Any) -> Page:
        """
        Fill in the form of a button and press it.

        Args:
            button: Its text.
            fields: By name of the control.
            values: The same; dots in names are written as double underscores.
        """
        form, pressed = self._form(button)
        named = {name.replace("__", "."): value for name, value in values.items()}
        sent = self._sent(form, {**(fields or {}), **named}) + _of(pressed)
        action = pressed.get("formaction") or form.get("action") or self._here().path
        return self._kept(
            self.client.post(action, data=_multi(sent), follow_redirects=True)
            if (form.get("method") or "get").lower() == "post"
            else self.client.get(action, query_string=_multi(sent), follow_redirects=True)
        )

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in with a password."""
        self.open("/sign-in")
        return self.press("Войти", email=email, password=password)

    def _here(self) -> Page:
        assert self.page is not None, "open a page first"
        return self.page

    def _kept(self, answer: TestResponse) -> Page:
        self.page = Page(answer, answer.request.full_path.rstrip("?"))
        return self.page

    def _form(self, text: str) -> tuple[FormElement, HtmlElement]:
        for form in self._here().tree.forms:
            beside = self._here().find(f"button[form='{form.get('id')}']") if form.get("id") else []
            for button in [*form.cssselect("button"), *beside]:
                if words(button.text_content()).startswith(text):
                    return form, button
        raise AssertionError(f"no button {text!r} on {self._here().path}")

    def _sent(self, form: FormElement, values: dict[str, Any]) -> list[tuple[str, str]]:
        unknown = set(values) - set(form.fields.keys())
        assert not unknown, f"the form has no {unknown}, only {sorted(form.fields.keys())}"
        for name, value in values.items():
            _refuse_unoffered(form, name, value)
        kept = [(name, str(value)) for name, value in form.form_values() if name not in values]
        for name, value in values.items():
            many = value if isinstance(value, list) else [] if value in (None, False) else [value]
            kept += [(name, "on" if one is True else str(one)) for one in many]
        return kept


def _refuse_unoffered(form: FormElement, name: str, value: Any) -> None:
    """Fail on a choice that the page does not offer."""
    offered = {
        *(e.get("value") for e in form.xpath(".//select[@name=$n]/option", n=name)),
        *(e.get("value") for e in form.xpath(".//input[@type='radio'][@name=$n]", n=name)),
    }
    assert not offered or str(value or "") in offered, f"{name}: {value} is not in {offered}"


def _of(button: HtmlElement) -> list[tuple[str, str]]:
    name = button.get("name")
    return [(name, button.get("value") or "")] if name else []


def _multi(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in pairs:
        sent.setdefault(name, []).append(value)
    return sent
