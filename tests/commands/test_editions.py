"""Editions become files when they are asked for: once, whole, and never another time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.clock import FrozenClock
from engine.commands.editions import amend, sign, write_edition
from engine.commands.renditions import KeepRendition
from engine.commands.templates import DropTemplate, PutTemplate
from engine.errors import Forbidden, NotFound
from engine.model.documents import Document, DocumentTemplate, Edition, Rendition
from engine.papers.content import Content, Text
from engine.papers.inspection import Checked, checked
from engine.printer import print_paper
from engine.queries.documents import documents, template_at
from engine.rules.access import SYSTEM
from engine.unit import Unit
from tests.drawn import TWO
from tests.papers.reading import words_of
from tests.papers.test_inspection import written
from tests.town import Town

CONTENT = Content(
    kind="order",
    number="1",
    dated_on="2026-11-25",
    title="О деле",
    organisation="Школа",
    above="",
    place="Город",
    blocks=(Text("Первая редакция."),),
)
ME = "director.school"


def act(town: Town, work: Callable[[Unit], Any], who: str = ME) -> Any:
    """Do something in a transaction of somebody's."""
    with town.engine.unit(town.actor(who)) as unit:
        unit.allow_anyone()
        return work(unit)


@pytest.fixture
def order(town: Town) -> int:
    """Return an order of a case in the first school, with its first edition."""
    case = town.case(town.cycle(TWO))
    row = {
        "case_id": case,
        "task_id": None,
        "stage": "",
        "kind": "order",
        "number": "1",
        "dated_on": date(2026, 11, 25),
        "title": "О деле",
        "text": "",
        "signatory_id": town.people[ME],
    }

    def write(unit: Unit) -> int:
        document = unit.insert(Document, {**row, "at": unit.now})
        write_edition(unit, document, CONTENT, None)
        return document

    return int(act(town, write))


def words(town: Town, order: int, version: int = 0, who: str = ME) -> str:
    """Return what the order says in Word."""
    return words_of(print_paper(town.engine, town.actor(who), order, "docx", version).content)


def files(town: Town) -> list[tuple[int, str]]:
    """Return the files that are kept: version and form."""
    rows = select(Rendition.version, Rendition.form).order_by(Rendition.version, Rendition.form)
    return [tuple(row) for row in town.rows(rows)]


def own(*lines: str) -> Checked:
    """Return a template of orders."""
    return checked("order", written(*lines))


def test_nothing_is_made_before_somebody_asks(town: Town, order: int) -> None:
    """Then each form is made once, and everybody gets the same file."""
    assert [] == files(town)
    first = print_paper(town.engine, town.actor(ME), order, "pdf")
    assert ("Приказ № 1 от 25.11.2026.pdf", b"%PDF") == (first.name, first.content[:4])
    again = print_paper(town.engine, town.actor("coordinator.office"), order, "pdf")
    assert first == again
    words(town, order)
    assert [(1, "docx"), (1, "pdf")] == files(town)


def test_the_first_file_that_is_kept_is_the_file(town: Town, order: int) -> None:
    """Two processes make it at once: the second one's is thrown away, and both send the first."""
    town.engine.do(KeepRendition(order, 1, "docx", written("Первый процесс")), SYSTEM)
    town.engine.do(KeepRendition(order, 1, "docx", written("Второй процесс")), SYSTEM)
    assert "Первый процесс" == words(town, order).strip()


def test_a_program_killed_before_keeping_has_lost_nothing(town: Town, order: int) -> None:
    """The transaction that keeps is undone as a whole; who asks next gets the file."""

    def killed(unit: Unit) -> None:
        row = {"document_id": order, "version": 1, "form": "pdf", "digest": "0" * 64}
        unit.insert(Rendition, {**row, "content": b"%PDF", "at": unit.now})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act(town, killed)
    assert [] == files(town)
    print_paper(town.engine, town.actor(ME), order, "pdf")
    assert [(1, "pdf")] == files(town)


def test_a_document_issued_again_has_another_edition(town: Town, order: int) -> None:
    """The older file stays as it was; without a number one gets the newest."""
    before = words(town, order)
    later = replace(CONTENT, blocks=(Text("Вторая редакция."),))
    act(town, lambda unit: write_edition(unit, order, later, None))
    assert "Вторая редакция." in words(town, order)
    assert before == words(town, order, 1)
    older = print_paper(town.engine, town.actor(ME), order, "pdf", 1)
    assert "Приказ № 1 от 25.11.2026 (редакция 1).pdf" == older.name
    with pytest.raises(NotFound):
        words(town, order, 3)


