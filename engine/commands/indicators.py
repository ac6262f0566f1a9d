"""Monitoring: what the sources give, what students achieved, and how it compares."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select

from engine.commands.documents import Paper, issue
from engine.commands.locked import LockedCase
from engine.commands.recording import day, refuse, variable
from engine.commands.services import ServiceCall, service
from engine.commands.subjects import Work, records
from engine.model.cases import Cycle
from engine.model.goals import Deficit, SchoolUnit, reviewed
from engine.model.indicators import (
    Achievement,
    Comparison,
    Dataset,
    IndicatorValue,
    newest_datasets,
    values_of,
    values_of_year,
)
from engine.rules.comparing import SHARES, Care, Compared, Measured, compare
from engine.rules.indicators import Indicator, indicator, listed, source_label
from engine.unit import Unit

_WHOLE = 100
"""Per cent."""

# what is to be collected ------------------------------------------------------------------------


@service("plan_collection")
def plan_collection(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Return the sources, classes and associations that are asked, each with its label."""
    return {
        "sources": [_source(key) for key in listed(call.settings["sources"])],
        "classes": _units(unit, call, "class", "classes"),
        "associations": _units(unit, call, "association", "associations"),
    }


def _source(key: str) -> dict[str, str]:
    return {"key": key, "label": source_label(key)}


def _units(unit: Unit, call: ServiceCall, kind: str, setting: str) -> list[dict[str, Any]]:
    """Return the units that the school has described, else those of the setting."""
    described = select(SchoolUnit.name, SchoolUnit.head_id).where(
        SchoolUnit.organisation_id == call.case.organisation_id, SchoolUnit.kind == kind
    )
    rows = unit.rows(described.order_by(SchoolUnit.id))
    found = [{"label": row.name, "who": row.head_id} for row in rows]
    return found or [{"label": name, "who": None} for name in listed(call.settings[setting])]


# what comes in ----------------------------------------------------------------------------------


