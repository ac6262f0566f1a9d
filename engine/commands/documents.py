"""Documents that tasks bring forth."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select, update

from engine.commands.editions import letterhead, sign, titled, write_edition
from engine.commands.labels import said_in
from engine.commands.locked import LockedCase
from engine.commands.recording import refuse, today
from engine.commands.subjects import Work
from engine.model.documents import Attachment, Document
from engine.papers.bodies import Body
from engine.papers.composing import body_of
from engine.papers.content import Block, Content, Signer, clean, paragraphs
from engine.papers.wording import capital, initials, position
from engine.rules.documents import NUMBERED_BY_PEOPLE
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class Paper:
    """
    A document to be written: its kind, title, text; number and date where somebody gave them.

    ``field`` is where the form asks for the number. ``again``: a document of this title is issued
    anew, as its next edition. ``signed``: who finishes the task signs it by that. ``blocks`` are
    its text as it is printed, when it comes of no form.
    """

    kind: str
    title: str
    text: str = ""
    number: str = ""
    dated_on: date | None = None
    field: str = "order_no"
    again: bool = False
    signed: bool = True
    blocks: tuple[Block, ...] = ()


def issue(unit: Unit, work: Work, paper: Paper, **facts: Any) -> int:
    """
    Write the document of a task, signed by who finishes it, with the files of the form.

    Args:
        unit: The transaction of the command.
        work: The task.
        paper: What is written.
        facts: What is printed besides the answers of the form, for its composer.

    Returns:
        Its id. A number that a document of this kind has already is refused at its field.
    """
    body = body_of(said_in(unit, work, facts))
    role, me = work.task.role, unit.actor
    line = Signer(capital(position(role)), initials(clean(me.name)))
    signers = (*body.signers, line) if body.alone else body.signers
    stage = work.node.work.stage if work.node.work else ""
    # The tasks of a called process have no stage of their own: the case stands in one.
    issued = _Issued(work.task.id, stage or work.case.stage, me.person_id or None)
    document, content = _issue(unit, work.case, paper, issued, replace(body, signers=signers))
    if paper.signed and me.person_id:
        sign(unit, document, content, role)
    attach(unit, work, document)
    return document


def issue_unsigned(unit: Unit, case: LockedCase, paper: Paper) -> int:
    """Write a document of a case that no person has written."""
    body = Body(paper.blocks or paragraphs(paper.text))
    return _issue(unit, case, paper, _Issued(None, case.stage, None), body)[0]


@dataclass(frozen=True, slots=True)
class _Issued:
    """By which task a document is issued, in which stage, by whom."""

    task_id: int | None
    stage: str
    person_id: int | None


def _issue(
    unit: Unit, case: LockedCase, paper: Paper, issued: _Issued, body: Body
) -> tuple[int, Content]:
    """Write a document or, if it is issued again, its next edition."""
    dated_on = paper.dated_on or today(unit, case)
    row = {
        "dated_on": dated_on,
        "title": paper.title,
        "text": paper.text,
        "signatory_id": issued.person_id,
        "at": unit.now,
    }
    same = titled(case.id, paper.kind, paper.title)
    before = unit.first(same) if paper.again else None
    if before is None:
        number = _free_number(unit, case.id, paper)
        new = {"case_id": case.id, "task_id": issued.task_id, "stage": issued.stage}
        known = unit.insert(Document, {**new, **row, "kind": paper.kind, "number": number})
    else:
        number, known = before.number, before.id
        unit.execute(update(Document).where(Document.id == known).values(row))
    head = letterhead(unit, case)
    content = Content(
        kind=paper.kind,
        number=clean(number),
        dated_on=dated_on.isoformat(),
        title=clean(paper.title),
        organisation=head.organisation,
        above=head.above,
        place=head.place,
        addressee=body.addressee,
        blocks=body.blocks,
        signers=body.signers,
        annexes=body.annexes,
    )
    write_edition(unit, known, content, issued.task_id)
    return known, content


def _free_number(unit: Unit, case_id: int, paper: Paper) -> str:
    """Return the number that somebody gave, if it is free, or the one that is counted."""
    number = paper.number.strip() or _next_number(unit, case_id, paper.kind)
    same = select(Document.id).where(
        Document.case_id == case_id, Document.kind == paper.kind, Document.number == number
    )
    if unit.value(same) is not None:
        refuse(paper.field, f"Документ с номером {number} в деле уже есть. Проверьте номер.")
    return number


def _next_number(unit: Unit, case_id: int, kind: str) -> str:
    """
    Return the first number that no document of the kind has.

    Orders and minutes are numbered by people in books of their own: without a number they are
    «б/н», so that no number of theirs is taken.
    """
    rows = unit.rows(
        select(Document.number).where(Document.case_id == case_id, Document.kind == kind)
    )
    taken = {row.number for row in rows}
    head = "б/н " if kind in NUMBERED_BY_PEOPLE else ""
    numbers = (f"{head}{n}" for n in range(1, len(taken) + 2))
    return next(number for number in numbers if number not in taken)


def attach(unit: Unit, work: Work, document_id: int) -> None:
    """Make the files that the form names part of a document."""
    form = work.case.process.forms[work.task.form]
    keys = [key for _, found in form.files(work.fields) for key in found]
    if keys:
        mine = update(Attachment).where(Attachment.id.in_(keys), Attachment.task_id == work.task.id)
        unit.execute(mine.values(document_id=document_id))
