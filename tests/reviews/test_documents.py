"""Documents are numbered by kind; files are attached to tasks and go with their document."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.commands.attachments import AttachFile
from engine.errors import NotFound, NotOpen
from engine.model.documents import Attachment, Document
from engine.queries.documents import documents
from engine.queries.files import file
from tests.review import Review
from tests.reviews.conftest import At


def attach(
    review: Review, element: str, content: bytes = b"%PDF", name: str = "протокол.pdf"
) -> int:
    """Attach a file to the only task at an element, by who does it."""
    row = review.open(element)[0]
    command = AttachFile(row.id, name, content)
    return int(review.town.do(command, review.town.holder(row)))


def test_every_task_of_the_way_left_its_document(at: At) -> None:
    """The papers of the model are all there: orders, minutes, opinions, conclusions, notes."""
    kinds = {row.kind for row in at("end").rows(select(Document))}
    assert {
        "order",
        "decision",
        "minutes",
        "request",
        "agenda",
        "analysis",
        "goals",
        "list",
        "declaration",
        "programme",
        "observation",
        "opinion",
        "conclusion",
        "acquaintance",
        "plan",
        "control",
        "publication",
        "record",
        "note",
    } == kinds


def test_documents_of_a_kind_are_counted(at: At) -> None:
    """Those that the case numbers itself go from 1, without a gap."""
    rows = at("end").rows(select(Document).where(Document.kind == "opinion"))
    assert ["1", "2", "3"] == [row.number for row in rows]


def test_a_paper_without_a_number_takes_none_of_the_schools(at: At) -> None:
    """Orders and minutes are numbered in books; without one they are «б/н»."""
    rows = at("end").rows(select(Document).where(Document.kind == "minutes"))
    assert ["1", "б/н 1"] == sorted(row.number for row in rows)


def test_a_number_cannot_be_stored_twice(at: At) -> None:
    """The database refuses it as well."""
    review = at("end")
    stored = review.rows(select(Document))[0]
    with pytest.raises(IntegrityError):
        review.write(Document, {**stored._asdict(), "id": 999})


def test_a_file_goes_with_the_document_of_its_task(at: At) -> None:
    """It is attached at once and belongs to the paper when the task is finished."""
    review = at("s2_pedsovet")
    key = attach(review, "s2_pedsovet")
    assert review.row(select(Attachment)).document_id is None
    review.finish("s2_pedsovet", protocol=[key])
    paper = review.row(select(Document).where(Document.title == "Протокол педагогического совета"))
    stored = review.row(select(Attachment))
    assert (paper.id, 4, 64) == (stored.document_id, stored.size, len(stored.digest))
    with review.town.engine.read() as reader:
        actor = review.town.actor("director.school")
        (row,) = [d for d in documents(reader, actor, review.case_id) if d.id == paper.id]
        assert [(key, "протокол.pdf", 4)] == row.files
        assert b"%PDF" == file(reader, actor, key).content


def test_a_foreign_file_is_not_taken(at: At) -> None:
    """A file of another task, or none at all, is refused at its field."""
    assert ["protocol"] == list(at("s2_pedsovet").refused("s2_pedsovet", protocol=[99]))


def test_files_are_attached_by_who_works_at_an_open_task(at: At) -> None:
    """Nobody else, and not afterwards."""
    review = at("s2_pedsovet")
    (row,) = review.open("s2_pedsovet")
    command = AttachFile(row.id, "а.pdf", b"%PDF")
    with pytest.raises(NotFound):
        review.town.do(command, "secretary.second")
    review.finish("s2_pedsovet")
    with pytest.raises(NotOpen):
        review.town.do(command, "secretary.school")


def test_a_file_is_read_by_who_may_read_its_document(at: At) -> None:
    """Its author always; another school never."""
    review = at("s2_pedsovet")
    key = attach(review, "s2_pedsovet")
    with review.town.engine.read() as reader:
        assert 4 == len(file(reader, review.town.actor("secretary.school"), key).content)
        for who in ("director.school", "director.second"):
            with pytest.raises(NotFound):
                file(reader, review.town.actor(who), key)
