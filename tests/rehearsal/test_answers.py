"""Answers of invented people: valid for any form, and as a scenario wants them."""

from datetime import date
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.answers import Author, Offer
from engine.rules.forms import Form

TODAY = date(2026, 11, 25)


def form(*components: dict[str, Any]) -> Form:
    """Return a form of components."""
    schema = {"id": "try", "properties": {"title": "Проба"}, "components": list(components)}
    return Form.parse(orjson.dumps(schema))


def component(kind: str, key: str = "answer", **more: Any) -> dict[str, Any]:
    """Return a required component."""
    return {"type": kind, "key": key, "label": "Ответ", "validate": {"required": True}, **more}


def answers(asked: Form, offer: Offer | None = None, **chosen: Any) -> dict[str, Any]:
    """Return checked answers: what the form makes of what the author wrote."""
    author = Author(offer or Offer(), TODAY, Random(1))
    return asked.load(author.answers(asked, chosen))


KINDS = [
    component("textfield"),
    component("textarea", validate={"required": True, "minLength": 300}),
    component("textfield", validate={"required": True, "maxLength": 5}),
    component("textfield", properties={"link": True}),
    component("number"),
    component("number", validate={"required": True, "min": 0, "max": 4}),
    component("number", decimalDigits=2, validate={"required": True, "min": 500}),
    component("checkbox"),
    component("radio", values=[{"value": "yes", "label": "да"}, {"value": "no", "label": "нет"}]),
    component("checklist", values=[{"value": "a", "label": "а"}, {"value": "b", "label": "б"}]),
    component("datetime", subtype="date"),
    component("table", properties={"columns": [component("textfield"), component("number", "n")]}),
    {"type": "group", "label": "Раздел", "components": [component("textfield")]},
]


@pytest.mark.parametrize("asked", KINDS)
def test_every_kind_of_field_is_answered(asked: dict[str, Any]) -> None:
    """What is required gets an answer that the form takes, whatever its bounds."""
    assert answers(form(asked))["answer"]


@given(st.integers(-1000, 1000), st.integers(0, 1000), st.integers(0, 3), st.integers())
def test_any_bounds_are_kept(low: int, span: int, digits: int, seed: int) -> None:
    """A number lies within its bounds for every seed."""
    bounds = {"required": True, "min": low, "max": low + span}
    asked = form(component("number", decimalDigits=digits, validate=bounds))
    given = Author(Offer(), TODAY, Random(seed)).answers(asked, {})
    assert low <= asked.load(given)["answer"] <= low + span


def test_what_is_not_required_stays_blank() -> None:
    """Nobody writes more than he must, unless the scenario says so."""
    asked = form({"type": "textfield", "key": "note", "label": "Примечание"})
    assert {} == answers(asked)
    assert {"note": "да"} == answers(asked, note="да")


def test_people_are_chosen_from_those_on_offer() -> None:
    """The first, as few as allowed; or the one at a place, and as many as the scenario says."""
    asked = form(
        component("person", "lead"),
        component("persons", "members", properties={"columns": []}, validate={"required": True}),
    )
    offer = Offer(people={"lead": [7, 8], "members": [7, 8, 9]})
    assert {"lead": 7, "members": [7]} == answers(asked, offer)
    assert {"lead": 8, "members": [7, 8, 9]} == answers(asked, offer, lead=1, members=3)


def test_choices_of_the_host_are_taken() -> None:
    """A list that only the host knows is chosen from like any other, in tables as well."""
    column = component("select", "task", properties={"choices": "tasks"})
    asked = form(component("table", "rows", properties={"columns": [column]}))
    offer = Offer(lists={"tasks": ["t1", "t2"]})
    assert [{"task": "t1"}, {"task": "t1"}] == answers(asked, offer)["rows"]


def test_given_rows_are_completed() -> None:
    """Where the host gives the rows, each is filled in, and a scenario may say how for all."""
    about = component("textfield", "task", properties={"readonly": True})
    columns = [about, component("number", "score")]
    asked = form(component("table", "scores", properties={"columns": columns, "rows": "tasks"}))
    offer = Offer(begun={"scores": [{"task": "t1"}, {"task": "t2"}]})
    assert ["t1", "t2"] == [row["task"] for row in answers(asked, offer)["scores"]]
    assert [4, 4] == [row["score"] for row in answers(asked, offer, scores={"score": 4})["scores"]]
    own = answers(asked, offer, scores=[{"score": 1}, {"score": 2}])["scores"]
    assert [{"task": "t1", "score": 1}, {"task": "t2", "score": 2}] == own


def test_what_the_form_begins_with_is_kept() -> None:
    """A proposal of the page stays, unless the scenario says otherwise."""
    asked = form(component("textfield", "number"), component("textfield", "note"))
    offer = Offer(begun={"number": "12", "note": "draft"})
    assert {"number": "12", "note": "own"} == answers(asked, offer, note="own")


def test_rows_of_a_scenario_replace_proposed_ones() -> None:
    """Rows that are only proposed go; in each the people on offer take turns."""
    columns = [component("textfield", "task"), component("person", "who")]
    asked = form(component("table", "rows", properties={"columns": columns}))
    offer = Offer(people={"rows.who": [7, 8]}, begun={"rows": [{"task": "proposed"}]})
    found = answers(asked, offer, rows=[{"task": "a"}, {"task": "b"}, {"task": "c"}])["rows"]
    assert [("a", 7), ("b", 8), ("c", 7)] == [(row["task"], row["who"]) for row in found]


def test_days_may_be_counted_from_today() -> None:
    """A scenario says `30` for a month from now, or names the date."""
    asked = form(component("datetime", subtype="date"))
    assert "2026-12-25" == answers(asked, answer=30)["answer"]
    assert "2027-05-31" == answers(asked, answer="2027-05-31")["answer"]


@pytest.mark.parametrize(("sign", "keys"), [("yes", {"sign"}), ("no", {"sign", "why"})])
def test_a_question_that_depends_on_another_is_answered_when_asked(
    sign: str, keys: set[str]
) -> None:
    """A reason is given for a refusal only, wherever it stands in the form."""
    why = component("textarea", "why", properties={"when": {"field": "sign", "equals": "no"}})
    options = [{"value": "yes", "label": "да"}, {"value": "no", "label": "нет"}]
    assert keys == answers(form(why, component("radio", "sign", values=options)), sign=sign).keys()


def test_the_same_seed_gives_the_same_answers() -> None:
    """Chance comes from the seed alone."""
    asked = form(component("number"), component("datetime", "on", subtype="date"))
    assert answers(asked) == answers(asked)
