"""Editions of documents: what each said when it was issued, and who signed which."""

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Select, func, select

from engine.commands.locked import CaseFacts
from engine.model.documents import Document, DocumentSignature, Edition
from engine.model.people import Organisation
from engine.papers.content import Content, clean, restored, stored
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose document it is: the organisation, the one above it, and the place."""

    organisation: str
    above: str
    place: str


def letterhead(unit: Unit, case: CaseFacts) -> Letterhead:
    """Return the letterhead of the school of a case."""
    found = select(Organisation.id, Organisation.name, Organisation.short_name)
    rows = {row.id: row for row in unit.rows(found.where(Organisation.id.in_(case.path)))}
    above = case.path[-2] if len(case.path) > 1 else 0
    return Letterhead(
        clean(rows[case.path[-1]].name),
        clean(rows[above].name) if above else "",
        clean(rows[case.path[0]].short_name),
    )


def write_edition(unit: Unit, document_id: int, content: Content, task_id: int | None) -> None:
    """Write the next edition of a document; the case is locked, so none comes between."""
    before = select(func.max(Edition.version)).where(Edition.document_id == document_id)
    row = {
        "document_id": document_id,
        "version": (unit.value(before) or 0) + 1,
        "content": stored(content),
        "digest": content.digest,
        "task_id": task_id,
        "at": unit.now,
    }
    unit.add(Edition, row)


def amend(unit: Unit, document_id: int, task_id: int | None, **changes: Any) -> None:
    """Write another edition of a document, with changes in what nobody has signed."""
    content = newest_content(unit, document_id)
    write_edition(unit, document_id, replace(content, **changes), task_id)


def newest_content(unit: Unit, document_id: int) -> Content:
    """Return what the newest edition of a document says."""
    editions = select(Edition.content).where(Edition.document_id == document_id)
    return restored(unit.one(editions.order_by(Edition.version.desc()).limit(1)).content)


def sign(
    unit: Unit, document_id: int, content: Content, capacity: str, *, agrees: bool = True
) -> None:
    """Write that the actor has signed a content; signing the same once more changes nothing."""
    row = {
        "document_id": document_id,
        "person_id": unit.actor.person_id,
        "digest": content.digest,
        "capacity": capacity or "performer",
        "agrees": agrees,
        "at": unit.now,
    }
    same = ("document_id", "person_id", "digest")
    signed = select(DocumentSignature.at).filter_by(**{name: row[name] for name in same})
    if unit.first(signed) is None:
        unit.add(DocumentSignature, row)


def titled(case_id: int, kind: str, title: str) -> Select[*tuple[Any, ...]]:
    """Return the newest document of a case with a kind and a title."""
    found = select(Document.id, Document.number).where(
        Document.case_id == case_id, Document.kind == kind, Document.title == title
    )
    return found.order_by(Document.id.desc()).limit(1)
