"""Answers of people are checked with Russian sentences and come out as JSON values."""

from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import FormInvalid
from engine.rules.forms import Form

ASKED = {"required": True}


def form(*components: dict[str, Any]) -> Form:
    """Return a form with these components."""
    schema = {"id": "f", "components": list(components), "properties": {"title": "Форма"}}
    return Form.parse(orjson.dumps(schema))


def field(kind: str = "textfield", key: str = "x", **more: Any) -> dict[str, Any]:
    """Return a component."""
    return {"type": kind, "key": key, "label": "Поле", **more}


def sentences(form: Form, **answers: Any) -> dict[str, list[str]]:
    """Return what is said about refused answers."""
    with pytest.raises(FormInvalid) as refused:
        form.load(answers)
    return refused.value.errors


YES_NO = [{"value": "yes", "label": "Да"}, {"value": "no", "label": "Нет"}]
TABLE = field(
    "table",
    "rows",
    validate=ASKED,
    properties={"columns": [field(key="title", validate=ASKED), field("number", "n")]},
)


@pytest.mark.parametrize(
    ("component", "given", "kept"),
    [
        (field(), "  текст \r\n дальше ", "текст \n дальше"),
        (field("number", decimalDigits=1), "3,55", 3.5),
        (field("number", decimalDigits=2), "1 234.5", 1234.5),
        (field("number"), "12", 12),
        (field("number"), 12.0, 12),
        (field("number"), 0, 0),
        (field("datetime"), "31.12.2026", "2026-12-31"),
        (field("datetime"), "2026-12-31", "2026-12-31"),
        (field("datetime"), date(2026, 12, 31), "2026-12-31"),
        (field("datetime"), datetime(2026, 12, 31, 9, tzinfo=UTC), "2026-12-31"),
        (field("checkbox"), "on", True),
        (field("checkbox"), True, True),
        (field("radio", values=YES_NO), "yes", "yes"),
        (field("checklist", values=YES_NO), "yes", ["yes"]),
        (field("checklist", values=YES_NO), ["yes", "no", "yes"], ["yes", "no"]),
        (field("person"), "7", 7),
        (field("persons"), ["7", 8], [7, 8]),
        (field("filepicker"), ["3"], [3]),
        (field("select", properties={"choices": "goals"}), "12", "12"),
    ],
)
def test_what_html_forms_send_is_understood(component: Any, given: object, kept: object) -> None:
    """Commas, Russian dates, ticks and single choices become plain JSON values."""
    assert {"x": kept} == form(component).load({"x": given})


@pytest.mark.parametrize(
    ("component", "given", "sentence"),
    [
        (field(validate={"maxLength": 3}), "абвг", "Слишком длинно: не больше 3 знаков."),
        (field(validate={"minLength": 3}), "аб", "Слишком коротко: не меньше 3 знаков."),
        (field(), {"a": 1}, "Данные в неверном виде. Заполните поле заново."),
        (field("number"), "3,5", "Введите целое число."),
        (field("number", decimalDigits=1), "много", "Введите число, например 3,5."),
        (field("number", decimalDigits=1), "nan", "Введите число, например 3,5."),
        (field("number"), "1e400", "Введите целое число."),
        (field("number"), True, "Введите целое число."),
        (field("number", validate={"min": 0, "max": 4}), "5", "Введите число от 0 до 4."),
        (field("number", validate={"min": 1}), "0", "Введите число не меньше 1."),
        (field("number", validate={"max": 1}), "2", "Введите число не больше 1."),
        (field("datetime"), "31.02.2026", "Введите дату, например 31.12.2026."),
        (field("datetime"), "9999-01-01", "Введите дату, например 31.12.2026."),
        (field("radio", values=YES_NO), "maybe", "Выберите из списка."),
        (field("person"), "Иванов", "Выберите из списка."),
        (field("person"), "-1", "Выберите из списка."),
        (field("checkbox"), "perhaps", "Поставьте отметку."),
    ],
)
def test_what_does_not_fit_is_refused_in_russian(
    component: Any, given: object, sentence: str
) -> None:
    """Each kind says what it wants."""
    assert {"x": [sentence]} == sentences(form(component), x=given)


