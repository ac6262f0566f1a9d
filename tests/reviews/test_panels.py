"""The panel: enough candidates, honest declarations, a lawful team of admitted experts."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from engine.commands.people import GrantRole, RevokeRole
from engine.commands.tasks import CompleteTask
from engine.errors import FormInvalid, NotFound
from engine.model.panels import Briefing, Declaration, PanelMember, panel_of
from engine.rules.access import Role
from tests.review import NO, Review
from tests.reviews.conftest import At


def rows(review: Review, *numbers: int, **more: Any) -> list[dict[str, Any]]:
    """Return candidates by the number of the expert."""
    kinds = ("public", "professional")
    return [
        {
            "person": review.town.people[f"expert{n}"],
            "kind": kinds[n % 2],
            "competence": "оценка",
            "contacts": "тел.",
            **more,
        }
        for n in numbers
    ]


def states(review: Review) -> dict[str, str]:
    """Return who is in which state."""
    found = review.rows(panel_of(review.case_id))
    return {review.person(row.person_id): row.state for row in found}


# candidates -------------------------------------------------------------------------------------


def test_candidates_fill_panel_and_reserve(at: At) -> None:
    """Three for the panel and two for the reserve are the least."""
    review = at("s2_pool")
    said = review.refused("s2_pool", candidates=rows(review, 1, 2, 3, 4))
    assert ["Кандидатов нужно не меньше 5: группа и резерв."] == said["candidates"]
    review.finish("s2_pool", candidates=rows(review, 1, 2, 3, 4, 5))
    assert 5 == len(review.open("s2_coi"))


def test_only_experts_can_be_candidates(at: At) -> None:
    """A teacher of the school is no expert, whatever page he was chosen on."""
    review = at("s2_pool")
    wrong = rows(review, 1, 2, 3, 4, 5)
    wrong[4]["person"] = review.town.people["teacher.school"]
    assert ["candidates.4.person"] == list(review.refused("s2_pool", candidates=wrong))


def test_a_candidate_stands_once(at: At) -> None:
    """One person does not fill two places."""
    review = at("s2_pool")
    twice = rows(review, 1, 2, 3, 4, 4)
    assert ["candidates.4.person"] == list(review.refused("s2_pool", candidates=twice))


# declarations -----------------------------------------------------------------------------------


def test_a_declaration_is_made_by_oneself(at: At) -> None:
    """A candidate's task is his by name: another expert does not even find it."""
    review = at("s2_coi")
    row = review.open("s2_coi")[0]
    with pytest.raises(NotFound):
        review.town.do(CompleteTask(row.id, review.answers(row)), "expert8")


def test_consents_are_part_of_agreeing(at: At) -> None:
    """Nobody takes part without confidentiality and consent to keep his data."""
    said = at("s2_coi").refused("s2_coi", confidentiality=False)
    assert {"confidentiality": ["Поставьте отметку."]} == said


def test_the_table_admits_recuses_and_notes_refusals(at: At) -> None:
    """Employed: recused; a child here: restricted; a refusal: declined; clean: admitted."""
    review = at("s2_coi")
    review.finish("s2_coi", employed_here="yes")
    review.finish("s2_coi", child_here="yes", restriction="9Б, Петрова")
    no = dict.fromkeys(NO)
    review.finish("s2_coi", agree="no", why="уезжаю", **no, confidentiality=False)
    for _ in range(3):
        review.finish("s2_coi")
    found = states(review)
    assert ["recused", "reserve", "declined"] == [found[f"expert{n}"] for n in (1, 2, 3)]
    restricted = panel_of(review.case_id).where(PanelMember.restriction != "")
    assert "expert2" == review.person(review.row(restricted).person_id)
    assert 6 == len(review.rows(select(Declaration)))


def test_a_recused_expert_has_no_task(at: At) -> None:
    """Invariant 2: his declaration is the last he hears of the case."""
    review = at("s2_coi")
    person = review.open("s2_coi")[0].assignee_id
    review.finish("s2_coi", paid_services_3y="yes")
    assert person not in {row.assignee_id for row in review.open()}


def test_silence_in_the_term_is_a_refusal(at: At) -> None:
    """Each candidate's own term runs out; the director goes on with who agreed."""
    review = at("s2_coi")
    for _ in range(3):
        review.finish("s2_coi")
    while not review.open("s2_team"):
        review.next(stop="s2_coi")
    assert ["declined"] * 3 == [states(review)[f"expert{n}"] for n in (4, 5, 6)]


def test_who_was_recused_is_not_proposed_again(at: At) -> None:
    """A second list does not wash off a conflict of interest."""
    review = at("s2_coi")
    review.finish("s2_coi", employed_here="yes")
    review.until("s2_team")
    review.finish("s2_team", decision="more", why="Нужен математик")
    assert ["candidates.0.person"] == list(review.refused("s2_pool", candidates=rows(review, 1)))


# what the system knows --------------------------------------------------------------------------


def employ(review: Review, who: str, role: Role = Role.TEACHER) -> GrantRole:
    """Give somebody a role in the school; return what gave it."""
    given = GrantRole(review.town.people[who], review.town.organisations["school"], role)
    review.town.do(given)
    return given


