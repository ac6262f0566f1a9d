"""The conclusion of the first stage: written, signed, read by the school, answered."""

from typing import Any

from sqlalchemy import select, update

from engine.commands.documents import Paper, issue
from engine.commands.editions import amend, newest_content, sign, titled
from engine.commands.opinions import add_dissent
from engine.commands.recording import all_given, refuse, refuse_another
from engine.commands.subjects import Work, records
from engine.model.goals import reviewed
from engine.model.reviews import (
    Conclusion,
    ConclusionItem,
    Dissent,
    Objection,
    Signature,
    conclusion_of,
    counting_opinions,
)
from engine.papers.content import Annex, paragraphs
from engine.papers.wording import initials
from engine.unit import Unit

_TITLE = "Заключение по результатам первого этапа"


@records("conclusion")
def record_conclusion(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the conclusion for every goal; every dissenting opinion so far goes with it."""
    refuse_too_few(unit, work, "summary")
    fields = work.fields
    goals = [row.id for row in unit.rows(reviewed(work.case.id))]
    all_given(fields["items"], "goal", goals, "items")
    row = {
        "case_id": work.case.id,
        "task_id": work.task.id,
        "stage": "first",
        "round": 0,
        "summary": fields["summary"],
        "at": unit.now,
    }
    conclusion = unit.insert(Conclusion, row)
    for item in fields["items"]:
        unit.add(
            ConclusionItem,
            {
                "conclusion_id": conclusion,
                "goal_id": int(item["goal"]),
                "text": item["conclusion"],
                "level": item["level"],
                "recommendations": item["recommendations"],
            },
        )
    text = with_dissents(unit, work.case.id, fields["summary"])
    issue(unit, work, Paper("conclusion", _TITLE, text, signed=False))
    return {}


def refuse_too_few(unit: Unit, work: Work, field: str) -> None:
    """Refuse to go on with fewer signed opinions than the setting demands (invariant 3)."""
    found, least = len(unit.rows(counting_opinions(work.case.id))), work.settings["min_experts"]
    if found < least:
        refuse(field, f"Сдано заключений экспертов: {found}, а нужно не меньше {least}.")


def with_dissents(unit: Unit, case_id: int, text: str) -> str:
    """Return a text of the panel with every dissenting opinion of the case, word for word."""
    rows = unit.rows(select(Dissent.text).where(Dissent.case_id == case_id).order_by(Dissent.id))
    return "\n\n".join([text, *(f"Особое мнение: {row.text}" for row in rows)])


@records("signature")
def record_signature(unit: Unit, work: Work) -> dict[str, Any]:
    """Write an expert's signature; who does not agree signs with a dissenting opinion."""
    refuse_too_few(unit, work, "sign")
    person = work.names["signer"]
    refuse_another(unit, person, "sign")
    conclusion = unit.one(conclusion_of(work.case.id, "first"))
    agrees = work.fields["sign"] == "agree"
    row = {"conclusion_id": conclusion.id, "person_id": person, "task_id": work.task.id}
    unit.add(Signature, {**row, "agrees": agrees, "at": unit.now})
    if not agrees:
        add_dissent(unit, work, person, "sign")
    _sign_paper(unit, work, agrees=agrees)
    return {}


def _sign_paper(unit: Unit, work: Work, *, agrees: bool) -> None:
    """Sign the printed conclusion: its next edition has the signature, and the dissent with it."""
    document = unit.one(titled(work.case.id, "conclusion", _TITLE)).id
    content = newest_content(unit, document)
    supplements = content.supplements
    if not agrees:
        title = f"Особое мнение: {initials(unit.actor.name)}"
        supplements += (Annex(title, paragraphs(work.fields["text"])),)
    sign(unit, document, content, work.task.role, agrees=agrees)
    amend(unit, document, work.task.id, supplements=supplements)


@records("acquaintance")
def record_acquaintance(unit: Unit, work: Work) -> dict[str, Any]:
    """Write that the school has read the conclusion, and what it objects to."""
    rows = work.fields["objections"]
    for row in rows:
        common = {"case_id": work.case.id, "task_id": work.task.id, "evidence": ""}
        unit.add(Objection, {**common, **row})
    text = f"Возражений: {len(rows)}"
    issue(unit, work, Paper("acquaintance", "Ознакомление с заключением", text))
    return {"n_objections": len(rows)}


@records("objection_answer")
def record_objection_answer(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the lead's answer to every objection; it is given once."""
    rows = work.fields["answers"]
    open_ones = select(Objection.id).where(
        Objection.case_id == work.case.id, Objection.accepted.is_(None)
    )
    all_given(rows, "objection", [row.id for row in unit.rows(open_ones)], "answers")
    for row in rows:
        answered = update(Objection).where(Objection.id == int(row["objection"]))
        unit.execute(answered.values(accepted=row["accepted"] == "yes", answer=row["answer"]))
    text = "\n".join(row["answer"] for row in rows)
    issue(unit, work, Paper("answer", "Ответ на возражения", text))
    return {}
