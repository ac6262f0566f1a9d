"""The panel before the review: candidates, declarations, admission, the team, its briefing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from engine.commands.documents import Paper, issue
from engine.commands.recording import day, known, refuse, refuse_another
from engine.commands.services import ServiceCall, service
from engine.commands.subjects import Work, records
from engine.errors import FormInvalid
from engine.model.panels import Briefing, Declaration, PanelMember, panel_of
from engine.model.people import Membership, Organisation, Person, posts_of
from engine.rules.access import Role
from engine.rules.conflicts import GROUNDS, Known, Post, known_conflicts
from engine.rules.scoring import against_team
from engine.unit import Unit

_STATES = {
    "admitted": "reserve",
    "restricted": "reserve",
    "recused": "recused",
    "declined": "declined",
}

# candidates -------------------------------------------------------------------------------------


@records("pool")
def record_pool(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write the candidates; with those admitted before they fill the panel and its reserve.

    Returns:
        The people who are now asked for a declaration.
    """
    rows = work.fields["candidates"]
    before = {row.person_id: row.state for row in unit.rows(panel_of(work.case.id))}
    for number in range(len(rows)):
        _refuse_candidate(unit, work, rows, number, before)
    wanted = work.settings["panel_size"] + work.settings["reserves"]
    admitted = sum(state == "reserve" for state in before.values())
    if admitted + len(rows) < wanted:
        refuse("candidates", f"Кандидатов нужно не меньше {wanted - admitted}: группа и резерв.")
    for row in rows:
        unit.add(PanelMember, _candidate(unit, work, row["person"], row))
    names = ", ".join(_name(unit, row["person"]) for row in rows)
    issue(unit, work, Paper("list", "Кандидаты в эксперты", names))
    return {"candidates": [row["person"] for row in rows]}


def _refuse_candidate(
    unit: Unit,
    work: Work,
    rows: Sequence[Mapping[str, Any]],
    number: int,
    before: Mapping[int, str],
) -> None:
    person, field = rows[number]["person"], f"candidates.{number}.person"
    if person in [row["person"] for row in rows[:number]]:
        refuse(field, "Этот человек уже есть в таблице.")
    if before.get(person) in ("recused", "declined", "withdrawn"):
        refuse(field, "Этот человек отведён или отказался. Предложите другого.")
    if person in before:
        refuse(field, "Этот человек уже в списке дела.")
    if not is_expert(unit, work.case.path[0], person):
        refuse(field, "Выберите эксперта из списка.")
    _refuse_dependent(unit, work, person, field)


def _refuse_dependent(unit: Unit, work: Work, person: int, field: str) -> None:
    """Refuse to invite somebody of whom it is known beforehand that he must be recused."""
    posts = [post.words for known in _known(unit, work, person).values() for post in known]
    if posts:
        refuse(field, f"Не независим: {'; '.join(posts)}. Предложите другого.")


def _known(unit: Unit, work: Work, person: int) -> Known:
    posts = [Post(*row) for row in unit.rows(posts_of(person))]
    return known_conflicts(posts, work.case.path, unit.now)


def is_expert(unit: Unit, root: int, person_id: int) -> bool:
    """Tell whether a person may be asked as an expert in the municipality."""
    held = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Person.active,
            Membership.person_id == person_id,
            Membership.role == Role.EXPERT,
            Organisation.path.startswith(f"{root}/", autoescape=True),
        )
    )
    return unit.value(held.limit(1)) is not None


def _candidate(unit: Unit, work: Work, person: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "case_id": work.case.id,
        "person_id": person,
        "kind": row["kind"],
        "organisation": row.get("organisation", ""),
        "competence": row["competence"],
        "contacts": row.get("contacts", ""),
        "since": unit.now,
    }


def _name(unit: Unit, person_id: int) -> str:
    return str(unit.value(select(Person.name).where(Person.id == person_id)))


# consent and conflict of interest ---------------------------------------------------------------


