"""What somebody at a task wants to know around it: why he, what was decided, what comes next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from engine.model.documents import Document
from engine.model.people import Person
from engine.model.tasks import Submission, Task
from engine.process.around import after, before
from engine.process.model import PEOPLE, Kind, Node
from engine.queries.blindness import BLIND, NOTES, PERSONAL, may_read_answers
from engine.queries.tasks import TaskPageRow
from engine.rules.access import ROLE_NAMES, Actor, Right, Role, may
from engine.rules.documents import DOCUMENT_KINDS
from engine.rules.fields import Field
from engine.rules.forms import Form
from engine.unit import Reader
from engine.versions import Version

NEAREST: Final = 8
"""Elements before a task whose results bear on it."""
SHOWN: Final = 4
"""Decisions that are told, the newest."""
LOOKED_AT: Final = 40


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A document by which something was decided; ``kind`` is its name: «приказ»."""

    id: int
    kind: str
    number: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """
    A task that was done before: what it has decided, by which documents.

    ``times`` is how many did the same work, of whom the last is told; ``answers`` are the
    choices that were made, as (question, answer).
    """

    task_id: int
    title: str
    times: int
    who: str
    at: datetime
    answers: tuple[tuple[str, str], ...]
    papers: tuple[PaperRow, ...]


@dataclass(frozen=True, slots=True)
class NextRow:
    """
    What may follow: ``kind`` is ``work``, ``wait`` or ``end``.

    ``role`` is who gets it, in words; ``together``: others must be ready too.
    """

    kind: str
    title: str
    role: str
    together: bool


@dataclass(frozen=True, slots=True)
class WayRow:
    """What follows after the same ``answers``, which are (question, answer) or none at all."""

    answers: tuple[tuple[str, str], ...]
    steps: Sequence[NextRow]


@dataclass(frozen=True, slots=True)
class Context:
    """
    ``purpose`` is the expected result; ``named`` the decision by which the reader was named.

    ``again``: the task has been done before, and came back.
    """

    purpose: str = ""
    again: bool = False
    named: DecidedRow | None = None
    decided: tuple[DecidedRow, ...] = ()
    ways: tuple[WayRow, ...] = ()


def context(reader: Reader, actor: Actor, page: TaskPageRow) -> Context:
    """Return what is around a task whose page the actor may see; of an ended one its purpose."""
    version = reader.versions.get(page.definition_id)
    node = version.definition.nodes.get(page.element)
    if node is None:
        return Context()
    if page.state != "open":
        return Context(node.purpose)
    led = before(version.definition, node.key)[:NEAREST]
    sent = _done(reader, page, (*led, node.key))
    done = [row for row in sent if row.element != node.key]
    naming = _naming(reader, page, version, actor) if page.personal and page.mine else None
    papers = _papers(reader, actor, page, [*done, *([naming] if naming else [])])
    told = [row for row in done if _may_be_told(reader, actor, page, version, row, papers)]
    return Context(
        node.purpose,
        any(_is_return(page, actor, row) for row in sent),
        _told(version, naming, papers, answers=False) if naming else None,
        tuple(_grouped(version, actor, page, told, papers)),
        tuple(_ways(version, node)),
    )


def _is_return(page: TaskPageRow, actor: Actor, row: Any) -> bool:
    """Tell whether a task comes back: what other experts do at the same step is no return."""
    same = row.element == page.element and not page.item
    return same and (not page.personal or row.person_id == actor.person_id)


# what was decided -------------------------------------------------------------------------------

_SENT = (
    select(
        Submission.task_id,
        Submission.element,
        Submission.fields,
        Submission.at,
        Submission.person_id,
        Task.title,
        Task.form,
        Task.role,
        Person.name,
    )
    .join(Task, Task.id == Submission.task_id)
    .join(Person, Person.id == Submission.person_id)
)

Papers = Mapping[int, Sequence[PaperRow]]


def _done(reader: Reader, page: TaskPageRow, elements: Sequence[str]) -> Sequence[Any]:
    """Return what was sent in at some elements, the newest first."""
    if not elements:
        return ()
    found = _SENT.where(Submission.case_id == page.case_id, Submission.element.in_(elements))
    return reader.rows(found.order_by(Submission.at.desc(), Task.id.desc()).limit(LOOKED_AT))