@records("dataset")
def record_dataset(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write what one source gave; a source without data and without a reason is asked again.

    Returns:
        The mandatory sources still missing, their number, and how many have a reason.
    """
    source = work.names["source"]["key"]
    dataset = unit.insert(Dataset, _dataset(unit, work, source, 0))
    for number, row in enumerate(work.fields.get("rows", [])):
        for value in _values(row, number):
            unit.add(IndicatorValue, {"dataset_id": dataset, "source": source, **value})
    _refuse_twice(work.fields.get("rows", []))
    issue(unit, work, Paper("record", f"Данные: {source_label(source)}, {work.fields['period']}"))
    return _coverage(unit, work.case)


def _dataset(unit: Unit, work: Work, source: str, round_: int) -> dict[str, Any]:
    why = work.fields.get("why", "")
    absent = "waived" if why else "missing"
    return {
        "case_id": work.case.id,
        "task_id": work.task.id,
        "round": round_,
        "source": source,
        "period": work.fields["period"],
        "state": absent if work.fields["not_available"] else "present",
        "why": why,
        "at": unit.now,
    }


def _values(row: Mapping[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """Yield the values of one row of the form; those who failed become a share of all."""
    students, failed = row.get("n_students"), row.get("threshold_fail")
    if failed is not None and (students is None or failed > students):
        refuse(f"rows.{number}.threshold_fail", "Укажите, из скольких учащихся: не меньше этого.")
    given = {
        "mean": row.get("mean"),
        "quality": row.get("quality_pct"),
        "progress": row.get("progress_pct"),
        "failed": round(100 * failed / students, 1) if students and failed is not None else None,
    }
    if all(value is None for value in given.values()):
        refuse(f"rows.{number}.mean", "В строке нет ни одного показателя.")
    common = {"subject": row["subject"], "grade": row.get("grade", ""), "students": students}
    for measure, value in given.items():
        if value is not None:
            yield {**common, "measure": measure, "value": value}


def _refuse_twice(rows: list[Mapping[str, Any]]) -> None:
    seen = set()
    for number, row in enumerate(rows):
        key = (row["subject"], row.get("grade", ""))
        if key in seen:
            refuse(f"rows.{number}.subject", "Этот предмет и класс уже есть в таблице.")
        seen.add(key)


def _coverage(unit: Unit, case: LockedCase) -> dict[str, Any]:
    """Return which mandatory sources are missing, and how many are absent with a reason."""
    states = {row.source: row.state for row in unit.rows(newest_datasets(case.id, 0))}
    mandatory = listed(case.settings["mandatory_sources"])
    missing = [key for key in mandatory if states.get(key, "missing") == "missing"]
    waived = sum(states.get(key) == "waived" for key in mandatory)
    return {
        "missing": [_source(key) for key in missing],
        "n_missing": len(missing),
        "n_waived": waived,
    }


@records("achievements")
def record_achievements(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the achievements of a class."""
    for row in work.fields.get("achievements", []):
        unit.add(
            Achievement,
            {
                **row,
                "case_id": work.case.id,
                "task_id": work.task.id,
                "class_name": work.names["class_unit"]["label"],
                "achieved_on": day(row["achieved_on"]),
            },
        )
    return {}


# what it means ----------------------------------------------------------------------------------


@service("compare_results")
def compare_results(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Write the comparison with last year and with the schools of the municipality."""
    case, settings = call.case, call.settings
    care = Care(settings["few_students"], settings["notable_change"])
    cycle = unit.one(
        select(Cycle.definition_key, Cycle.school_year).where(Cycle.id == case.cycle_id)
    )
    years = [_year(unit, cycle.definition_key, cycle.school_year - ago, case) for ago in (0, 1)]
    unit.execute(delete(Comparison).where(Comparison.case_id == case.id))
    n_worse = 0
    for row in unit.rows(values_of(case.id, 0)):
        what = Indicator(row.source, row.subject, row.grade, row.measure)
        peers = [
            m.value for place, m in years[0].get(what, {}).items() if place != case.organisation_id
        ]
        last = years[1].get(what, {}).get(case.organisation_id)
        line = compare(row.measure, Measured(row.value, row.students), last, peers, care)
        unit.add(Comparison, _line(case.id, row, line, last))
        n_worse += line.verdict == "worse"
    return {"n_worse": n_worse}


Year = Mapping[Indicator, Mapping[int, Measured]]


def _year(unit: Unit, definition_key: str, school_year: int, case: LockedCase) -> Year:
    """Return the values of a year by indicator and school."""
    found: dict[Indicator, dict[int, Measured]] = {}
    for row in unit.rows(values_of_year(definition_key, school_year, case.path[0])):
        what = Indicator(row.source, row.subject, row.grade, row.measure)
        found.setdefault(what, {})[row.organisation_id] = Measured(row.value, row.students)
    return found


def _line(case_id: int, row: Any, line: Compared, last: Measured | None) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "source": row.source,
        "subject": row.subject,
        "grade": row.grade,
        "measure": row.measure,
        "value": row.value,
        "students": row.students,
        "last_year": None if last is None else last.value,
        "change": line.change,
        "peers": line.peers,
        "peer_mean": line.mean,
        "peer_median": line.median,
        "percentile": line.percentile,
        "verdict": line.verdict,
        "caution": line.caution,
    }


@records("analysis")
def record_analysis(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the analytical report and the weak points that it names."""
    for row in work.fields["deficits"]:
        common = {"case_id": work.case.id, "task_id": work.task.id, "cause": ""}
        unit.add(Deficit, {**common, **row})
    text = f"{work.fields['strengths']}\n\n{work.fields['conclusion']}"
    issue(unit, work, Paper("analysis", "Анализ деятельности педагогического коллектива", text))
    return {}


# the same indicators again ----------------------------------------------------------------------


def wanted_indicators(unit: Unit, case: LockedCase) -> list[Indicator]:
    """Return the indicators of the reviewed goals, each once."""
    keys = dict.fromkeys(row.indicator for row in unit.rows(reviewed(case.id)))
    return [found for found in map(indicator, keys) if found is not None]


@service("list_indicators")
def list_indicators(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Return how many indicators are to be measured again."""
    return {"n_indicators": len(wanted_indicators(unit, call.case))}


@records("remeasurement")
def record_remeasurement(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the values of the goals' indicators in this round: all of them, and no others."""
    round_ = variable(work.case, "control_round", 0) + 1
    wanted = {one.key: one for one in wanted_indicators(unit, work.case)}
    rows = {row["indicator"]: row for row in work.fields.get("rows", [])}
    if sorted(rows) != sorted(wanted):
        refuse("rows", "Заполните каждую строку: ни одна не пропущена и не добавлена.")
    datasets: dict[str, int] = {}
    for number, (key, row) in enumerate(rows.items()):
        if wanted[key].measure in SHARES and row["value"] > _WHOLE:
            refuse(f"rows.{number}.value", "Доля не бывает больше 100 %.")
    for key, what in wanted.items():
        if what.source not in datasets:
            head = {"period": f"контрольный этап {round_}", "state": "present", "why": ""}
            row = {"case_id": work.case.id, "task_id": None, "round": round_, "at": unit.now}
            datasets[what.source] = unit.insert(Dataset, {**row, **head, "source": what.source})
        unit.add(
            IndicatorValue,
            {
                "dataset_id": datasets[what.source],
                "source": what.source,
                "subject": what.subject,
                "grade": what.grade,
                "measure": what.measure,
                "value": rows[key]["value"],
                "students": rows[key].get("n_students"),
            },
        )
    issue(
        unit,
        work,
        Paper("record", f"Повторное измерение, этап {round_}", work.fields.get("note", "")),
    )
    return {}
