"""
Tables that people send: workbooks of Excel and CSV, as rows of texts.

What comes from outside is opened with care: size, number of parts and unpacked size are looked
at first, no document type is let in, and a formula is the text that was typed.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from engine.errors import SheetRefused
from engine.rules.rosters import HEADED_WITHIN, MOST

LARGEST: Final = 2_000_000
"""Bytes of a file."""
LARGEST_UNPACKED: Final = 16_000_000
LARGEST_ASIDE: Final = 1_000_000
"""Bytes of what is no table, such as styles: reading them takes a second per million."""
MOST_PARTS: Final = 200
MOST_COLUMNS: Final = 20
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    SyntaxError,  # What lxml says of bad XML.
    TypeError,
    ValueError,
)
"""What openpyxl raises when a file is not what it seems."""

Rows = list[list[str]]


def tables_in(content: bytes) -> list[Rows]:
    """
    Return the rows of each sheet of a file, from its first row on, as texts.

    Raises:
        SheetRefused: It is too large, damaged, or no table at all.
    """
    if len(content) > LARGEST:
        raise SheetRefused(why=f"он больше {LARGEST // 1_000_000} МБ. Разделите список на части")
    if not content.strip():
        raise SheetRefused(why="он пуст. Выберите файл .xlsx или .csv")
    if content.startswith(b"PK"):
        _refuse_traps(content)
        try:
            return [_limited(rows) for rows in _sheets(content)]
        except _DAMAGED as error:
            raise SheetRefused(why="он повреждён. Откройте в Excel и сохраните снова") from error
    return [_limited(_csv(content))]


# workbooks --------------------------------------------------------------------------------------


def _refuse_traps(content: bytes) -> None:
    """Look at the archive before anything in it is trusted."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            aside = max((part.file_size for part in parts if _is_aside(part.filename)), default=0)
            if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or aside > LARGEST_ASIDE:
                raise SheetRefused(why="внутри слишком много данных. Оставьте только список")
            for part in parts:
                if any(mark in archive.read(part) for mark in _DOCTYPES):
                    raise SheetRefused(why="в нём запрещённое описание типа. Сохраните в Excel")
    except _DAMAGED as error:
        raise SheetRefused(why="он повреждён. Откройте в Excel и сохраните снова") from error


def _is_aside(name: str) -> bool:
    is_table = "worksheets/" in name or name.endswith("sharedStrings.xml")
    return name.endswith((".xml", ".rels")) and not is_table


def _sheets(content: bytes) -> Iterator[Iterator[Sequence[Any]]]:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    for sheet in book.worksheets:
        # Some programs write a wrong size into the sheet; rows are counted by ourselves.
        sheet.reset_dimensions()
        most = MOST + HEADED_WITHIN + 1
        yield sheet.iter_rows(max_row=most, max_col=MOST_COLUMNS, values_only=True)


# CSV --------------------------------------------------------------------------------------------


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    """Yield the rows of a text as Excel saves it: with semicolons, often in the old encoding."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    if "\0" in text:
        raise SheetRefused(why="это не таблица. Выберите файл .xlsx или .csv")
    head = text.partition("\n")[0]
    delimiter = max(";\t,", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise SheetRefused(why="это не таблица. Выберите файл .xlsx или .csv") from error


# cells ------------------------------------------------------------------------------------------


def _limited(rows: Iterable[Sequence[Any]]) -> Rows:
    """Return rows as texts, without empty ones at the end; too many are refused."""
    table = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
    while table and not any(table[-1]):
        table.pop()
    if len(table) > MOST + HEADED_WITHIN:
        raise SheetRefused(why=f"в нём больше {MOST} строк. Разделите список на части")
    return table


def _text(cell: Any) -> str:
    """Return what a cell shows; a number without a fraction is written without a point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()
