"""Scores of a panel on each kind of database: one line for each thing, a column for each expert."""

from collections.abc import Mapping

import pytest

from engine.bundles import shipped
from engine.commands.people import GrantRole, RevokeRole
from engine.model.goals import Goal
from engine.model.panels import PanelMember
from engine.model.people import posts_of
from engine.model.reviews import Opinion, OpinionScore
from engine.queries.scores import ScoresPageRow, scores
from engine.rules.access import SYSTEM, Role
from engine.rules.conflicts import Post
from engine.scheduler import tick
from tests.town import Town


@pytest.fixture
def case(town: Town) -> int:
    """Return a review with a panel of three, and two goals to judge."""
    case_id = town.case(town.cycle(shipped("opeko")))
    tick(town.engine)
    with town.engine.unit(SYSTEM) as unit:
        unit.allow_system()
        for number in (1, 2, 3):
            seat = {
                "case_id": case_id,
                "person_id": town.people[f"expert{number}"],
                "kind": "public",
                "state": "member",
                "is_lead": number == 1,
                "competence": "оценка",
                "since": unit.now,
            }
            unit.add(PanelMember, seat)
        for code in "12":
            goal = {"case_id": case_id, "code": code, "title": "Цель", "revision": 1}
            unit.add(Goal, {**goal, "priority": "high", "classification": "experts"})
    return case_id


def submit(town: Town, case_id: int, who: str, marks: Mapping[str, int]) -> None:
    """Write an opinion as it would be recorded."""
    taken = {row.task_id for row in town.rows(Opinion.__table__.select())}
    free = next(row.id for row in town.open_tasks(case_id) if row.id not in taken)
    goals = {row.code: row.id for row in town.rows(Goal.__table__.select())}
    with town.engine.unit(SYSTEM) as unit:
        unit.allow_system()
        row = {"case_id": case_id, "task_id": free, "person_id": town.people[who], "at": unit.now}
        opinion = unit.insert(Opinion, row)
        for code, score in marks.items():
            said = {"opinion_id": opinion, "goal_id": goals[code], "findings": "Видно."}
            unit.add(OpinionScore, {**said, "score": score})


def seen(town: Town, case_id: int, who: str) -> ScoresPageRow:
    """Return the page of somebody."""
    with town.engine.read() as reader:
        return scores(reader, town.actor(who), case_id)


def test_scores_stand_side_by_side_once_all_are_in(town: Town, case: int) -> None:
    """Until then the lead sees who has submitted, and nothing else, whatever the deadline."""
    submit(town, case, "expert1", {"1": 4, "2": 3})
    submit(town, case, "expert2", {"1": 1, "2": 3})
    early = seen(town, case, "expert1")
    assert [True, True, False] == [one.submitted for one in early.experts]
    assert (False, [], []) == (early.is_open, list(early.judges), list(early.rows))
    submit(town, case, "expert3", {"1": 3, "2": 2})
    page = seen(town, case, "expert1")
    assert ["Некто expert1", "Некто expert2", "Некто expert3"] == list(page.judges)
    assert [(4, 1, 3), (3, 3, 2)] == [row.scores for row in page.rows]
    assert [(2.67, 3, True), (2.67, 1, False)] == [
        (row.mean, row.spread, row.diverges) for row in page.rows
    ]


def test_a_role_taken_away_is_remembered(town: Town) -> None:
    """Who worked where and until when, beside what he does today."""
    person, school = town.people["teacher.school"], town.organisations["school"]
    town.do(RevokeRole(person, school, Role.TEACHER))
    town.do(GrantRole(person, town.organisations["second"], Role.DEPUTY))
    posts = [Post(*row) for row in town.rows(posts_of(person))]
    assert [("teacher", "school", town.engine.now()), ("deputy", "second", None)] == [
        (post.role, post.place, post.until) for post in posts
    ]
