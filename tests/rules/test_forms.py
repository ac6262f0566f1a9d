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
        "properties": {"columns": [line("title", properties={"readonly": True})], "rows": "goals"},
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


def test_a_group_lends_its_condition_to_what_stands_in_it() -> None:
    """What is asked inside is asked only when the group is."""
    group = {
        "type": "group",
        "label": "Подробнее",
        "components": [line("inner")],
        "properties": {"when": {"field": "more", "equals": True}},
    }
    inner = Form.parse(schema(line("more", type="checkbox"), group)).inputs[1]
    assert ("inner", When("more", ("true",))) == (inner.key, inner.when)


def test_two_conditions_at_once_are_refused() -> None:
    """A field with a condition inside a group with another one could mean two things."""
    inner = line("inner", properties={"when": {"field": "more", "equals": True}})
    group = {
        "type": "group",
        "label": "Подробнее",
        "components": [inner],
        "properties": {"when": {"field": "more", "equals": True}},
    }
    (problem,) = check_form("write_opinion", schema(line("more", type="checkbox"), group))
    assert "условие уже есть у раздела" in problem


def test_a_list_of_the_editor_is_a_table() -> None:
    """What the editor of form-js calls a dynamic list has components instead of columns."""
    listed = {"type": "dynamiclist", "path": "staff", "label": "Кто", "components": [line("name")]}
    (field,) = Form.parse(schema(listed)).fields
    assert ("staff", "table", ["name"]) == (field.key, field.kind, [c.key for c in field.columns])


SCALE = [{"value": "0", "label": "0 — нет"}, {"value": "1", "label": "1 — да"}]


def test_criteria_bring_their_columns() -> None:
    """A scale and a list are enough: score, comment and evidence come by themselves."""
    given = line(type="criteria", values=SCALE, properties={"rows": "criteria"})
    (field,) = Form.parse(schema(given)).fields
    assert ["item", "score", "comment", "evidence"] == [one.key for one in field.columns]
    assert ("criteria", "item", True) == (field.style, field.subject, field.is_given)


def test_criteria_may_have_columns_of_their_own() -> None:
    """A form that its recorder reads by other names keeps them."""
    columns = [
        line("goal", type="select", properties={"choices": "goals", "readonly": True}),
        line("mark", type="radio", values=SCALE),
    ]
    given = line(type="criteria", properties={"rows": "goals", "columns": columns})
    (field,) = Form.parse(schema(given)).fields
    assert ["goal", "mark"] == [one.key for one in field.columns]


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("rows.mark", "можно только сложить или сосчитать"),
        ("rows + 1", "можно только сложить или сосчитать"),
        ("sum(rows.gone)", "«rows.gone», его нет"),
        ("name + 1", "в «name» не число"),
        ("if(name, 1, 2)", "в «name» не число"),
        ("sum(rows.mark) / count(rows)", ""),
        ("percent(count(name), 3)", ""),
    ],
)
def test_an_expression_is_about_numbers_of_the_form(expression: str, sentence: str) -> None:
    """Columns are added up or counted; texts can be counted at most."""
    table = line("rows", type="table", properties={"columns": [line("mark", type="number")]})
    made = line("total", type="expression", expression=expression)
    problems = check_form("write_opinion", schema(line("name"), table, made))
    assert (not sentence and not problems) or (sentence and sentence in problems[0])


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
        (line(type="expression"), "нужно выражение"),
        (line(expression="1"), "только у вычисляемого поля"),
        (line(type="expression", expression="1 +"), "выражение обрывается"),
        (line(type="expression", expression="other"), "«other», его нет"),
        (line(type="expression", expression="text"), "вычисляется ниже"),
        (line(type="expression", expression="1", validate={"required": True}), "обязательным"),
        (line(type="datetime", properties={"prefill": True}), "из прошлого года такое не берут"),
        (line(type="filepicker", properties={"prefill": True}), "из прошлого года такое не берут"),
        (line(type="textarea", properties={"link": True}), "ссылкой (link) бывает только строка"),
        (line(properties={"rows": "goals"}), "бывают только у таблицы"),
        (line(type="evidence"), "нужны либо rows, либо items"),
        (line(type="criteria", properties={"rows": "criteria"}), "нужна одна шкала"),
        (
            line(type="table", properties={"rows": "goals", "columns": [line("a")]}),
            "строкам нужен столбец readonly",
        ),
        (line(properties={"when": {"field": "text", "equals": "x"}}), "условия ходят по кругу"),
        (line(properties={"when": {"field": "other", "filled": False}}), "условие пишется как"),
        (
            {"type": "text", "text": "Т", "properties": {"when": {"field": "a", "equals": "b"}}},
            "у текста не бывает условия",
        ),
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
