"""Lists of schools and people between the browser and the engine: files in, files out."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

from engine.errors import Invalid, SheetRefused
from engine.rules.rosters import COLUMNS, MOST, SHEET_NAMES, Line, Sheet, lines_of
from engine.rules.verdicts import Fate, Verdict
from web.sheets import tables_in
from web.workbooks import Column, workbook_of
from web.workbooks import Sheet as SheetOf

WIDTHS: Final = {"name": 40, "email": 30, "role": 34, "place": 34, "short_name": 22, "zone": 26}

_EXAMPLES: Final = {
    Sheet.SCHOOLS: [
        ("Муниципальное автономное учреждение «Лицей № 3»", "Лицей № 3", "", "Екатеринбург"),
        ("Школа № 12", "СОШ № 12", "", ""),
    ],
    Sheet.PEOPLE: [
        ("Иванова Мария Петровна", "ivanova@example.ru", "директор", "Лицей № 3"),
        ("Петров Олег Игоревич", "petrov@example.ru", "заместитель директора по УВР", "Лицей № 3"),
    ],
}


def lines_in(content: bytes) -> list[Line]:
    """
    Return the lines of a file, of all its sheets that have headings of ours.

    Raises:
        SheetRefused: It cannot be read, has no headings or no lines, or too many.
    """
    found = [lines for rows in tables_in(content) if (lines := lines_of(rows)) is not None]
    if not found:
        wanted = ", ".join(f"«{names[0]}»" for names in COLUMNS[Sheet.PEOPLE].values())
        raise SheetRefused(why=f"не найдена строка с заголовками {wanted}. Возьмите образец")
    lines = [line for sheet in found for line in sheet]
    if not lines:
        raise SheetRefused(why="под заголовками нет ни одной строки")
    if len(lines) > MOST:
        raise SheetRefused(why=f"в нём больше {MOST} строк. Разделите список на части")
    return lines


def packed(lines: Iterable[Line]) -> str:
    """Return lines as the page keeps them between looking and confirming."""
    return orjson.dumps([[line.sheet, line.number, line.cells] for line in lines]).decode()


def unpacked(text: str) -> tuple[Line, ...]:
    """
    Return the lines that a page kept; they are judged anew, so nobody gains by changing them.

    Raises:
        Invalid: The text is not what we have written.
    """
    try:
        rows: Any = orjson.loads(text)
        lines = tuple(Line(Sheet(sheet), int(n), _cells(cells)) for sheet, n, cells in rows)
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid from error
    if not 0 < len(lines) <= MOST or any(line.number < 1 for line in lines):
        raise Invalid
    return lines


def _cells(cells: dict[str, Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in cells.items()}


# workbooks --------------------------------------------------------------------------------------


def example() -> bytes:
    """Return the workbook to fill in."""
    return workbook_of(
        SheetOf(SHEET_NAMES[sheet], _columns(sheet), _EXAMPLES[sheet]) for sheet in Sheet
    )


def rejects(verdicts: Sequence[Verdict]) -> bytes:
    """Return the workbook of the lines that were not taken, each with what is to be mended."""
    wrong = [verdict for verdict in verdicts if verdict.fate is Fate.WRONG]
    mended = Column("Что исправить", 80)
    return workbook_of(
        SheetOf(
            SHEET_NAMES[sheet],
            [*_columns(sheet), mended],
            [_rejected(verdict) for verdict in wrong if verdict.line.sheet is sheet],
        )
        for sheet in Sheet
        if any(verdict.line.sheet is sheet for verdict in wrong)
    )


def _columns(sheet: Sheet) -> list[Column]:
    return [Column(names[0], WIDTHS[column]) for column, names in COLUMNS[sheet].items()]


def _rejected(verdict: Verdict) -> list[str]:
    line = verdict.line
    said = "; ".join(f"{p.column}: {p.found}. {p.advice}" for p in verdict.problems)
    return [*(line.cell(column) for column in COLUMNS[line.sheet]), said]
