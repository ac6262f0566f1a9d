"""Individual opinions, and how they are brought together without losing who dissents."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from engine.commands.documents import Paper, issue, issue_unsigned
from engine.commands.locked import LockedCase
from engine.commands.recording import all_given, known, refuse, refuse_another, variable
from engine.commands.services import ServiceCall, service
from engine.commands.subjects import Work, records
from engine.model.goals import Goal, reviewed
from engine.model.panels import PanelMember, panel_of
from engine.model.reviews import (
    Criterion,
    Dissent,
    MergedScore,
    Opinion,
    OpinionScore,
    Recommendation,
    given_scores,
    merged_of,
)
from engine.papers.content import Table, Text, clean
from engine.papers.wording import number
from engine.rules.scoring import Scores, by_expert, kendall_w, merge
from engine.unit import Unit

# one opinion ------------------------------------------------------------------------------------


@records("opinion")
def record_opinion(unit: Unit, work: Work) -> dict[str, Any]:
    """Write an expert's opinion: a score and findings for every goal, and recommendations."""
    fields = work.fields
    refuse_another(unit, work.names["expert"], "goals")
    goals = [row.id for row in unit.rows(reviewed(work.case.id))]
    all_given(fields["goals"], "goal", goals, "goals")
    row = {
        "case_id": work.case.id,
        "task_id": work.task.id,
        "person_id": work.names["expert"],
        "confidence": fields.get("confidence", ""),
        "at": unit.now,
    }
    opinion = unit.insert(Opinion, row)
    for said in fields["goals"]:
        scored = {"opinion_id": opinion, "goal_id": int(said["goal"])}
        unit.add(
            OpinionScore, {**scored, "score": int(said["score"]), "findings": said["findings"]}
        )
    for text in fields["recommendations"]:
        unit.add(Recommendation, {"opinion_id": opinion, "addressee": "", "term": "", **text})
    findings = "\n".join(said["findings"] for said in fields["goals"])
    issue(unit, work, Paper("opinion", "Индивидуальное заключение", findings))
    return {}


# all of them ------------------------------------------------------------------------------------


