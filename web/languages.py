"""
The language of the interface: Russian, or what a person has chosen.

Nobody is asked by the language of his browser: computers of schools are often set up in English,
while every name, form and letter here is Russian.
"""

from datetime import date
from typing import Final

from babel.dates import format_date
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_translations

from engine.rules.access import ROLE_NAMES
from engine.rules.words import day as russian_day
from web import current

LANGUAGES: Final = {"ru": "Русский", "en": "English"}
COOKIE: Final = "tsikl-language"
"""What a browser was told before anybody signed in; the choice of a person goes before it."""
NATIVE: Final = "ru"


def add_languages(app: Flask) -> None:
    """Give templates and views `gettext`; its identifiers are the Russian texts themselves."""
    Babel(app, default_locale=NATIVE, default_timezone="UTC", locale_selector=chosen)
    app.jinja_env.filters["translated"] = translated
    app.jinja_env.globals.update(language=chosen, LANGUAGES=LANGUAGES)


def chosen() -> str:
    """Return the language of whoever asks; outside a request, Russian."""
    if not has_request_context():
        return NATIVE
    session = current.session()
    wanted = (session and session.language) or request.cookies.get(COOKIE, "")
    return wanted if wanted in LANGUAGES else NATIVE


def translated(text: str) -> str:
    """
    Return a Russian text of the interface that comes out of a variable: a role, a state, a word.

    What stands in no catalogue, such as the name of a school, stays as it is. Unlike `gettext` in
    templates this takes a percent sign for what it is.
    """
    found: str = get_translations().gettext(text)
    return found if text else ""


def role_names() -> dict[str, str]:
    """Return the names of the roles, in the order of the roles."""
    return {role: translated(name) for role, name in ROLE_NAMES.items()}


def spoken_day(on: date, today: date) -> str:
    """Return «27 ноября» or "27 November", with the year when it is not that of today."""
    if chosen() == NATIVE:
        return russian_day(on, today)
    return format_date(on, "d MMMM" if on.year == today.year else "d MMMM y", locale=chosen())
