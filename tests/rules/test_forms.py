"""A schema of a form is read into fields, or refused with every reason."""

import pickle
from typing import Any

import orjson
import pytest

from engine.errors import FormInvalid, FormRefused
from engine.rules.forms import Field, Form, Option, When, check_form


def schema(*components: dict[str, Any], name: str = "write_opinion", **properties: Any) -> bytes:
    """Return the bytes of a form with these components."""
    known = {"title": "Заключение", "subject": "opinion", **properties}
    return orjson.dumps({"id": name, "components": list(components), "properties": known})


def line(key: str = "text", **more: Any) -> dict[str, Any]:
    """Return a component that asks for one line."""
    return {"type": "textfield", "key": key, "label": "Текст", **more}


def test_a_form_has_its_title_subject_and_fields() -> None:
    """Title and subject stand in the properties of the form, fields in its components."""
    form = Form.parse(schema(line(description="Коротко", validate={"required": True})))
    assert ("write_opinion", "Заключение", "opinion") == (form.id, form.title, form.subject)
    assert (Field("text", "textfield", "Текст", hint="Коротко", required=True),) == form.fields


def test_options_are_values_with_labels() -> None:
    """A choice keeps the value and shows the label."""
    values = [{"value": "yes", "label": "Да"}, {"value": "no", "label": "Нет"}]
    (field,) = Form.parse(schema(line(type="radio", values=values))).fields
    assert (Option("yes", "Да"), Option("no", "Нет")) == field.options
    assert "Нет" == field.label_of("no")
    assert "perhaps" == field.label_of("perhaps")


def test_a_table_has_columns() -> None:
    """The columns of a table are fields, listed under its properties."""
    table = {
        "type": "table",
        "key": "goals",
        "label": "Задачи",
        "properties": {"columns": [line("title")], "rows": "goals"},
    }
    (field,) = Form.parse(schema(table)).fields
    assert ("title",) == tuple(column.key for column in field.columns)
    assert "goals" == field.rows


def test_inputs_open_groups_and_leave_paragraphs_out() -> None:
    """What asks something is found inside groups too; a paragraph asks nothing."""
    group = {"type": "group", "label": "Раздел", "components": [line("inner")]}
    form = Form.parse(schema({"type": "text", "text": "Прочтите приказ."}, group, line("outer")))
    assert ["inner", "outer"] == [one.key for one in form.inputs]


def test_only_fields_that_route_reach_the_process() -> None:
    """A text stays in the submission; what is marked as routing goes on, blank as None."""
    form = Form.parse(
        schema(
            line("text"),
            line("sign", properties={"routes": True}),
            line("more", properties={"routes": True}),
        )
    )
    assert {"sign": "yes", "more": None} == form.routing({"text": "long", "sign": "yes"})


def test_a_condition_names_the_field_and_its_values() -> None:
    """A condition may name one value, several, or a tick."""
    hidden = line("why", properties={"when": {"field": "done", "equals": True}})
    form = Form.parse(schema(line("done", type="checkbox"), hidden))
    assert When("done", ("true",)) == form.fields[1].when


@pytest.mark.parametrize(
    ("component", "sentence"),
    [
        ({"type": "button", "key": "b", "label": "Б"}, "тип «button» здесь не поддерживается"),
        ({"type": "textfield", "key": "", "label": "Б"}, "ключ — латинское слово"),
        ({"type": "textfield", "key": "_id", "label": "Б"}, "ключ — латинское слово"),
        ({"type": "textfield", "key": "b"}, "нет подписи"),
        (line(type="radio"), "нужны либо values, либо properties.choices"),
        (line(type="table"), "у таблицы, и только у неё, есть столбцы"),
        (line(validate={"pattern": "(a+)+"}), "«pattern» не поддерживается"),
        (line(conditional={"hide": "=true"}), "«conditional» не поддерживается"),
        (line(properties={"color": "red"}), "«color» не поддерживается"),
        (line(type="number", validate={"min": 5, "max": 1}), "наименьшее больше наибольшего"),
        (line(properties={"when": {"field": "nobody", "equals": "x"}}), "«nobody», его нет"),
        (line(properties={"when": "x"}), "условие пишется как"),
        (line(type="select", values=[{"value": "a", "label": ""}]), "у каждого варианта"),
        (line(type="select", values=[{"value": "a", "label": "А"}] * 2), "варианты повторяются"),
    ],
)
def test_what_nobody_would_act_on_is_refused(component: dict[str, Any], sentence: str) -> None:
    """A word that the page or the check would ignore is a problem, named with its field."""
    problems = check_form("write_opinion", schema(component))
    assert any(sentence in problem for problem in problems), problems
    with pytest.raises(FormRefused):
        Form.parse(schema(component))


def test_all_problems_are_listed_at_once() -> None:
    """An author gets the whole list, not the first reason."""
    assert 2 <= len(
        check_form("write_opinion", schema(line("a"), line("a"), line(type="radio", key="b")))
    )


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"components": 1}', b"x" * 300_000])
def test_what_is_no_form_is_refused(raw: bytes) -> None:
    """Broken, foreign and huge files are refused with a sentence."""
    assert any("Это не схема формы" in problem for problem in check_form("x", raw))


def test_a_form_has_an_id_and_a_title() -> None:
    """Without them a task could not find it, nor a person tell what it is."""
    problems = check_form("", b'{"components": []}')
    assert ["У формы нет id.", "У формы нет названия: properties.title."] == problems


def test_the_id_is_the_name_of_the_file() -> None:
    """A task finds its form by the name of the file, so the id must be the same."""
    assert [] == check_form("write_opinion", schema(line()))
    assert ["id формы «write_opinion», а файл называется «other»."] == check_form(
        "other", schema(line())
    )


def test_refusals_cross_processes() -> None:
    """The sentences of a refused form and of refused answers survive pickling."""
    refused = pickle.loads(pickle.dumps(FormRefused(["Нет id."])))  # noqa: S301 - our own bytes
    invalid = pickle.loads(pickle.dumps(FormInvalid({"a": ["Заполните."]})))  # noqa: S301
    assert "Форму нельзя показать: Нет id." == refused.sentence
    assert {"a": ["Заполните."]} == invalid.errors
