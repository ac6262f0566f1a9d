"""The templates of documents that hold in an organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from engine.errors import NotFound
from engine.model.documents import DocumentTemplate
from engine.model.people import Organisation, Person
from engine.papers.docx import PARTS, WORDS, built_in
from engine.papers.looks import LAYOUTS, look_of
from engine.queries.members import administered
from engine.queries.people import OrganisationRow
from engine.rules.access import Actor
from engine.rules.documents import DOCUMENT_KINDS
from engine.unit import Reader


@dataclass(frozen=True, slots=True)
class HeldTemplate:
    """A template that an administrator has put: where, which version, by whom, when."""

    organisation_id: int
    organisation: str
    version: int
    name: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """
    A kind of document with its template.

    ``held`` is None while the built-in one holds, which is for documents like ``layout``;
    ``own``: it was put for this very organisation and not for one above.
    """

    kind: str
    name: str
    layout: str
    held: HeldTemplate | None
    own: bool


@dataclass(frozen=True, slots=True)
class TemplatesPage:
    """The templates of an organisation, and the organisations that the reader administers."""

    organisation: OrganisationRow
    organisations: Sequence[OrganisationRow]
    templates: Sequence[TemplateRow]


PLACEHOLDERS = {**WORDS, **PARTS}
"""What a template may name, with what is set in its place."""


def templates_page(reader: Reader, actor: Actor, organisation_id: int = 0) -> TemplatesPage:
    """
    Return the templates that hold in an organisation, by default in the topmost one.

    Raises:
        Forbidden: The actor administers nothing.
        NotFound: He does not administer this one.
    """
    places = administered(reader, actor)
    here = next((one for one in places if organisation_id in (0, one.id)), None)
    if here is None:
        raise NotFound
    held = _held(reader, here)
    rows = [_row(kind, held, here.id) for kind in DOCUMENT_KINDS]
    return TemplatesPage(here, places, rows)


def _row(kind: str, held: Sequence[Any], organisation_id: int) -> TemplateRow:
    """Return the row of a kind: the template of the nearest organisation, if it is not empty."""
    mine = next((row for row in held if row.kind == kind), None)
    layout = LAYOUTS[look_of(kind).layout]
    if mine is None or not mine.size:
        return TemplateRow(kind, DOCUMENT_KINDS[kind], layout, None, own=False)
    shown = HeldTemplate(
        mine.organisation_id, mine.short_name, mine.version, mine.name, mine.person, mine.at
    )
    own = mine.organisation_id == organisation_id
    return TemplateRow(kind, DOCUMENT_KINDS[kind], layout, shown, own)


def _held(reader: Reader, here: OrganisationRow) -> list[Any]:
    """Return the templates at or above an organisation, the nearest and newest first."""
    template = DocumentTemplate
    found = (
        select(
            template.organisation_id,
            template.kind,
            template.version,
            template.name,
            template.at,
            func.length(template.content).label("size"),
            Organisation.short_name,
            Organisation.path,
            Person.name.label("person"),
        )
        .join(Organisation, Organisation.id == template.organisation_id)
        .join(Person, Person.id == template.person_id)
        .where(template.organisation_id.in_(here.path))
    )
    return sorted(reader.rows(found), key=lambda row: (-len(row.path), -row.version))


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template as a file."""

    name: str
    content: bytes


def template_file(
    reader: Reader, actor: Actor, organisation_id: int, kind: str, *, original: bool = False
) -> TemplateFile:
    """
    Return the template that holds, or (``original``) the built-in one.

    Raises:
        NotFound: There is no such kind, or the actor does not administer the organisation.
    """
    page = templates_page(reader, actor, organisation_id)
    row = next((one for one in page.templates if one.kind == kind), None)
    if row is None:
        raise NotFound
    if original or row.held is None:
        return TemplateFile(f"{row.name} (встроенный).docx", built_in(look_of(kind).layout))
    content = select(DocumentTemplate.content).where(
        DocumentTemplate.organisation_id == row.held.organisation_id,
        DocumentTemplate.kind == kind,
        DocumentTemplate.version == row.held.version,
    )
    return TemplateFile(row.held.name, bytes(reader.value(content)))