@service("merge_scores")
def merge_scores(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """
    Write the summary table: mean and range, what diverges, and how the ranks agree.

    Returns:
        How many things diverge, the lowest score, and who is to sign the conclusion.
    """
    case, scores = call.case, by_expert(unit.rows(given_scores(call.case.id)))
    labels = _labels(unit, case.id)
    unit.execute(delete(MergedScore).where(MergedScore.case_id == case.id))
    rows = []
    for (scored, scored_id), given in scores.items():
        merged = merge(list(given.values()))
        row = {
            "case_id": case.id,
            "scored": scored,
            "scored_id": scored_id,
            "label": labels[scored, scored_id],
            "experts": merged.experts,
            "mean": merged.mean,
            "lowest": merged.lowest,
            "highest": merged.highest,
            "diverges": merged.diverges(call.settings["divergence"]),
        }
        rows.append(row)
        unit.add(MergedScore, row)
    issue_unsigned(unit, case, _summary(rows, concordance(scores)))
    return {
        "n_diverging": sum(row["diverges"] for row in rows),
        "lowest": min((row["lowest"] for row in rows), default=4),
        "signers": signers(unit, case),
    }


def _summary(rows: Sequence[Mapping[str, Any]], agreement: float | None) -> Paper:
    """Return the summary table as a document."""
    words = "не определена" if agreement is None else number(round(agreement, 2))
    agreed = f"Согласованность (W Кендалла): {words}"
    lines = (
        (
            clean(row["label"]),
            str(row["experts"]),
            number(round(row["mean"], 2)),
            f"{number(row['lowest'])}–{number(row['highest'])}",
            "расходятся" if row["diverges"] else "",
        )
        for row in rows
    )
    names = ("Критерий, задача", "Экспертов", "Среднее", "Размах", "Оценки")
    table = Table(names, tuple(lines), (5, 2, 2, 2, 2))
    blocks = (table, Text(agreed, "left"))
    return Paper("record", "Сводная таблица оценок", agreed, blocks=blocks)


def concordance(scores: Scores) -> float | None:
    """Return how the experts' orders agree over what all of them have scored."""
    experts = {person for given in scores.values() for person in given}
    common = [given for given in scores.values() if set(given) == experts]
    return kendall_w([[given[person] for given in common] for person in sorted(experts)])


def _labels(unit: Unit, case_id: int) -> dict[tuple[str, int], str]:
    criteria = unit.rows(select(Criterion).where(Criterion.case_id == case_id))
    goals = unit.rows(select(Goal).where(Goal.case_id == case_id))
    return {
        **{("criterion", row.id): f"{row.code}. {row.title}" for row in criteria},
        **{("goal", row.id): f"{row.code}. {row.title}" for row in goals},
    }


def signers(unit: Unit, case: LockedCase) -> list[int]:
    """Return the members whose opinions are in: they sign what comes of them."""
    opinions = select(Opinion.person_id).where(Opinion.case_id == case.id)
    rows = unit.rows(panel_of(case.id, "member").where(PanelMember.person_id.in_(opinions)))
    return sorted(row.person_id for row in rows)


# where they differ ------------------------------------------------------------------------------


@records("reconciliation")
def record_reconciliation(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write what the panel agreed on where its scores diverge; dissent is noted, never averaged.

    Returns:
        Who attaches a dissenting opinion.
    """
    fields = work.fields
    diverging = {row.id: row for row in unit.rows(merged_of(work.case.id)) if row.diverges}
    all_given(fields["scores"], "item", diverging, "scores")
    dissenters = sorted(set(fields["dissenters"]))
    for person in dissenters:
        known(variable(work.case, "signers", []), person, "dissenters")
    if any(row["dissent"] for row in fields["scores"]) != bool(dissenters):
        refuse("dissenters", "Отметьте, где есть несогласие, и назовите, кто остался при своём.")
    for place, row in enumerate(fields["scores"]):
        merged = diverging[int(row["item"])]
        if not merged.lowest <= row["agreed_score"] <= merged.highest:
            refuse(f"scores.{place}.agreed_score", "Оценка лежит вне оценок экспертов.")
        settled = update(MergedScore).where(MergedScore.id == merged.id)
        unit.execute(settled.values(agreed=row["agreed_score"], reason=row["reason"]))
    text = "\n".join(row["reason"] for row in fields["scores"])
    issue(unit, work, Paper("minutes", "Согласительное обсуждение", text))
    return {"dissenters": dissenters}


@records("dissent")
def record_dissent(unit: Unit, work: Work) -> dict[str, Any]:
    """Write a dissenting opinion; nobody writes another's."""
    add_dissent(unit, work, work.names["dissenter"], "reconcile")
    return {}


def add_dissent(unit: Unit, work: Work, person: int, stage: str) -> None:
    """Write a dissenting opinion as a row and as a document of its own."""
    refuse_another(unit, person, "text")
    row = {"case_id": work.case.id, "task_id": work.task.id, "person_id": person, "at": unit.now}
    unit.add(Dissent, {**row, "stage": stage, "text": work.fields["text"]})
    issue(unit, work, Paper("dissent", "Особое мнение эксперта", work.fields["text"]))


@records("round_choice")
def record_round_choice(unit: Unit, work: Work) -> dict[str, Any]:
    """Refuse to leave out, without a reason, a round table that the results call for."""
    fields = work.fields
    if (
        fields["round_table"] == "no"
        and calls_for_round(unit, work.case)
        and not fields.get("reason")
    ):
        refuse(
            "reason", "Есть особое мнение или низкая оценка: напишите, почему без круглого стола."
        )
    return {}


def calls_for_round(unit: Unit, case: LockedCase) -> bool:
    """Tell whether a dissent or a low score suggests a round table (domain 3, g5_round)."""
    dissent = unit.value(select(Dissent.id).where(Dissent.case_id == case.id).limit(1))
    return dissent is not None or variable(case, "lowest", 4) < case.settings["round_score"]