def _papers(reader: Reader, actor: Actor, page: TaskPageRow, rows: Iterable[Any]) -> Papers:
    """Return the documents of tasks, for who watches the case or sits on its panel."""
    seated = any(grant.case_id == page.case_id for grant in actor.grants)
    tasks = {row.task_id for row in rows}
    if not (tasks and (seated or page.may_watch or page.mine)):
        return {}
    columns = (Document.task_id, Document.id, Document.kind, Document.number, Document.dated_on)
    issued = select(*columns).where(Document.task_id.in_(tasks)).order_by(Document.id)
    found: dict[int, list[PaperRow]] = {}
    for task_id, *paper in reader.rows(issued):
        if paper[1] not in BLIND | PERSONAL:
            key, kind, number, dated_on = paper
            row = PaperRow(key, DOCUMENT_KINDS[kind], number, dated_on)
            found.setdefault(task_id, []).append(row)
    return found


def _may_be_told(
    reader: Reader, actor: Actor, page: TaskPageRow, version: Version, row: Any, papers: Papers
) -> bool:
    """Tell whether the actor may know of a decision; what experts write is shown elsewhere."""
    subject = _subject(version, row.form)
    if subject in BLIND | PERSONAL | NOTES:
        return False
    seated = any(grant.case_id == page.case_id for grant in actor.grants)
    if seated and row.task_id in papers:
        return True
    return may_read_answers(reader, actor, page.case_id, page.path, row.role, subject)


def _grouped(
    version: Version, actor: Actor, page: TaskPageRow, rows: Sequence[Any], papers: Papers
) -> Iterator[DecidedRow]:
    """Yield the last decision of each element."""
    by_element: dict[str, list[Any]] = {}
    for row in rows:
        by_element.setdefault(row.element, []).append(row)
    for same in list(by_element.values())[:SHOWN]:
        reads = page.may_watch and may(actor, Right.WATCH, page.path, page.case_id)
        yield _told(version, same[0], papers, answers=reads, times=len(same))


def _told(
    version: Version, row: Any, papers: Papers, *, answers: bool, times: int = 1
) -> DecidedRow:
    form = _form(version, row.form)
    chosen = tuple(_chosen(form, row.fields)) if form and answers and times == 1 else ()
    papers_of = tuple(papers.get(row.task_id, ()))
    return DecidedRow(row.task_id, row.title, times, row.name, row.at, chosen, papers_of)


def _chosen(form: Form, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what was chosen, where a choice had to be made, and what was added because of it."""
    for one in form.inputs:
        chooses = one.required and one.options and one.kind in ("radio", "select")
        adds = one.when is not None and one.kind == "textarea"
        if (chooses or adds) and fields.get(one.key):
            yield one.label, one.label_of(fields[one.key])


def _form(version: Version, name: str) -> Form | None:
    return version.forms.get(name.removesuffix(".json"))


def _subject(version: Version, name: str) -> str:
    form = _form(version, name)
    return form.subject if form else ""


# who was named ----------------------------------------------------------------------------------


def _naming(reader: Reader, page: TaskPageRow, version: Version, actor: Actor) -> Any:
    """Return the last submission before the task that names its holder, None if none does."""
    choosing = {
        node.key: keys
        for node in version.definition.nodes.values()
        if node.kind in PEOPLE and (keys := _choosing(_form(version, _form_of(node))))
    }
    sent = (row for row in _done(reader, page, list(choosing)) if row.at <= page.opened_at)
    me = str(actor.person_id)
    return next((row for row in sent if me in _people(row.fields, choosing[row.element])), None)


def _form_of(node: Node) -> str:
    return node.work.form if node.work else ""


def _choosing(form: Form | None) -> frozenset[str]:
    """Return the keys of the fields, and of columns, that choose people."""
    fields: list[Field] = [] if form is None else [*form.inputs]
    every = [*fields, *(column for one in fields for column in one.columns)]
    return frozenset(one.key for one in every if one.kind in ("person", "persons"))


def _people(value: Any, keys: frozenset[str]) -> Iterator[str]:
    """Yield the ids that stand under some keys, rows of tables included."""
    for key, given in value.items() if isinstance(value, Mapping) else ():
        if key in keys:
            yield from map(str, given if isinstance(given, list) else [given])
        elif isinstance(given, list):
            for row in given:
                yield from _people(row, keys)


# what comes next --------------------------------------------------------------------------------


def _ways(version: Version, node: Node) -> Iterator[WayRow]:
    nodes = version.definition.nodes
    found: dict[tuple[tuple[str, str], ...], list[NextRow]] = {}
    for one in after(version.definition, node.key):
        there = nodes[one.key]
        kind = "end" if there.kind is Kind.END else "work" if there.kind in PEOPLE else "wait"
        role = there.work.role if there.work else ""
        name = ROLE_NAMES[Role(role)] if role else ""
        found.setdefault(one.answers, []).append(NextRow(kind, there.name, name, one.together))
    return (WayRow(answers, steps) for answers, steps in found.items())
