"""Templates of documents that an administrator puts in the place of the built-in ones."""

from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import func, select

from engine.bus import Command, handles
from engine.errors import NotFound
from engine.events import TemplateDropped, TemplatePut
from engine.model.documents import DocumentTemplate
from engine.model.people import Organisation
from engine.papers.inspection import Checked
from engine.rules.access import Right, path_of
from engine.rules.documents import DOCUMENT_KINDS
from engine.rules.names import tidy
from engine.unit import Unit

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class PutTemplate(Command[int]):
    """Print a kind of document by one's own template from now on; returns its version."""

    organisation_id: int
    name: str
    template: Checked


@handles(PutTemplate)
def put_template(unit: Unit, command: PutTemplate) -> int:
    """
    Keep the file; it holds for the organisation and all below.

    Raises:
        NotFound: There is no such organisation.
    """
    _allow(unit, command.organisation_id)
    name = tidy(PurePath(command.name.replace("\\", "/")).name)[:_LONGEST_NAME]
    held = _Held(command.organisation_id, command.template.kind)
    version = _keep(unit, held, name or "шаблон.docx", command.template.content)
    kind = DOCUMENT_KINDS[command.template.kind]
    unit.record(TemplatePut(organisation_id=command.organisation_id, kind=kind, version=version))
    return version


@dataclass(frozen=True, slots=True)
class DropTemplate(Command[int]):
    """Print a kind of document by the built-in template again; returns the version of that."""

    organisation_id: int
    kind: str


@handles(DropTemplate)
def drop_template(unit: Unit, command: DropTemplate) -> int:
    """
    Write that the built-in template holds from now on; what was printed before stays.

    Raises:
        NotFound: There is no such kind of document, or organisation.
    """
    _allow(unit, command.organisation_id)
    if command.kind not in DOCUMENT_KINDS:
        raise NotFound
    version = _keep(unit, _Held(command.organisation_id, command.kind), "встроенный", b"")
    kind = DOCUMENT_KINDS[command.kind]
    unit.record(TemplateDropped(organisation_id=command.organisation_id, kind=kind))
    return version


@dataclass(frozen=True, slots=True)
class _Held:
    """Where a template holds, and for which kind."""

    organisation_id: int
    kind: str


def _allow(unit: Unit, organisation_id: int) -> None:
    """Let who administers an organisation go on; its row is locked, so versions are counted."""
    place = select(Organisation.path).where(Organisation.id == organisation_id)
    unit.allow(Right.ADMINISTER, path_of(unit.one(place.with_for_update()).path))


def _keep(unit: Unit, held: _Held, name: str, content: bytes) -> int:
    here = {"organisation_id": held.organisation_id, "kind": held.kind}
    before = unit.value(select(func.max(DocumentTemplate.version)).filter_by(**here))
    version = int(before or 0) + 1
    row = {
        **here,
        "version": version,
        "name": name,
        "content": content,
        "person_id": unit.actor.person_id,
        "at": unit.now,
    }
    unit.insert(DocumentTemplate, row)
    return version
