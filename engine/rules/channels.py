"""
Where a notice goes, kind by kind, unless its person has chosen otherwise; and when he sleeps.

Every notice stands on the site. Some also go into the digest of the morning, some at once by
mail. Letters about passwords and addresses are no notices: nobody can switch them off.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from engine.rules.calendar import DAY, day_of, moment_of


class Way(StrEnum):
    """How far a notice goes."""

    SITE = "site"
    DIGEST = "digest"
    MAIL = "mail"


WAY_NAMES: Final[Mapping[Way, str]] = {
    Way.SITE: "только на сайте",
    Way.DIGEST: "в утренней сводке",
    Way.MAIL: "сразу письмом",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """
    A kind of notice, as a person chooses its way.

    ``steers``: only whoever steers cases gets it. ``ways`` are those to choose from.
    """

    name: str
    way: Way = Way.DIGEST
    hint: str = ""
    steers: bool = False
    ways: tuple[Way, ...] = tuple(Way)


KINDS: Final[Mapping[str, Kind]] = {
    "assigned": Kind("Задачу поручили лично вам", Way.MAIL),
    "mention": Kind("К вам обратились в комментарии", Way.MAIL),
    "comment": Kind("Комментарий к вашей задаче"),
    "prompt": Kind("Координатор напоминает о задаче"),
    "reminder": Kind("Приближается срок вашей задачи"),
    "overdue": Kind(
        "Срок вашей задачи прошёл", Way.MAIL, "Письмом — один раз, потом только в сводке."
    ),
    "offered": Kind("Новые задачи для вашей роли", ways=(Way.SITE, Way.DIGEST)),
    "unclaimed": Kind("Задачу вашей роли никто не взял"),
    "moved": Kind("Срок задачи перенесён"),
    "declined": Kind("В переносе срока отказано"),
    "delegation": Kind("Коллега выполнил порученную ему задачу"),
    "closed": Kind("Задача больше не нужна"),
    "idle": Kind("Задачи ваших дел никто не взял", steers=True),
    "escalation": Kind("Задачи ваших дел ждут после срока", steers=True),
    "extension": Kind("Просят перенести срок", steers=True),
    "incident": Kind("Дело остановилось из-за сбоя", steers=True),
}
"""The kinds to choose for, in the order of the page; any other kind goes into the digest."""

GATHERED: Final = frozenset({"idle", "escalation"})
"""Of these kinds one notice tells of all tasks of a morning: there may be hundreds."""

INFORMS: Final = frozenset({"moved", "closed", "declined", "delegation"})
"""These ask for nothing, so they do not count as waiting to be read."""

REPORTS: Final = frozenset({"closed", "declined", "delegation", "comment", "mention"})
"""These stay true whatever becomes of the task that they are about."""


def way_of(kind: str, chosen: str | None) -> Way:
    """Return where a notice of a kind goes, by what its person has chosen, if anything."""
    known = KINDS.get(kind, Kind(""))
    way = Way(chosen) if chosen else known.way
    return way if way in known.ways else known.way


# quiet hours ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of a day, in the person's zone, in which no letter is sent: 20 to 8 is a night."""

    since: int = 20
    until: int = 8


NIGHT: Final = Quiet()
"""What holds for who has chosen nothing."""


def quiet_until(moment: datetime, zone: str, quiet: Quiet) -> datetime:
    """Return the moment itself, or if it is quiet then, the end of that."""
    day = day_of(moment, zone)
    since, until = (moment_of(day, time(hour), zone) for hour in (quiet.since, quiet.until))
    if quiet.since < quiet.until:
        return until if since <= moment < until else moment
    if moment < until:
        return until
    return moment if moment < since else moment_of(day + DAY, time(quiet.until), zone)