def test_who_works_in_the_school_is_not_invited(at: At) -> None:
    """The list of candidates says of whom it is known, and why."""
    review = at("s2_pool")
    employ(review, "expert3")
    candidates = rows(review, 1, 2, 3, 4, 5)
    refused = review.refused("s2_pool", candidates=candidates)["candidates.2.person"]
    assert ["Не независим: учитель, school. Предложите другого."] == refused


def test_a_hidden_employment_is_not_taken_for_an_answer(at: At) -> None:
    """The form begins with what is known; «нет» is refused with it, and «да» recuses."""
    review = at("s2_coi")
    row = review.open("s2_coi")[0]
    who = review.person(row.assignee_id)
    employ(review, who)
    assert {"employed_here": "yes"} == dict(review.page(row)[1].values)
    refused = review.refused("s2_coi", employed_here="no")
    assert "По данным системы: учитель, school." in refused["employed_here"][0]
    review.finish("s2_coi", employed_here="yes", employed_here_detail="учу по совместительству")
    assert "recused" == states(review)[who]
    told = select(Declaration.other).where(Declaration.person_id == row.assignee_id)
    assert "учу по совместительству" == review.town.value(told)


def test_who_left_the_school_lately_was_paid_by_it(at: At) -> None:
    """Three years long; what is declined needs no answer to it."""
    review = at("s2_coi")
    row = review.open("s2_coi")[0]
    given = employ(review, review.person(row.assignee_id))
    review.town.do(RevokeRole(given.person_id, given.organisation_id, given.role))
    assert ["paid_services_3y"] == list(review.refused("s2_coi"))
    review.finish("s2_coi", agree="no", why="уезжаю", confidentiality=False)
    assert "declined" == states(review)[review.person(row.assignee_id)]


def test_a_refusal_has_a_reason(at: At) -> None:
    """Whoever looks for another has to know why."""
    assert ["why"] == list(at("s2_coi").refused("s2_coi", agree="no"))


# the team ---------------------------------------------------------------------------------------


def team(review: Review, *numbers: int) -> dict[str, Any]:
    """Return a team by the numbers of its experts, the first leads."""
    people = [review.town.people[f"expert{n}"] for n in numbers]
    return {"members": people, "lead": people[0]}


@pytest.mark.parametrize(
    ("numbers", "why"),
    [
        ((1, 2), "не меньше 3"),
        ((1, 2, 3, 4), "нечётным"),
        ((1, 3, 5), "профессиональный"),
        ((2, 4, 6), "общественный"),
    ],
)
def test_an_unlawful_team_is_refused_with_its_reason(
    at: At, numbers: tuple[int, ...], why: str
) -> None:
    """Three or more, odd, at least one of each kind."""
    review = at("s2_team")
    assert why in review.refused("s2_team", **team(review, *numbers))["members"][0]


def test_a_recused_person_cannot_be_a_member(at: At) -> None:
    """Only who was admitted is on offer, and nobody else is accepted."""
    review = at("s2_coi")
    review.finish("s2_coi", subordinate="yes")
    review.until("s2_team")
    assert ["members"] == list(review.refused("s2_team", **team(review, 1, 2, 3)))


def test_the_lead_is_one_of_the_members(at: At) -> None:
    """Nobody leads a panel from outside."""
    review = at("s2_team")
    outside = {**team(review, 1, 2, 3), "lead": review.town.people["expert4"]}
    assert ["lead"] == list(review.refused("s2_team", **outside))


def test_who_is_not_chosen_stays_in_reserve(at: At) -> None:
    """Three are members, one leads, three wait."""
    review = at("s2_team")
    review.finish("s2_team", **team(review, 1, 2, 3))
    found = states(review)
    assert ["member"] * 3 == [found[f"expert{n}"] for n in (1, 2, 3)]
    assert ["reserve"] * 3 == [found[f"expert{n}"] for n in (4, 5, 6)]
    assert review.town.people["expert1"] == review.lead()


def test_a_director_may_ask_for_more_candidates(at: At) -> None:
    """Those admitted stay, so one more is enough; nobody is asked twice."""
    review = at("s2_team")
    review.finish("s2_team", decision="more", why="Нужен математик")
    known = review.refused("s2_pool", candidates=rows(review, 1))
    assert ["candidates.0.person"] == list(known)
    review.finish("s2_pool", candidates=rows(review, 7))
    assert 1 == len(review.open("s2_coi"))


def test_a_case_has_one_lead(at: At) -> None:
    """The database refuses a second one, and a lead who is no member."""
    review = at("s2_program")
    other = next(r for r in review.rows(panel_of(review.case_id)) if r.state == "reserve")
    second = {**other._asdict(), "id": 99, "person_id": review.town.people["expert8"]}
    for bad in ({"state": "member", "is_lead": True}, {"is_lead": True}):
        with pytest.raises(IntegrityError):
            review.write(PanelMember, {**second, **bad})


def test_every_member_is_briefed(at: At) -> None:
    """The programme begins when all are prepared."""
    review = at("s2_program")
    assert 3 == len(review.rows(select(Briefing)))


def test_nobody_begins_unprepared(at: At) -> None:
    """The confirmation is required."""
    with pytest.raises(FormInvalid, match="Поставьте отметку"):
        at("s2_trainexp").finish("s2_trainexp", passed=False)
