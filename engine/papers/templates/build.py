"""
Build the built-in templates: ``python -m engine.papers.templates.build``.

They are kept as files, so that an administrator gets what he would see in Word; whoever changes
their look changes it here and builds them anew.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from engine.papers.word import element

CENTRE, RIGHT, LEFT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.LEFT,
)
FONT: Final = "Times New Roman"
TEXT_WIDTH: Final = 165
"""Millimetres between the margins of an upright page."""


def _page(*, wide: bool = False) -> Any:
    """Return an empty document: A4, margins of an office, numbers above from the second page on."""
    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(13)
    fonts = normal.element.rPr.rFonts
    for script in ("eastAsia", "cs", "hAnsi"):
        fonts.set(qn(f"w:{script}"), FONT)
    normal.element.rPr.append(element("lang", val="ru-RU"))
    normal.paragraph_format.space_after = Pt(0)
    _number(section.header.paragraphs[0])
    return made


def _number(paragraph: Any) -> None:
    """Write the field that shows the number of the page."""
    paragraph.alignment = CENTRE
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        made = paragraph.add_run()
        made._r.append(  # noqa: SLF001
            element("fldChar", fldCharType=kind) if kind else _code(code)
        )


def _code(code: str) -> Any:
    made = element("instrText")
    made.text = code
    return made


def _line(made: Any, text: str, align: Any = LEFT, size: int = 0, *, bold: bool = False) -> Any:
    paragraph = made.add_paragraph()
    paragraph.alignment = align
    written = paragraph.add_run(text)
    written.bold = bold or None
    if size:
        written.font.size = Pt(size)
    return paragraph


def _organisation(made: Any) -> None:
    """Write whose document it is, with a line below."""
    _line(made, "{{ вышестоящая }}", CENTRE, 11)
    last = _line(made, "{{ учреждение }}", CENTRE, bold=True)
    edge = element("bottom", val="single", sz="8", space="4", color="auto")
    last.paragraph_format.space_after = Pt(10)
    # The schema fixes the order: lines around a paragraph stand before its spacing.
    spacing = last.paragraph_format.element.pPr.find(qn("w:spacing"))
    spacing.addprevious(element("pBdr", edge))


def _corner(made: Any) -> None:
    place = _line(made, "{{ адресат }}")
    place.paragraph_format.left_indent = Mm(TEXT_WIDTH // 2)


def _numbered(made: Any, width: int = TEXT_WIDTH) -> None:
    """Write date, place and number on one line."""
    line = _line(made, "{{ дата }}\t{{ место }}\t№\u00a0{{ номер }}")
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(width // 2), 1)
    stops.add_tab_stop(Mm(width), 2)
    line.paragraph_format.space_after = Pt(10)


def _heading(made: Any) -> None:
    line = _line(made, "{{ вид }}", CENTRE, 15, bold=True)
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(8)


def _rest(made: Any) -> None:
    for name in ("текст", "подписи", "приложения", "лист_подписей"):
        _line(made, f"{{{{ {name} }}}}")


def order() -> Any:
    """Return the template of orders: the title at the left, as an office has it."""
    made = _page()
    _organisation(made)
    _corner(made)
    _heading(made)
    _numbered(made)
    title = _line(made, "{{ заголовок }}", bold=True)
    title.paragraph_format.right_indent = Mm(70)
    title.paragraph_format.space_after = Pt(10)
    _rest(made)
    return made


def report(*, wide: bool = False) -> Any:
    """Return the template of minutes, reports and conclusions: the title in the middle."""
    made = _page(wide=wide)
    _organisation(made)
    _corner(made)
    _heading(made)
    _numbered(made, 252 if wide else TEXT_WIDTH)
    _line(made, "{{ заголовок }}", CENTRE, bold=True).paragraph_format.space_after = Pt(10)
    _rest(made)
    return made


def letter() -> Any:
    """Return the template of letters: to whom, and the number of the letter above its kind."""
    made = _page()
    _organisation(made)
    _corner(made)
    _line(made, "№\u00a0{{ номер }} от {{ дата }}").paragraph_format.space_after = Pt(8)
    _heading(made)
    _line(made, "{{ заголовок }}", CENTRE, bold=True).paragraph_format.space_after = Pt(10)
    _rest(made)
    return made


BUILT: Final[Mapping[str, Callable[[], Any]]] = {
    "order": order,
    "minutes": report,
    "report": report,
    "letter": letter,
    "plan": lambda: report(wide=True),
}


def build(folder: Path) -> None:
    """Write the templates."""
    for name, made in BUILT.items():
        made().save(str(folder / f"{name}.docx"))


if __name__ == "__main__":
    build(Path(__file__).parent)
