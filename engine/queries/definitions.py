"""Deployed processes: their versions, for whoever deploys them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from engine.errors import Finding, Forbidden
from engine.model.cases import Case
from engine.model.definitions import Definition
from engine.model.people import Person
from engine.process.model import Setting
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, holds
from engine.unit import Reader
from engine.versions import Version


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A version of a process: who deployed it when, and how many cases run on it."""

    id: int
    key: str
    number: int
    name: str
    hash: str
    deployed_at: datetime
    deployed_by: str
    running: int


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """
    A process: the version that new cases take, and those before it, the newest first.

    ``warnings`` is how many remarks its newest version has.
    """

    newest: DefinitionRow
    older: tuple[DefinitionRow, ...]
    warnings: int


@dataclass(frozen=True, slots=True)
class PlannedTaskRow:
    """A task as it is drawn: in which stage, whose work, its form, and its rule of the date."""

    stage: str
    title: str
    performer: str
    form: str
    due: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form by its name in the diagram; ``fields`` are the questions it asks."""

    key: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefinitionPageRow:
    """
    A version with all that it says; the diagram is the first of its files.

    ``newest_id`` is the version that new cases take.
    """

    definition: DefinitionRow
    newest_id: int
    files: tuple[str, ...]
    settings: tuple[Setting, ...]
    tasks: tuple[PlannedTaskRow, ...]
    forms: tuple[FormRow, ...]
    warnings: tuple[Finding, ...]


def definitions(reader: Reader, actor: Actor) -> list[ProcessRow]:
    """
    Return all processes with their versions.

    Raises:
        Forbidden: The actor deploys nothing.
    """
    _refuse_strangers(actor)
    rows = reader.rows(
        _VERSIONS.order_by(Definition.name, Definition.key, Definition.number.desc())
    )
    versions: dict[str, list[DefinitionRow]] = {}
    for row in rows:
        versions.setdefault(row.key, []).append(DefinitionRow(*row))
    return [
        ProcessRow(found[0], tuple(found[1:]), len(reader.versions.get(found[0].id).warnings))
        for found in versions.values()
    ]


def definition_page(reader: Reader, actor: Actor, definition_id: int) -> DefinitionPageRow:
    """
    Return one version.

    Raises:
        Forbidden: The actor deploys nothing.
        NotFound: There is none.
    """
    _refuse_strangers(actor)
    row = DefinitionRow(*reader.one(_VERSIONS.where(Definition.id == definition_id)))
    newest = select(Definition.id).where(Definition.key == row.key)
    version = reader.versions.get(definition_id)
    others = sorted(set(version.files) - {version.main})
    return DefinitionPageRow(
        row,
        int(reader.value(newest.order_by(Definition.number.desc()).limit(1))),
        (version.main, *others),
        version.definition.settings,
        tuple(_tasks(version)),
        tuple(_forms(version)),
        version.warnings,
    )


def _tasks(version: Version) -> Iterator[PlannedTaskRow]:
    """Yield the tasks of people, stage by stage."""
    stages = {stage.key: stage.name for stage in version.definition.stages}
    drawn = [(node.name, node.work) for node in version.definition.nodes.values() if node.work]
    for name, work in sorted(drawn, key=lambda pair: version.stages.get(pair[1].stage, 0)):
        form = version.forms.get(work.form)
        performer = ROLE_NAMES[Role(work.role)] if work.role else ""
        title = form.title if form else ""
        yield PlannedTaskRow(stages.get(work.stage, ""), name, performer, title, work.due)


def _forms(version: Version) -> Iterator[FormRow]:
    for key, form in sorted(version.forms.items(), key=lambda pair: pair[1].title):
        labels = tuple(field.label for field in form.inputs if field.label)
        yield FormRow(key, form.title, labels)


_VERSIONS = (
    select(
        Definition.id,
        Definition.key,
        Definition.number,
        Definition.name,
        Definition.hash,
        Definition.deployed_at,
        func.coalesce(Person.name, ""),
        select(func.count(Case.id))
        .where(Case.definition_id == Definition.id, Case.status.in_(("running", "suspended")))
        .scalar_subquery(),
    )
    .select_from(Definition)
    .outerjoin(Person, Person.id == Definition.deployed_by)
)


def _refuse_strangers(actor: Actor) -> None:
    if not holds(actor, Right.DEPLOY):
        raise Forbidden
