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


@pytest.mark.parametrize("blank", [None, "", "  ", [], False])
def test_blank_is_not_an_answer(blank: object) -> None:
    """A required field left blank is asked for; another is left out."""
    assert {"x": ["Заполните поле."]} == sentences(form(field(validate=ASKED)), x=blank)
    assert {} == form(field()).load({"x": blank})


def test_a_required_tick_must_be_set() -> None:
    """A consent is given by the tick, not by leaving it out."""
    assert {"x": ["Поставьте отметку."]} == sentences(form(field("checkbox", validate=ASKED)))
    assert {"x": False} == form(field("checkbox")).load({})


def test_a_required_table_needs_a_row() -> None:
    """Rows wholly blank do not count."""
    assert {"rows": ["Заполните поле."]} == sentences(form(TABLE), rows=[{"title": "", "n": ""}])


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