@pytest.mark.parametrize("blank", [None, "", "  ", "\0", [], False])
def test_blank_is_not_an_answer(blank: object) -> None:
    """A required field left blank is asked for; another is left out."""
    assert {"x": ["Заполните поле."]} == sentences(form(field(validate=ASKED)), x=blank)
    assert {} == form(field()).load({"x": blank})


def test_a_required_tick_must_be_set() -> None:
    """A consent is given by the tick, not by leaving it out."""
    consent = form(field("checkbox", validate=ASKED))
    assert {"x": ["Поставьте отметку."]} == sentences(consent) == sentences(consent, x="no")
    assert {"x": False} == form(field("checkbox")).load({})


def test_a_required_table_needs_a_row() -> None:
    """Rows wholly blank do not count."""
    assert {"rows": ["Заполните хотя бы одну строку."]} == sentences(
        form(TABLE), rows=[{"title": "", "n": ""}]
    )


def test_an_error_in_a_row_names_the_row() -> None:
    """The path of the sentence leads to the cell; blank rows before it do not count."""
    rows = [{"title": "а"}, {"title": "", "n": "x"}]
    assert {
        "rows.1.n": ["Введите целое число."],
        "rows.1.title": ["Заполните поле."],
    } == sentences(form(TABLE), rows=rows)


def test_unknown_fields_are_refused() -> None:
    """A misspelt field is said, not silently lost."""
    assert {"y": ["Такого поля в форме нет."]} == sentences(form(field()), y="1")


WHY = field("textarea", "why", validate=ASKED, properties={"when": {"field": "x", "equals": "no"}})
CONDITIONAL = (field("radio", values=YES_NO, validate=ASKED), WHY)


def test_a_field_that_is_not_asked_is_left_out() -> None:
    """What a hidden field held is not kept, and it is not asked for."""
    assert {"x": "yes"} == form(*CONDITIONAL).load({"x": "yes", "why": "остаток"})


def test_a_field_that_is_asked_now_must_be_filled() -> None:
    """The condition makes it required."""
    assert {"why": ["Заполните поле."]} == sentences(form(*CONDITIONAL), x="no")
    assert {"x": "no", "why": "так"} == form(*CONDITIONAL).load({"x": "no", "why": "так"})


def test_a_condition_holds_within_a_row() -> None:
    """A column is asked by the other columns of its own row."""
    columns = [field("radio", values=YES_NO), WHY]
    table = field("table", "rows", properties={"columns": columns})
    assert {"rows.1.why": ["Заполните поле."]} == sentences(
        form(table), rows=[{"x": "yes"}, {"x": "no"}]
    )


def test_what_is_checked_passes_again() -> None:
    """Checked answers may be sent in once more: a draft made of them is accepted."""
    whole = form(*CONDITIONAL, TABLE, field("datetime", "d"), field("persons", "p"))
    answers = {
        "x": "no",
        "why": "так",
        "rows": [{"title": "а", "n": "1"}],
        "d": "01.09.2026",
        "p": ["4"],
    }
    once = whole.load(answers)
    assert once == whole.load(once)


WORDS = st.text("aя1,.- \0", max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
ALL = form(
    field(key="text"),
    field("number", "number", decimalDigits=2),
    field("datetime", "day"),
    field("checkbox", "tick"),
    field("checklist", "list", values=YES_NO),
    field("persons", "people"),
    field("filepicker", "files"),
    TABLE,
    *CONDITIONAL,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([one.key for one in ALL.inputs]), JSON))
def test_any_json_is_accepted_or_refused(answers: dict[str, Any]) -> None:
    """Whatever is sent in gives JSON values or sentences, never a crash."""
    try:
        said: object = ALL.load(answers)
    except FormInvalid as refused:
        said = refused.errors or None
    assert said is not None
    assert orjson.dumps(said)


# computed, criteria, evidence -------------------------------------------------------------------

SHARE = field("expression", "share", expression="percent(present, members)", decimalDigits=1)
COUNCIL = form(field("number", "members"), field("number", "present"), SHARE)


def test_what_is_computed_is_computed_here() -> None:
    """Whatever a page or a program claims it to be."""
    sent = {"members": "24", "present": "20", "share": "100"}
    assert {"members": 24, "present": 20, "share": 83.3} == COUNCIL.load(sent)


