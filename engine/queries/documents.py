"""The documents of a case: which there are, who signed them, and what they are printed from."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any, Final

from sqlalchemy import Select, select

from engine.errors import NotFound
from engine.model.cases import Case
from engine.model.documents import (
    Attachment,
    Document,
    DocumentSignature,
    DocumentTemplate,
    Edition,
    Rendition,
)
from engine.model.panels import PanelMember
from engine.model.people import Organisation, Person
from engine.papers.printing import Signed
from engine.papers.wording import position
from engine.queries.blindness import BLIND, PERSONAL, may_read_others
from engine.queries.reviews import look_at_review
from engine.queries.stages import stage_name
from engine.rules.access import Actor, Path, Right, may, path_of
from engine.rules.documents import DOCUMENT_KINDS
from engine.unit import Reader

FORMS: Final = ("docx", "pdf")

# the list ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """Somebody has signed: who, as what, when; who does not agree has a dissenting opinion."""

    name: str
    capacity: str
    at: datetime
    agrees: bool


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition of a document: when it was issued, and why."""

    version: int
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """
    A document of a case with its attached files: (id, name, size in bytes).

    ``stage`` is a name, ``zone`` that of the school; ``editions`` are the newest first, ``signatures`` as they came, those
    under the newest edition only.
    """

    id: int
    zone: str
    stage: str
    kind: str
    number: str
    dated_on: date
    title: str
    text: str
    signatory: str
    files: Sequence[tuple[int, str, int]]
    editions: Sequence[EditionRow]
    signatures: Sequence[SignatureRow]

    @property
    def of_experts(self) -> bool:
        """Tell whether experts speak in it: a copy without their names can be wanted."""
        return self.kind in {DOCUMENT_KINDS[kind] for kind in ("conclusion", "dissent", "opinion")}


def documents(reader: Reader, actor: Actor, case_id: int) -> list[DocumentRow]:
    """Return the documents of a case that the actor may read, oldest first."""
    path = look_at_review(reader, actor, case_id)
    found = _described().where(Document.case_id == case_id).order_by(Document.id)
    others = cache(lambda: may_read_others(reader, actor, case_id))
    rows = [row for row in reader.rows(found) if is_readable(actor, row, path, others)]
    return _listed(reader, rows)


def documents_of_task(reader: Reader, actor: Actor, task_id: int) -> list[DocumentRow]:
    """Return the documents that a task has brought forth, as far as the actor may read them."""
    found = (
        _described()
        .join(Edition, Edition.document_id == Document.id)
        .where(Edition.task_id == task_id)
        .order_by(Document.id)
    )
    rows = []
    for row in reader.rows(found):
        path, others = path_of(row.path), partial(may_read_others, reader, actor, row.case_id)
        if may_see(actor, path, row.case_id) and is_readable(actor, row, path, others):
            rows.append(row)
    return _listed(reader, rows) if rows else []


def _described() -> Select[*tuple[Any, ...]]:
    """Return the columns of a document in a list; who may read it is asked of each row."""
    place = Case.definition_id, Organisation.path, Organisation.zone
    return (
        select(Document, Person.name, *place)
        .join(Case, Case.id == Document.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Document.signatory_id)
    )


def may_see(actor: Actor, path: Path, case_id: int) -> bool:
    """Tell whether the actor may know of a case: he watches it, or sits on its panel."""
    seated = any(grant.case_id == case_id for grant in actor.grants)
    return seated or may(actor, Right.WATCH, path, case_id)


def _listed(reader: Reader, rows: Sequence[Any]) -> list[DocumentRow]:
    keys = [row.id for row in rows]
    files, editions, signatures = (of(reader, keys) for of in (_files, _editions, _signatures))
    return [
        DocumentRow(
            row.id,
            row.zone,
            stage_name(reader, row.definition_id, row.stage),
            DOCUMENT_KINDS[row.kind],
            row.number,
            row.dated_on,
            row.title,
            row.text,
            row.name or "",
            [(file.id, file.name, file.size) for file in files.get(row.id, [])],
            _told(editions.get(row.id, []), signatures.get(row.id, [])),
            _under_newest(editions.get(row.id, []), signatures.get(row.id, [])),
        )
        for row in rows
    ]


def _files(reader: Reader, keys: Sequence[int]) -> Mapping[int, list[Any]]:
    columns = Attachment.id, Attachment.document_id, Attachment.name, Attachment.size
    rows = select(*columns).where(Attachment.document_id.in_(keys))
    return _grouped(reader.rows(rows.order_by(Attachment.id)))


def _editions(reader: Reader, keys: Sequence[int]) -> Mapping[int, list[Any]]:
    columns = Edition.document_id, Edition.version, Edition.digest, Edition.at
    rows = select(*columns).where(Edition.document_id.in_(keys))
    return _grouped(reader.rows(rows.order_by(Edition.version)))


def _signatures(reader: Reader, keys: Sequence[int]) -> Mapping[int, list[Any]]:
    signed = DocumentSignature
    columns = signed.document_id, signed.digest, signed.capacity, signed.at, signed.agrees
    rows = (
        select(*columns, Person.name)
        .join(Person, Person.id == signed.person_id)
        .where(signed.document_id.in_(keys))
        .order_by(signed.at, Person.sort_key)
    )
    return _grouped(reader.rows(rows))


