"""Forms as entries of a page, and answers read back from what a browser sends."""

from typing import Any

import orjson
import pytest
from werkzeug.datastructures import MultiDict

from engine.rules.fields import Option
from engine.rules.forms import Form
from web.answers import answers_from, deed_of, room_after
from web.forms import Sheet, entries, find, summary


def _form(*components: dict[str, Any]) -> Form:
    return Form.parse(
        orjson.dumps(
            {"id": "council", "components": components, "properties": {"title": "Заседание"}}
        )
    )


DECISION = {
    "type": "radio",
    "key": "decision",
    "label": "Решение",
    "values": [{"value": "yes", "label": "Привлечь"}, {"value": "rework", "label": "Доработать"}],
}
REMARKS = {
    "type": "textarea",
    "key": "remarks",
    "label": "Замечания",
    "properties": {"when": {"field": "decision", "equals": "rework"}},
}
GOALS = {
    "type": "table",
    "key": "goals",
    "label": "Задачи",
    "properties": {
        "columns": [
            {"type": "textfield", "key": "title", "label": "Задача"},
            {"type": "checkbox", "key": "urgent", "label": "Срочно"},
        ]
    },
}
OWN = {"type": "checklist", "key": "sources", "label": "Источники", "properties": {"choices": "s"}}
GROUP = {"type": "group", "key": "more", "label": "Ещё", "components": [REMARKS]}
FORM = _form(DECISION, GROUP, GOALS, OWN)


def test_an_entry_carries_what_was_typed_and_what_is_wrong() -> None:
    """A page shows both again, whatever was sent."""
    sheet = Sheet({"decision": "maybe"}, {"decision": ["Выберите из списка."]})
    entry = entries(FORM, sheet)[0]
    assert ("maybe", ("Выберите из списка.",)) == (entry.value, entry.problems)


def test_the_host_offers_lists_by_name() -> None:
    """Options that are not in the schema come from the case."""
    sheet = Sheet({"sources": ["b"]}, lists={"s": [Option("a", "ЕГЭ"), Option("b", "ВПР")]})
    entry = find(entries(FORM, sheet), "sources")
    assert entry is not None
    assert (["ЕГЭ", "ВПР"], "ВПР") == ([o.label for o in entry.options], entry.shown)


def test_a_conditional_field_says_when_it_is_asked() -> None:
    """In words for everybody, and for the script of the page."""
    entry = find(entries(FORM, Sheet()), "remarks")
    assert entry is not None
    assert "Заполните, если «Решение» — Доработать." == entry.only_if
    assert "decision=rework" == entry.when


def test_a_table_has_a_spare_row() -> None:
    """It grows without scripts."""
    sheet = Sheet({"goals": [{"title": "Чтение", "urgent": True}]})
    entry = find(entries(FORM, sheet), "goals")
    assert entry is not None
    assert [["Чтение", True], [None, None]] == [[c.value for c in row] for row in entry.rows]


def test_a_table_grows_by_one_row_when_asked() -> None:
    """Each press adds one to those that the page had, blank or not."""
    sent = MultiDict([("goals.0.title", ""), ("goals.1.title", "Счёт"), ("goals.2.title", "")])
    sheet = Sheet(
        answers_from(FORM, sent), room={"goals": room_after(deed_of("goals", "add"), sent)}
    )
    entry = find(entries(FORM, sheet), "goals")
    assert entry is not None
    assert 4 == len(entry.rows)


def test_a_table_shows_no_more_rows_than_allowed() -> None:
    """Nor a spare one when it is full."""
    short = {**GOALS, "validate": {"max": 1}}
    drawn = entries(_form(short), Sheet({"goals": [{"title": "Чтение"}]}))
    assert 1 == len(drawn[0].rows)


def test_what_a_browser_sends_is_read_back_as_typed() -> None:
    """Ticks are booleans, lists are lists, rows are in their order and blank ones are gone."""
    sent = MultiDict(
        [
            ("decision", "rework"),
            ("remarks", "Первое\r\nвторое"),
            ("goals.10.title", "Счёт"),
            ("goals.2.title", "Чтение"),
            ("goals.2.urgent", "on"),
            ("goals.3.title", ""),
            ("goals.x.title", "не строка"),
            ("sources", "a"),
            ("sources", "b"),
            ("stranger", "1"),
        ]
    )
    assert {
        "decision": "rework",
        "remarks": "Первое\nвторое",
        "goals": [{"title": "Чтение", "urgent": True}, {"title": "Счёт", "urgent": False}],
        "sources": ["a", "b"],
    } == answers_from(FORM, sent)


def test_what_was_read_back_is_shown_again_at_the_same_place() -> None:
    """The path of a problem leads to the row that the page shows, blank rows left out."""
    sent = MultiDict([("goals.0.title", ""), ("goals.5.title", "Чтение")])
    sheet = Sheet(answers_from(FORM, sent), {"goals.0.title": ["Слишком коротко."]})
    entry = find(entries(FORM, sheet), "goals.0.title")
    assert entry is not None
    assert ("Чтение", ("Слишком коротко.",)) == (entry.value, entry.problems)


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        ({"remarks": ["Заполните поле."]}, ("f-remarks", "Замечания: Заполните поле.")),
        (
            {"goals.0.title": ["Заполните поле."]},
            ("f-goals.0.title", "Строка 1 — Задача: Заполните поле."),
        ),
        ({"gone": ["Нет такого поля."]}, ("form", "Нет такого поля.")),
    ],
)
def test_the_summary_links_to_the_field(
    problems: dict[str, list[str]], expected: tuple[str, str]
) -> None:
    """A cell names its row; a problem of no field on the page leads to the form as a whole."""
    assert [expected] == summary(entries(FORM, Sheet()), problems)


def test_what_stands_as_the_year_before_is_marked() -> None:
    """Until somebody changes it; numbers of people come back from a page as text."""
    before = {"sources": ["a"], "goals": [{"title": "Чтение", "urgent": True}]}
    same = Sheet({"sources": ["a"], "goals": [{"title": "Чтение", "urgent": True}]}, before=before)
    changed = Sheet({"sources": ["b"], "goals": [{"title": "Счёт"}]}, before=before)
    for sheet, expected in ((same, True), (changed, False)):
        drawn = entries(FORM, sheet)
        marked = {one.path for one in drawn if one.is_old}
        assert marked == ({"sources", "goals"} if expected else set())
