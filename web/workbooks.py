"""Excel workbooks: real dates, a frozen head, and texts that stay texts."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = 32_000
"""Letters that a cell of Excel takes, with room to spare."""

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HEAD: Final = Font(bold=True)
_TOP: Final = Alignment(vertical="top", wrap_text=True)

Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and its width in letters."""

    name: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    A sheet of a workbook.

    Attributes:
        title: At most 31 letters.
        columns: From left to right.
        rows: A value for each column; numbers and dates can be reckoned with.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def workbook(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the XLSX file of one sheet; see `Sheet`."""
    return workbook_of([Sheet(title, columns, rows)])


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """Return the XLSX file of some sheets."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet.columns, sheet.rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column.name, font=_HEAD) for column in columns])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"


def _cell(sheet: Any, value: Cell, font: Font | None = None) -> Any:
    """Return a cell; a text that begins like a formula is written as the text it is."""
    text: Any = _UNPRINTABLE.sub("", value)[:LONGEST] if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, value=text)
    if isinstance(value, str):
        cell.data_type = "s"
    elif isinstance(value, date):
        cell.number_format = "DD.MM.YYYY"
    cell.alignment = _TOP
    if font is not None:
        cell.font = font
    return cell
