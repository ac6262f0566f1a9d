"""Where a person may go: the sections of the site by what his roles let him do."""

from dataclasses import dataclass
from typing import Final

from flask import g, request
from flask_babel import lazy_gettext as _

from engine.queries.notices import unread
from engine.rules.access import Right, Role, holds
from web import current

ROOM: Final = 4
"""So many sections stand side by side on a phone; of more, all but three wait under «Ещё»."""


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the menu; ``here`` when the page belongs to it."""

    name: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """
    The sections of a person, and the number of his new notices.

    On a phone ``more`` of them stand in a menu that opens; where there is room all stand in line.
    """

    sections: tuple[Section, ...]
    news: int

    @property
    def more(self) -> tuple[Section, ...]:
        """Return the sections that a phone has no room for."""
        return self.sections[ROOM - 1 :] if len(self.sections) > ROOM else ()


OFFERS: tuple[tuple[Right | None, str, str], ...] = (
    (None, _("Мои задачи"), "/tasks"),
    (Right.WATCH, _("Дела"), "/cases"),
    (Right.START, _("Циклы"), "/cycles"),
    (Right.STEER, _("Сбои"), "/incidents"),
    (Right.DEPLOY, _("Схемы"), "/definitions"),
    (Right.ADMINISTER, _("Люди"), "/people"),
)


def menu() -> Menu:
    """Return the menu of the current actor; a page checks its right again."""
    actor = current.actor()
    found = (
        Section(name, address, request.path.startswith(address))
        for right, name, address in OFFERS
        if right is None or holds(actor, right)
    )
    new = current.ask(unread)
    g.unread = new.all
    return Menu(tuple(found), new.waiting)


def front() -> str:
    """Return where a person begins: what most of his work is."""
    actor = current.actor()
    if holds(actor, Right.STEER):
        return "/cases"
    only = {grant.role for grant in actor.grants}
    return "/people" if only == {Role.ADMINISTRATOR} else "/tasks"
