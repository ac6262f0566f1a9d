"""Lists of schools and people to take in: sheets with headings, and what each line says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.rules.access import ROLE_NAMES, Role
from engine.rules.names import tidy

MOST: Final = 2_000
"""Lines of one list."""

LONGEST: Final = 300
"""Letters of one cell; nobody's name is longer."""

HEADED_WITHIN: Final = 10
"""The line of headings stands among so many first ones."""


class Sheet(StrEnum):
    """What a line is about."""

    SCHOOLS = "schools"
    PEOPLE = "people"


SHEET_NAMES: Final[Mapping[Sheet, str]] = {Sheet.SCHOOLS: "Школы", Sheet.PEOPLE: "Люди"}

COLUMNS: Final[Mapping[Sheet, Mapping[str, tuple[str, ...]]]] = {
    Sheet.SCHOOLS: {
        "name": ("Название", "Полное название", "Школа", "Наименование"),
        "short_name": ("Краткое название", "Кратко"),
        "place": ("Входит в", "Управление", "Учредитель", "Муниципалитет"),
        "zone": ("Часовой пояс",),
    },
    Sheet.PEOPLE: {
        "name": ("ФИО", "Фамилия, имя, отчество", "Ф.И.О.", "Имя"),
        "email": ("Почта", "Электронная почта", "E-mail", "Email", "Адрес почты"),
        "role": ("Роль", "Должность"),
        "place": ("Организация", "Школа", "Место работы"),
    },
}
"""The columns of each sheet with the headings they may have; the first one is ours."""

_NEEDED: Final = {Sheet.SCHOOLS: {"name"}, Sheet.PEOPLE: {"name", "email"}}

_ALSO_CALLED: Final[Mapping[str, Role]] = {
    "завуч": Role.DEPUTY,
    "заместитель директора": Role.DEPUTY,
    "зам. директора": Role.DEPUTY,
    "зам. директора по увр": Role.DEPUTY,
    "директор школы": Role.DIRECTOR,
    "секретарь": Role.SECRETARY,
    "учитель-предметник": Role.TEACHER,
    "начальник": Role.HEAD,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: where it stands, and its cells by column of `COLUMNS`."""

    sheet: Sheet
    number: int
    cells: Mapping[str, str]

    def cell(self, column: str) -> str:
        """Return the text of a cell as it is kept; empty without one."""
        return tidy(self.cells.get(column, ""))[:LONGEST]


def lines_of(rows: Sequence[Sequence[str]]) -> list[Line] | None:
    """
    Return the lines below the headings of a sheet, empty ones left out; None without headings.

    Args:
        rows: The cells of the sheet, from its first row on.
    """
    for place, row in enumerate(rows[:HEADED_WITHIN]):
        if (found := _headed(row)) is not None:
            sheet, columns = found
            below = enumerate(rows[place + 1 :], start=place + 2)
            return [Line(sheet, n, _cells(columns, row)) for n, row in below if any(row)]
    return None


def _headed(row: Sequence[str]) -> tuple[Sheet, dict[str, int]] | None:
    """Return which sheet a row of headings begins, and where its columns stand."""
    texts = [tidy(text).casefold().rstrip("* ") for text in row]
    for sheet in (Sheet.PEOPLE, Sheet.SCHOOLS):
        columns: dict[str, int] = {}
        for column, names in COLUMNS[sheet].items():
            at = (texts.index(name.casefold()) for name in names if name.casefold() in texts)
            if (place := next(at, None)) is not None and place not in columns.values():
                columns[column] = place
        if columns.keys() >= _NEEDED[sheet]:
            return sheet, columns
    return None


def _cells(columns: Mapping[str, int], row: Sequence[str]) -> dict[str, str]:
    return {name: row[at] for name, at in columns.items() if at < len(row)}


def role_called(text: str) -> Role | None:
    """Return the role that a text names, whatever its case; None when it names none."""
    wanted = tidy(text).casefold()
    named = (role for role, name in ROLE_NAMES.items() if wanted == name.casefold())
    return next(named, _ALSO_CALLED.get(wanted))