def _grouped(rows: Sequence[Any]) -> Mapping[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.document_id].append(row)
    return found


def _told(editions: Sequence[Any], signatures: Sequence[Any]) -> list[EditionRow]:
    """Return the editions, the newest first, each with what made it."""
    told, before = [], ""
    for row in editions:
        signers = [one.name for one in signatures if one.at == row.at and one.digest == row.digest]
        if row.digest != before:
            why = "выпущен заново" if before else "выпущен"
        else:
            why = f"подпись: {', '.join(signers)}" if signers else "отметка об утверждении"
        told.append(EditionRow(row.version, row.at, why))
        before = row.digest
    return told[::-1]


def _under_newest(editions: Sequence[Any], signatures: Sequence[Any]) -> list[SignatureRow]:
    return [
        SignatureRow(row.name, position(row.capacity), row.at, row.agrees)
        for row in signatures
        if editions and row.digest == editions[-1].digest
    ]


def is_readable(actor: Actor, row: Any, path: Path, others: Callable[[], bool]) -> bool:
    """
    Tell whether the actor may read a document of a case that he may see.

    Args:
        actor: Who reads.
        row: The document.
        path: Of the school.
        others: Tells whether the opinions of others are open to him; asked only when it matters.
    """
    if row.signatory_id == actor.person_id or actor.is_system:
        return True
    if row.kind in PERSONAL:
        return may(actor, Right.PANEL, path)
    return row.kind not in BLIND or others()


# one edition ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperRow:
    """
    An edition of a document as a file: made already (``made``), or what it is to be made of.

    ``template`` is the one that held when the edition was issued, None for the built-in one.
    """

    document_id: int
    version: int
    newest: bool
    content: Mapping[str, Any]
    at: datetime
    zone: str
    made: bytes | None
    signatures: Sequence[Signed]
    template: bytes | None


def paper(reader: Reader, actor: Actor, document_id: int, form: str, version: int = 0) -> PaperRow:
    """
    Return an edition for who may read the document; the newest one without a ``version``.

    Raises:
        NotFound: There is none, or the actor may not know of it.
    """
    place = (
        select(Document, Organisation.path, Organisation.zone)
        .join(Case, Case.id == Document.case_id)
        .join(Organisation, Organisation.id == Case.organisation_id)
    )
    row = reader.one(place.where(Document.id == document_id))
    path, others = path_of(row.path), partial(may_read_others, reader, actor, row.case_id)
    if not (may_see(actor, path, row.case_id) and is_readable(actor, row, path, others)):
        raise NotFound
    editions = select(Edition).where(Edition.document_id == document_id)
    found = reader.rows(editions.order_by(Edition.version.desc()))
    edition = next((one for one in found if version in (0, one.version)), None)
    if edition is None or form not in FORMS:
        raise NotFound
    made = select(Rendition.content).where(
        Rendition.document_id == document_id,
        Rendition.version == edition.version,
        Rendition.form == form,
    )
    content = reader.value(made)
    to_make = content is None
    return PaperRow(
        document_id,
        edition.version,
        edition is found[0],
        edition.content,
        edition.at,
        row.zone,
        content,
        _signed(reader, document_id, edition) if to_make else (),
        template_at(reader, path, row.kind, edition.at) if to_make and form == "docx" else None,
    )


def _signed(reader: Reader, document_id: int, edition: Any) -> list[Signed]:
    """Return who had signed an edition when it was issued."""
    rows = _signatures(reader, [document_id]).get(document_id, [])
    mine = [one for one in rows if one.digest == edition.digest and one.at <= edition.at]
    return [Signed(one.name, one.capacity, one.at, one.agrees) for one in mine]


def experts_of(reader: Reader, document_id: int) -> list[str]:
    """Return the names of those who are or were on the panel of a document's case."""
    case_id = select(Document.case_id).where(Document.id == document_id).scalar_subquery()
    people = select(Person.name).join(PanelMember, PanelMember.person_id == Person.id)
    rows = people.where(PanelMember.case_id == case_id).order_by(PanelMember.id)
    return [row.name for row in reader.rows(rows)]


def template_at(reader: Reader, path: Path, kind: str, at: datetime) -> bytes | None:
    """
    Return the template that held for a kind at a moment: the nearest one above, or None.

    One that was put back leaves the built-in one for all below.
    """
    columns = DocumentTemplate.organisation_id, DocumentTemplate.version, DocumentTemplate.id
    rows = reader.rows(
        select(*columns).where(
            DocumentTemplate.organisation_id.in_(path),
            DocumentTemplate.kind == kind,
            DocumentTemplate.at <= at,
        )
    )
    nearest = max(rows, key=lambda row: (path.index(row[0]), row[1]), default=None)
    if nearest is None:
        return None
    held = select(DocumentTemplate.content).where(DocumentTemplate.id == nearest.id)
    return bytes(reader.value(held)) or None