@records("declaration")
def record_declaration(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write a candidate's consent and declaration; nobody declares for another.

    Returns:
        The facts that the table of conflicts of interest looks at.
    """
    person = work.names.get("candidate", work.names.get("replacement"))
    refuse_another(unit, person, "agree")
    fields = work.fields
    _refuse_hidden(unit, work, person)
    facts = {name: fields.get(name) == "yes" for name in ("agree", *GROUNDS)}
    row = {
        "case_id": work.case.id,
        "task_id": work.task.id,
        "person_id": person,
        "other": _told(fields),
        "restriction": fields.get("restriction", ""),
        "confidentiality": fields["confidentiality"],
        "personal_data_consent": fields["personal_data_consent"],
        "at": unit.now,
    }
    unit.add(Declaration, {**row, **facts})
    issue(unit, work, Paper("declaration", f"Декларация: {_name(unit, person)}"))
    return routed(facts)


def _refuse_hidden(unit: Unit, work: Work, person: int) -> None:
    """Refuse a «no» where the system knows better: what it knows bars, whatever is said."""
    if work.fields["agree"] != "yes":
        return
    end = "Ответьте «Да»; если запись неверна, её исправит администратор."
    hidden = {
        ground: "; ".join(post.words for post in posts)
        for ground, posts in _known(unit, work, person).items()
        if work.fields.get(ground) != "yes"
    }
    if hidden:
        raise FormInvalid(
            {k: [f"По данным системы: {words}. {end}"] for k, words in hidden.items()}
        )


def _told(fields: Mapping[str, Any]) -> str:
    """Return what was said about the grounds, or why the candidate declines."""
    details = [fields.get(f"{ground}_detail", "") for ground in GROUNDS if fields.get(ground)]
    return "\n".join(filter(None, (*details, fields.get("other"), fields.get("why"))))


def routed(facts: Mapping[str, bool]) -> dict[str, bool]:
    """Return the facts by the names that the table of conflicts of interest uses."""
    return {
        "agree": facts["agree"],
        "employed": facts["employed_here"],
        "subordinate": facts["subordinate"],
        "paid": facts["paid_services_3y"],
        "relative": facts["relative_here"],
        "child": facts["child_here"],
    }


@service("admit_candidate")
def admit_candidate(unit: Unit, call: ServiceCall) -> dict[str, Any]:
    """Write what the table decided: into the reserve, recused, or declined."""
    person = call.inputs["person"]
    newest = (
        select(Declaration.restriction)
        .where(Declaration.case_id == call.case.id, Declaration.person_id == person)
        .order_by(Declaration.id.desc())
        .limit(1)
    )
    unit.execute(
        update(PanelMember)
        .where(PanelMember.case_id == call.case.id, PanelMember.person_id == person)
        .values(state=_STATES[call.inputs["verdict"]], restriction=unit.value(newest) or "")
    )
    return {}


# the team ---------------------------------------------------------------------------------------


@records("team")
def record_team(unit: Unit, work: Work) -> dict[str, Any]:
    """
    Write the order on the panel: lawful, of admitted experts only, led by one of them.

    Returns:
        Members and lead; none when the director wants more candidates.
    """
    fields = work.fields
    if fields["decision"] != "approve":
        return {"team": "more", "n_team": 0, "experts": []}
    admitted = {row.person_id: row.kind for row in unit.rows(panel_of(work.case.id, "reserve"))}
    members = sorted(known(admitted, person, "members") for person in fields["members"])
    lead = known(members, fields["lead"], "lead")
    kinds = [admitted[person] for person in members]
    if reasons := against_team(kinds, work.settings["min_experts"]):
        refuse(
            "members",
            f"Состав не годится: {'; '.join(reasons)}. Измените его или верните на подбор.",
        )
    chosen = (PanelMember.case_id == work.case.id) & PanelMember.person_id.in_(members)
    unit.execute(update(PanelMember).where(chosen).values(state="member", since=unit.now))
    leads = (PanelMember.case_id == work.case.id) & (PanelMember.person_id == lead)
    unit.execute(update(PanelMember).where(leads).values(is_lead=True))
    text = ", ".join(_name(unit, person) for person in members)
    title, number = "О составе экспертной группы", fields["order_no"]
    issue(unit, work, Paper("order", title, text, number, day(fields["order_date"])))
    return {"team": "approve", "n_team": len(members), "experts": members, "lead": lead}


@records("briefing")
def record_briefing(unit: Unit, work: Work) -> dict[str, Any]:
    """Write that an expert is prepared for the review."""
    refuse_another(unit, work.names["expert"], "passed")
    row = {
        "case_id": work.case.id,
        "task_id": work.task.id,
        "person_id": work.names["expert"],
        "briefed_on": day(work.fields["briefing_date"]),
        "materials": ", ".join(work.fields["materials"]),
    }
    unit.add(Briefing, row)
    return {}


# instead of an expert who left ------------------------------------------------------------------


@records("replacement")
def record_replacement(unit: Unit, work: Work) -> dict[str, Any]:
    """Return whom the lead takes from the reserve, or nobody."""
    if work.fields["choice"] != "reserve":
        return {"replacement": None}
    reserve = {row.person_id for row in unit.rows(panel_of(work.case.id, "reserve"))}
    return {"replacement": known(reserve, work.fields["person"], "person")}


@records("shortage")
def record_shortage(unit: Unit, work: Work) -> dict[str, Any]:
    """Write the candidate whom the director names because the reserve is spent, if he does."""
    if work.fields["below"] != "appoint":
        return {"replacement": None}
    person = work.fields["person"]
    before = {row.person_id: row.state for row in unit.rows(panel_of(work.case.id))}
    if before.get(person) in ("recused", "declined", "withdrawn", "member"):
        refuse("person", "Этот человек уже в группе, отведён или отказался. Выберите другого.")
    if not is_expert(unit, work.case.path[0], person):
        refuse("person", "Выберите эксперта из списка.")
    _refuse_dependent(unit, work, person, "person")
    if person not in before:
        unit.add(PanelMember, _candidate(unit, work, person, work.fields))
    return {"replacement": person}