def test_a_signature_makes_an_edition_with_a_sheet(
    town: Town, order: int, clock: FrozenClock
) -> None:
    """The file from before the signature has none; the text signed has the same digest."""

    def signed(unit: Unit) -> None:
        sign(unit, order, CONTENT, "director")
        amend(unit, order, None)

    assert "Лист подписей" not in words(town, order)
    clock.move_to(clock.now() + timedelta(minutes=1))
    act(town, signed)
    assert "Некто director.school" in words(town, order)
    assert "Лист подписей" not in words(town, order, 1)
    with town.engine.read() as reader:
        (row,) = documents(reader, town.actor(ME), town.rows(select(Document))[0].case_id)
    assert ["подпись: Некто director.school", "выпущен"] == [one.why for one in row.editions]
    assert ["директор"] == [one.capacity for one in row.signatures]
    act(town, lambda unit: sign(unit, order, CONTENT, "director"))
    assert 1 == len({row.digest for row in town.rows(select(Edition))})


def test_a_new_text_has_no_signatures_of_the_old_one(town: Town, order: int) -> None:
    """Who signed one text has not signed another."""
    act(town, lambda unit: sign(unit, order, CONTENT, "director"))
    later = replace(CONTENT, blocks=(Text("Вторая редакция."),))
    act(town, lambda unit: write_edition(unit, order, later, None))
    assert "Лист подписей" in words(town, order, 1)
    assert "Лист подписей" not in words(town, order, 2)


def test_files_are_for_those_who_may_see_the_case(town: Town, order: int) -> None:
    """Another school does not even learn that there is an order."""
    for who in ("deputy.second", "director.far_school", "expert1", "administrator.office"):
        with pytest.raises(NotFound):
            words(town, order, who=who)
    with pytest.raises(NotFound):
        print_paper(town.engine, town.actor(ME), order, "exe")
    with pytest.raises(Forbidden):
        town.engine.do(KeepRendition(order, 1, "pdf", b"%PDF"), town.actor(ME))


def test_the_database_knows_no_file_without_an_edition(town: Town, order: int) -> None:
    """Nor a form that is none."""
    for change in ({"version": 2}, {"form": "exe"}, {"digest": "short"}):
        row = {"document_id": order, "version": 1, "form": "pdf", "digest": "0" * 64}

        def write(unit: Unit, row: Any = row, change: Any = change) -> None:
            unit.insert(Rendition, {**row, **change, "content": b"%PDF", "at": unit.now})

        with pytest.raises(IntegrityError):
            act(town, write)


# templates --------------------------------------------------------------------------------------


def test_a_template_holds_from_then_on(town: Town, order: int, clock: FrozenClock) -> None:
    """For editions issued later; what was issued before is printed as it was meant to be."""
    clock.move_to(clock.now() + timedelta(minutes=1))
    command = PutTemplate(town.organisations["school"], "бланк.docx", own("Бланк", "{{ текст }}"))
    with pytest.raises(NotFound):
        town.do(command, "administrator.far_office")
    assert 1 == town.do(command, "administrator.office")
    assert "Бланк" not in words(town, order)
    act(town, lambda unit: write_edition(unit, order, CONTENT, None))
    assert "Бланк" in words(town, order)


def test_the_nearest_template_wins(town: Town, clock: FrozenClock) -> None:
    """Of the organisation itself, else of the one above; put back, the built-in one holds."""
    office, school = town.organisations["office"], town.organisations["school"]
    above, near = own("Управление", "{{ текст }}"), own("Школа", "{{ текст }}")

    def held(place: str) -> bytes | None:
        path = tuple(town.organisations[name] for name in ("town", "office", place))
        with town.engine.read() as reader:
            return template_at(reader, path, "order", clock.now())

    town.do(PutTemplate(office, "у.docx", above), "administrator.office")
    assert (above.content, above.content) == (held("school"), held("second"))
    town.do(PutTemplate(school, "ш.docx", near), "administrator.office")
    assert (near.content, above.content) == (held("school"), held("second"))
    assert 2 == town.do(DropTemplate(school, "order"), "administrator.office")
    assert (None, above.content) == (held("school"), held("second"))
    assert 3 == town.do(PutTemplate(school, "C:\\ш.docx", near), "administrator.office")
    assert [1, 1, 2, 3] == sorted(row.version for row in town.rows(select(DocumentTemplate)))
    assert {"у.docx", "ш.docx", "встроенный"} == {
        row.name for row in town.rows(select(DocumentTemplate))
    }


@pytest.mark.parametrize("who", ["director.school", "head.office", "administrator.far_office"])
def test_templates_are_put_by_administrators_of_the_place(town: Town, who: str) -> None:
    """Nobody else, and for no kind that there is not."""
    school = town.organisations["school"]
    for command in (
        PutTemplate(school, "x.docx", Checked("order", b"x")),
        DropTemplate(school, "order"),
    ):
        with pytest.raises((Forbidden, NotFound)):
            town.do(command, who)
    with pytest.raises(NotFound):
        town.do(DropTemplate(school, "novel"), "administrator.office")
    with pytest.raises(NotFound):
        town.do(DropTemplate(999, "order"), "administrator.office")
    assert [] == town.rows(select(DocumentTemplate))
