"""Where a person may go: the sections of the site by what his roles let him do."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from engine.queries.notices import unread
from engine.rules.access import Right, Role, holds
from web import current


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the menu; ``count`` is what waits there."""

    name: str
    address: str
    count: int = 0


OFFERS: tuple[tuple[Right | None, str, str], ...] = (
    (None, _("Мои задачи"), "/tasks"),
    (Right.WATCH, _("Дела"), "/cases"),
    (Right.START, _("Циклы"), "/cycles"),
    (Right.STEER, _("Сбои"), "/incidents"),
    (Right.DEPLOY, _("Схемы"), "/definitions"),
    (Right.ADMINISTER, _("Люди"), "/people"),
    (None, _("Уведомления"), "/notices"),
)


def sections() -> list[Section]:
    """Return the sections of the current actor; a page checks its right again."""
    actor, new = current.actor(), current.ask(unread)
    return [
        Section(name, address, new if address == "/notices" else 0)
        for right, name, address in OFFERS
        if right is None or holds(actor, right)
    ]


def front() -> str:
    """Return where a person begins: what most of his work is."""
    actor = current.actor()
    if holds(actor, Right.STEER):
        return "/cases"
    only = {grant.role for grant in actor.grants}
    return "/people" if only == {Role.ADMINISTRATOR} else "/tasks"
