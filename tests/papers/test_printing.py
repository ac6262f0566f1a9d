"""What stands on paper: all that was written, as text, whatever it is."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from engine.papers.content import (
    Annex,
    Content,
    Facts,
    Heading,
    Points,
    Signer,
    Text,
    clean,
    numbered,
    paragraphs,
    restored,
    stored,
    table,
)
from engine.papers.docx import built_in, docx, opened
from engine.papers.looks import LAYOUTS, headed
from engine.papers.pdf import pdf, pictures
from engine.papers.printing import Printed, Signed, file_name, printed
from engine.papers.sample import sample
from engine.papers.templates.build import BUILT
from tests.papers.reading import fonts_of, letters_of, pages_of, words_of

WHEN = datetime(2026, 9, 1, 20, 30, 5, tzinfo=UTC)
HOSTILE = (
    '#eval("1") #import "x" $x$ *жирный* _курсив_ @ссылка <метка> \\ // /* `код` = заголовок',
    "{{ 7*7 }} {% for x in y %} {# нет #} {_{ 7 }_} ''.__class__",
    "<w:p><w:r><w:t>разметка</w:t></w:r></w:p> & &amp; ]]> <!-- -->",
    "=СУММ(A1) DDEAUTO cmd",
)


def content(*texts: str, kind: str = "order", number: str = "12", title: str = "О том") -> Content:
    """Return an order with these paragraphs, and with everything that a document can have."""
    return Content(
        kind=kind,
        number=number,
        dated_on="2026-09-01",
        title=title,
        organisation="Школа № 1",
        above="Управление",
        place="Город",
        addressee="Всем",
        blocks=(
            *(part for text in texts for part in paragraphs(text)),
            Heading("Раздел"),
            Facts((("Кворум", "имеется"),)),
            Points(tuple(map(clean, texts)) or ("Первый.",)),
            numbered("Кто|Что", (1, 2), [(text, text) for text in texts] or [("Я", "всё")]),
        ),
        signers=(Signer("Директор", "И. О. Орлов"), Signer("Председатель")),
        annexes=(Annex("Список", (Text("Приложенное."),)),),
    )


def on_paper(given: Content, *signed: Signed) -> Printed:
    """Return a content as it is printed in Yekaterinburg."""
    return printed(given, signed, "Asia/Yekaterinburg")


DIRECTOR = Signed("Орлов Иван Олегович", "director", WHEN)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_word(text: str) -> None:
    """No sign of Jinja or of Word's own language does anything; every letter arrives."""
    assert 4 == words_of(docx(on_paper(content(text)))).count(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_for_the_typesetter(text: str) -> None:
    """It prints as many pages as harmless text does, and shows the signs themselves."""
    made = pdf(on_paper(content(text)), WHEN)
    assert 2 == pages_of(made)
    assert set(text) - {" "} <= letters_of(made) | {"\u00a0"}


@pytest.mark.parametrize(
    "text", ["ы" * 10_000, "я " * 10_000, "\u200b\u200d\u202eав\x07б\ud800\ue000"]
)
def test_strange_text_is_printed(text: str) -> None:
    """Without end, without spaces, without a width, turned around: a file comes out of it."""
    plain = clean(text)
    whole = on_paper(content(text, number=plain[:40], title=plain))
    assert pages_of(pdf(whole, WHEN)) >= 2
    assert "Приложенное." in words_of(docx(whole))


@pytest.mark.parametrize("kind", ["order", "minutes", "conclusion", "request", "plan"])
def test_every_layout_has_all_parts(kind: str) -> None:
    """Its head, its text, its annexes and its sheet of signatures stand in both files."""
    whole = sample(kind)
    words = words_of(docx(whole))
    for part in (whole.heading, "Средняя школа № 1", "1 сентября 2026 г.", "Первый пункт."):
        assert part in words
    assert words.index("Текст приложения.") < words.index("Лист подписей")
    assert 3 == pages_of(pdf(whole, WHEN))


def test_letters_are_those_of_a_font_inside_the_file() -> None:
    """Cyrillic is embedded, so it looks the same wherever it is opened."""
    made = pdf(sample("order"), WHEN)
    assert set("ПРИКАЗёЁ№«»") - letters_of(made) <= set("ёЁ«»")
    assert {name.split(b"-")[0] for name in fonts_of(made)} == {b"LibertinusSerif"}


def test_the_same_edition_makes_the_same_file() -> None:
    """Nothing of the machine or of the day gets into a PDF."""
    whole = sample("minutes")
    assert pdf(whole, WHEN) == pdf(whole, WHEN)


def test_a_document_stands_on_paper_of_an_office() -> None:
    """A4, margins of 30, 15, 20 and 20 mm; a plan lies on its side."""
    for layout, wide in {name: name == "plan" for name in LAYOUTS}.items():
        section = opened(built_in(layout)).sections[0]
        edges = section.left_margin, section.right_margin, section.top_margin, section.bottom_margin
        assert (30, 15, 20, 20) == tuple(round(edge.mm) for edge in edges)
        assert ((297, 210) if wide else (210, 297)) == (
            round(section.page_width.mm),
            round(section.page_height.mm),
        )
    upright, lying = pictures(sample("order"))[0], pictures(sample("plan"))[0]
    assert upright[16:20] < upright[20:24]
    assert lying[16:20] > lying[20:24]


def test_the_sheet_says_who_signed_in_the_time_of_the_school() -> None:
    """Name, capacity, moment, dissent, and the digest of what was signed."""
    given = content("Текст")
    other = Signed("Пёстрый Ян", "expert", WHEN, agrees=False)
    words = words_of(docx(on_paper(given, DIRECTOR, other)))
    for part in ("Орлов Иван Олегович", "директор", "02.09.2026 01:30:05", "с особым мнением"):
        assert part in words
    assert given.digest in words.replace(" ", "")


def test_without_a_signature_there_is_no_sheet() -> None:
    """It would be an empty page."""
    assert "Лист подписей" not in words_of(docx(on_paper(content("Текст"))))
    assert 2 == pages_of(pdf(on_paper(content("Текст")), WHEN))


def test_what_comes_after_a_signature_is_not_part_of_what_was_signed() -> None:
    """An approval and a dissent leave the digest as it was; another word does not."""
    given = content("Текст")
    later = replace(given, kind="plan", approval=("УТВЕРЖДЁН",), supplements=(Annex("Мнение", ()),))
    assert replace(given, kind="plan").digest == later.digest
    assert given.digest != content("текст").digest
    assert "УТВЕРЖДЁН" in words_of(docx(on_paper(later)))


def test_a_content_survives_being_stored() -> None:
    """What is read back is what was written, and has the same digest."""
    given = content(*HOSTILE)
    assert given == restored(stored(given))
    assert given.digest == restored(stored(given)).digest


@pytest.mark.parametrize(
    ("kind", "title", "heading", "rest"),
    [
        ("order", "О проведении ОПЭКО", "ПРИКАЗ", "О проведении ОПЭКО"),
        ("note", "Итоговая справка", "ИТОГОВАЯ СПРАВКА", ""),
        ("minutes", "Протокол педсовета", "ПРОТОКОЛ", "педсовета"),
        ("opinion", "Индивидуальное заключение", "ИНДИВИДУАЛЬНОЕ ЗАКЛЮЧЕНИЕ", ""),
        ("declaration", "Декларация: Орлов", "ДЕКЛАРАЦИЯ", "Орлов"),
        ("list", "Списочный состав", "СПИСОК", "Списочный состав"),
    ],
)
def test_a_title_does_not_say_its_kind_twice(
    kind: str, title: str, heading: str, rest: str
) -> None:
    """What the heading says, the title leaves out."""
    assert (heading, rest) == headed(kind, title)


def test_a_file_is_called_as_people_call_the_document() -> None:
    """Kind, number, date; what Windows does not take is a hyphen; an older edition says so."""
    assert "Приказ № 12 от 01.09.2026.docx" == file_name(content(), "docx")
    slashed = content(number='12/1:"а')
    assert "Приказ № 12-1--а от 01.09.2026 (редакция 2).pdf" == file_name(slashed, "pdf", 2)


def test_a_column_where_nobody_wrote_is_left_out() -> None:
    """A table of dashes says nothing; its shares go with the rest."""
    made = table("А|Б|В", (1, 2, 3), [("1", "", "3"), ("", "—", "4")])
    assert (("А", "В"), (("1", "3"), ("—", "4")), (1, 3)) == (made.columns, made.rows, made.shares)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_built_in_template_is_what_its_script_builds(layout: str) -> None:
    """Whoever changes the script has built the files anew."""
    assert BUILT[layout]().element.xml == opened(built_in(layout)).element.xml
