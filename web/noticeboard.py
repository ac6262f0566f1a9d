"""The notices of a page as they stand on it: day by day, and in a day case by case."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from engine.queries.notices import NoticeRow, NoticesRow
from web.words import day, local


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice, and the time of day when it came."""

    notice: NoticeRow
    time: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The notices of one day about one case; of what gathers many cases there is no number."""

    organisation: str
    cycle: str
    case_id: int | None
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """What came on one day, local to the organisations that it is about."""

    date: date
    name: str
    bundles: tuple[Bundle, ...]


def days_of(page: NoticesRow, now: datetime) -> list[Day]:
    """Return the days of a page, the newest first; days and cases keep the order of notices."""
    days: dict[date, list[NoticeRow]] = defaultdict(list)
    today = local(now, page.notices[0].zone).date() if page.notices else now.date()
    for one in page.notices:
        days[local(one.at, one.zone).date()].append(one)
    return [Day(on, _name(on, today), tuple(_bundles(rows))) for on, rows in days.items()]


def _name(on: date, today: date) -> str:
    near = {today: _("сегодня"), today - timedelta(days=1): _("вчера")}
    return near.get(on) or day(on, today)


def _bundles(notices: Iterable[NoticeRow]) -> Iterable[Bundle]:
    found: dict[int | None, Bundle] = {}
    for one in notices:
        case_id = None if one.many else one.case_id
        place, cycle = ("", "") if one.many else (one.organisation, one.cycle)
        bundle = found.setdefault(case_id, Bundle(place, cycle, case_id))
        bundle.entries.append(Entry(one, f"{local(one.at, one.zone):%H:%M}"))
    return found.values()