def test_answers_that_are_not_asked_do_not_count() -> None:
    """A number left in a hidden field is not added."""
    hidden = field("number", "b", properties={"when": {"field": "more", "equals": True}})
    made = field("expression", "total", expression="sum(a, b)")
    asked = form(field("number", "a"), field("checkbox", "more"), hidden, made)
    assert 1 == asked.computed({"a": "1", "b": "5"})["total"]
    assert 6 == asked.computed({"a": "1", "b": "5", "more": True})["total"]


def test_a_row_computes_from_its_own_numbers_and_those_of_the_form() -> None:
    """A column that is computed, and a sum over it below."""
    columns = [
        field("number", "hours"),
        field("expression", "cost", expression="hours * rate"),
    ]
    table = field("table", "rows", properties={"columns": columns})
    asked = form(
        field("number", "rate"), table, field("expression", "all", expression="sum(rows.cost)")
    )
    answers = asked.load({"rate": 100, "rows": [{"hours": 2, "cost": 1}, {"hours": 3}]})
    assert ([200, 300], 500) == ([row["cost"] for row in answers["rows"]], answers["all"])


ITEMS = [{"value": "a", "label": "Положение"}, {"value": "b", "label": "Приказ"}]
CHECKLIST = form(field("evidence", "list", validate=ASKED, properties={"items": ITEMS}))


def test_a_checklist_asks_for_a_verdict_on_each_item() -> None:
    """What is missing is said at its row."""
    said = sentences(CHECKLIST, list=[{"item": "a", "verdict": "yes"}, {"item": "b"}])
    assert {"list.1.verdict": ["Выберите ответ."]} == said


def test_a_lack_needs_a_remark_and_a_link_its_day() -> None:
    """Partly and no ask why; who names a page says when he saw it."""
    rows = [
        {"item": "a", "verdict": "partly", "recheck_on": "2026-12-31"},
        {"item": "b", "verdict": "yes", "link": "https://school.example/order"},
    ]
    assert {"list.0.remark", "list.1.seen_on"} == set(sentences(CHECKLIST, list=rows))


def test_what_is_there_needs_no_remark() -> None:
    """A remark left over from another verdict is not kept."""
    rows = [{"item": i, "verdict": v, "remark": "осталось"} for i, v in (("a", "yes"), ("b", "na"))]
    kept = CHECKLIST.load({"list": rows})["list"]
    assert [{"item", "verdict", "file"}] * 2 == [set(row) for row in kept]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "school.example", "https:// x"])
def test_a_link_is_the_address_of_a_page(address: str) -> None:
    """Nothing else is made a link of."""
    row = {"item": "a", "verdict": "yes", "link": address, "seen_on": "2026-11-25"}
    said = sentences(CHECKLIST, list=[row, {"item": "b", "verdict": "yes"}])
    assert ["list.0.link"] == list(said)


@pytest.mark.parametrize("items", [["a"], ["a", "a"], ["a", "c"], ["a", "b", "b"]])
def test_the_rows_of_a_checklist_are_those_of_its_schema(items: list[str]) -> None:
    """No page of ours leaves one out, or sends one twice."""
    assert sentences(CHECKLIST, list=[{"item": item, "verdict": "yes"} for item in items])


def test_required_files_are_asked_for() -> None:
    """And no more than may be."""
    files = form(field("filepicker", "files", validate={"required": True, "max": 2}))
    assert {"files": ["Приложите файл."]} == sentences(files)
    assert {"files": ["Приложите файл."]} == sentences(files, files=[])
    assert {"files": ["Слишком много: не больше 2."]} == sentences(files, files=[1, 2, 3])
    assert {"files": [1, 2]} == files.load({"files": ["1", "2"]})


SCALE = [{"value": str(n), "label": str(n)} for n in range(5)] + [{"value": "na", "label": "Н/П"}]
CRITERIA = form(
    field("criteria", "marks", values=SCALE, validate=ASKED, properties={"items": ITEMS}),
    field("expression", "total", expression="sum(marks.score)"),
)


@given(st.lists(st.sampled_from([one["value"] for one in SCALE]), min_size=2, max_size=2))
def test_criteria_add_up_without_those_not_applicable(marks: list[str]) -> None:
    """The total is that of the numbers given; every mark of the scale is accepted."""
    rows = [{"item": item, "score": mark} for item, mark in zip("ab", marks, strict=True)]
    numbers = [int(mark) for mark in marks if mark != "na"]
    assert CRITERIA.load({"marks": rows})["total"] == (sum(numbers) if numbers else None)
