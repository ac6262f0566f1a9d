"""The parts of a document as WordprocessingML; texts become text nodes and nothing else."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from engine.papers.content import Annex, Block, Facts, Heading, Points, Signer, Table, Text
from engine.papers.wording import STAYS, bound

Element = Any
"""An element of python-docx, which has no types for them."""

INDENT: Final = "709"
"""Twentieths of a point: 12.5 mm, as an office begins a paragraph."""
SMALL: Final = "22"
"""Half points: the size of letters in tables."""
_FACT_SHARES: Final = (3, 9)
_SIGNER_SHARES: Final = (8, 4, 6)
_FIFTIETHS: Final = 5000
"""A whole width in fiftieths of a per cent."""
_LINE: Final = "_" * 16
COLUMN: Final = 9354
"""Twentieths of a point between the margins of an upright page: 165 mm."""


def element(tag: str, *parts: Element, **values: str) -> Element:
    """Return an element of the main namespace; ``values`` are its attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in values.items():
        made.set(qn(f"w:{name}"), value)
    for part in parts:
        made.append(part)
    return made


def run(text: str, *, bold: bool = False, size: str = "") -> Element:
    """Return a run of text."""
    looks = [element("b")] if bold else []
    if size:
        looks.append(element("sz", val=size))
    letters = element("t")
    letters.text = bound(text)
    letters.set(qn("xml:space"), "preserve")
    return element("r", element("rPr", *looks), letters)


def paragraph(*runs: Element, align: str = "left", indent: str = "0", **how: bool) -> Element:
    """Return a paragraph; ``page``: it begins a page; ``tied``: it stays with the next one."""
    looks = [
        element("pageBreakBefore") if how.get("page") else None,
        element("keepNext") if how.get("tied") else None,
        element("spacing", before="0", after="60" if not how.get("dense") else "0"),
        element("ind", left="0", firstLine=indent),
        element("jc", val=align),
    ]
    # The schema fixes this order, but for the two that stand first in it the other way round.
    known = [look for look in looks if look is not None]
    known.sort(key=lambda look: _ORDER.index(look.tag))
    return element("p", element("pPr", *known), *runs)


_ORDER: Final = [qn(f"w:{tag}") for tag in ("keepNext", "pageBreakBefore", "spacing", "ind", "jc")]


def blocks(parts: Sequence[Block]) -> Iterator[Element]:
    """Yield the elements of a text."""
    for part in parts:
        yield from _block(part)


def _block(part: Block) -> Iterator[Element]:
    match part:
        case Text(text, "plain"):
            yield paragraph(run(text), align="both", indent=INDENT)
        case Text(text, look):
            align = "right" if look == "right" else "left"
            yield paragraph(run(text, bold=look == "bold"), align=align)
        case Heading(text):
            yield paragraph(run(text, bold=True), tied=True)
        case Points(items):
            for number, item in enumerate(items, start=1):
                yield paragraph(run(f"{number}.{STAYS}{item}"), align="both", indent=INDENT)
        case Facts(rows):
            yield _bare([(f"{name}:", value) for name, value in rows], _FACT_SHARES)
            yield paragraph()
        case Table():
            yield _ruled(part)
            yield paragraph()


def annex(one: Annex) -> Iterator[Element]:
    """Yield the elements of what begins on a page of its own."""
    yield paragraph(run(one.title, bold=True), align="center", page=True, tied=True)
    yield paragraph()
    yield from blocks(one.blocks)


def signers(lines: Sequence[Signer]) -> Iterator[Element]:
    """Yield the lines to be signed."""
    if lines:
        yield paragraph()
        rows = [(one.position, _LINE, one.name or _LINE) for one in lines]
        yield _bare(rows, _SIGNER_SHARES)
        yield paragraph()


# tables -----------------------------------------------------------------------------------------


def _bare(rows: Sequence[Sequence[str]], shares: Sequence[int]) -> Element:
    """Return a table without lines."""
    return _table([_row([paragraph(run(cell)) for cell in row], shares) for row in rows], shares)


def _ruled(part: Table) -> Element:
    """Return a table with lines, whose head stands on every page."""
    names = [
        paragraph(run(name, bold=True, size=SMALL), align="center", dense=True)
        for name in part.columns
    ]
    lines = [
        _row([paragraph(run(cell, size=SMALL), dense=True) for cell in row], part.shares)
        for row in part.rows
    ]
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    ruled = [element(edge, val="single", sz="4", space="0", color="auto") for edge in edges]
    head = _row(names, part.shares, element("tblHeader"))
    return _table([head, *lines], part.shares, element("tblBorders", *ruled))


def _table(rows: Sequence[Element], shares: Sequence[int], *looks: Element) -> Element:
    whole = element("tblW", w=str(_FIFTIETHS), type="pct")
    fixed = element("tblLayout", type="fixed")
    grid = [element("gridCol", w=_twentieths(share, shares)) for share in shares]
    return element("tbl", element("tblPr", whole, *looks, fixed), element("tblGrid", *grid), *rows)


def _row(cells: Sequence[Element], shares: Sequence[int], *looks: Element) -> Element:
    whole = element("trPr", element("cantSplit"), *looks)
    made = [
        element(
            "tc", element("tcPr", element("tcW", w=_fiftieths(share, shares), type="pct")), cell
        )
        for cell, share in zip(cells, shares, strict=True)
    ]
    return element("tr", whole, *made)


def _fiftieths(share: int, shares: Sequence[int]) -> str:
    return str(_FIFTIETHS * share // sum(shares))


def _twentieths(share: int, shares: Sequence[int]) -> str:
    """Return the width of a column of a page that stands upright; on a wide one it grows."""
    return str(COLUMN * share // sum(shares))
