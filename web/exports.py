"""Lists of the coordinator as workbooks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from flask import Response
from flask_babel import gettext as _

from engine.queries.cases import CaseRow
from engine.queries.overdue import OverdueRow
from web import current
from web.downloads import sent
from web.languages import translated
from web.words import local
from web.workbooks import MEDIA_TYPE, Cell, Column, workbook

HOME_ZONE: Final = "Europe/Moscow"
"""Dates the name of a file, whose cases may lie in several zones."""


def cases_book(rows: Iterable[CaseRow], now: datetime) -> bytes:
    """Return the workbook of a list of cases."""
    columns = (
        Column(_("Школа"), 34),
        Column(_("Цикл"), 24),
        Column(_("Состояние"), 16),
        Column(_("Этап"), 22),
        Column(_("Чей ход"), 32),
        Column(_("Задача"), 44),
        Column(_("Срок"), 12),
        Column(_("Опоздание, дней"), 12),
        Column(_("Открыто задач"), 10),
        Column(_("Опаздывает задач"), 12),
        Column(_("Начато"), 12),
        Column(_("Окончено"), 12),
    )
    return workbook(_("Дела"), columns, (tuple(_case(row, now)) for row in rows))


def _case(row: CaseRow, now: datetime) -> Iterator[Cell]:
    move = row.move
    yield from (row.organisation, row.cycle, translated(row.status_name), row.stage)
    if move is not None:
        yield from (move.holder or translated(move.role_name), move.name, move.due_on)
    else:
        yield from ("", row.wait.name if row.wait else row.outcome, None)
    yield days_late(move.due_at, now, row.zone) if move and move.overdue else None
    yield from (row.open, row.overdue, local(row.started_at, row.zone).date())
    yield local(row.ended_at, row.zone).date() if row.ended_at else None


def overdue_book(rows: Iterable[OverdueRow], now: datetime) -> bytes:
    """Return the workbook of who is late."""
    columns = (
        Column(_("Чей ход"), 34),
        Column(_("Роль"), 34),
        Column(_("Организация"), 30),
        Column(_("Примечание"), 16),
        Column(_("Опаздывает задач"), 12),
        Column(_("В скольких делах"), 12),
        Column(_("Опоздание, дней"), 12),
        Column(_("Самая поздняя задача"), 44),
        Column(_("Школа"), 34),
        Column(_("Срок"), 12),
    )
    lines = (
        (
            row.holder or translated(row.role_name) or row.place,
            translated(row.role_name),
            row.place,
            "" if row.holder else _("никто не взял"),
            row.tasks,
            row.cases,
            days_late(row.due_at, now, row.zone),
            row.title,
            row.school,
            local(row.due_at, row.zone).date(),
        )
        for row in rows
    )
    return workbook(_("Просрочки"), columns, lines)


def days_late(due_at: datetime, now: datetime, zone: str) -> int:
    """Return how many days of a zone have passed since a deadline."""
    return (local(now, zone).date() - local(due_at, zone).date()).days


def sent_book(book: bytes, name: str) -> Response:
    """Return the answer that a browser keeps as a file, with the date in its name."""
    today = local(current.engine().now(), HOME_ZONE).date()
    file = f"{name} {today:%Y-%m-%d}.xlsx"
    return sent(file, book, MEDIA_TYPE)
