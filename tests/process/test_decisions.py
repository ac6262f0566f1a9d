"""Decision tables: what is accepted, how cells are read, what is decided."""

import re
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import pytest
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment

from engine.errors import ExpressionFailed, ExpressionRefused
from engine.process.decisions import Tables, read_tables
from engine.process.language import ClosedLanguage, parse
from engine.process.tables import INPUT, as_test

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(
    *rules: tuple[list[str], list[str]],
    inputs: tuple[str, ...] = ("score",),
    outputs: tuple[str, ...] = ("level",),
    policy: str = "UNIQUE",
    name: str = "level",
) -> bytes:
    """Return a decision file: rules as (tests, results)."""
    columns = "".join(
        f'<input id="i{n}"><inputExpression id="e{n}"><text>{escape(text)}</text></inputExpression></input>'
        for n, text in enumerate(inputs)
    )
    columns += "".join(f'<output id="o{n}" name="{text}"/>' for n, text in enumerate(outputs))
    rows = "".join(_rule(n, *rule) for n, rule in enumerate(rules))
    return (
        f'<definitions xmlns="{DMN}" id="d" name="d" namespace="urn:test">'
        f'<decision id="{name}" name="{name}"><decisionTable id="t" hitPolicy="{policy}">'
        f"{columns}{rows}</decisionTable></decision></definitions>"
    ).encode()


def _rule(number: int, tests: list[str], results: list[str]) -> str:
    cells = "".join(
        f'<inputEntry id="r{number}i{n}"><text>{escape(text)}</text></inputEntry>'
        for n, text in enumerate(tests)
    )
    cells += "".join(
        f'<outputEntry id="r{number}o{n}"><text>{escape(text)}</text></outputEntry>'
        for n, text in enumerate(results)
    )
    return f'<rule id="r{number}">{cells}</rule>'


LEVELS = table(
    (["? < 60"], ['"низкий"']),
    (["60 <= ? < 85"], ['"средний"']),
    ([">= 85"], ['"высокий"']),
)


def read(*files: bytes) -> Tables:
    """Return the tables of sound files."""
    named = {f"t{n}.dmn": raw for n, raw in enumerate(files)}
    tables, findings, _ = read_tables(named, partial(parse, functions={"term"}))
    assert [] == findings
    return tables


def decide(raw: bytes, names: Mapping[str, Any], name: str = "level") -> dict[str, Any]:
    """Return what a table decides."""
    return ClosedLanguage({"term": lambda: 10}, read(raw)).decide(name, names)


def refused(raw: bytes) -> list[str]:
    """Return the sentences against a file."""
    return [one.sentence for one in read_tables({"t.dmn": raw}, parse)[1]]


# deciding ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "level"),
    [(0, "низкий"), (59.9, "низкий"), (60, "средний"), (84, "средний"), (85, "высокий")],
)
def test_three_forms_of_a_cell_are_decided_right(score: float, level: str) -> None:
    """With a question mark, between two values, with a leading operator."""
    assert {"level": level} == decide(LEVELS, {"score": score})


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ("60", 60, True),
        ("60", 61, False),
        ("-1", -1, True),
        ('"школа"', "школа", True),
        ("'школа'", "дом", False),
        ("true", True, True),
        ("false", True, False),
        ("null", None, True),
        ("limit", 5, True),
        ("== 60", 60, True),
        ("= 60", 60, True),
        ("!= 60", 60, False),
        ("in (1, 2)", 2, True),
        ("not in (1, 2)", 2, False),
        ('"a" in ?', ["a"], True),
        ("len(?) > 1", [1, 2], True),
        ('? == "кто?"', "кто?", True),
        ('"кто?"', "кто?", True),
        ("'it\"s ?'", 'it"s ?', True),
        ('"b"', "b", True),
        ("-", 1, True),
        ("", 1, True),
        ("  ", 1, True),
        ("? > 1 and\n ? < 5", 2, True),
        ("${? > 1}", 2, True),
        ("a or b", True, True),
    ],
)
def test_a_cell_means_what_it_looks_like(cell: str, value: object, *, matches: bool) -> None:
    """Values, operators, lists, texts with question marks, cells that fit anything."""
    names = {"score": value, "limit": 5, "a": False, "b": True}
    expected = {"level": "да"} if matches else {"level": None}
    assert expected == decide(table(([cell], ['"да"'])), names)


def test_an_input_is_a_whole_expression() -> None:
    """An operator in the input does not mix with the operator of the cell."""
    raw = table(([">= 2"], ["1"]), (["< 2"], ["0"]), inputs=("a if b else c",))
    assert {"level": 1} == decide(raw, {"a": 2, "b": True, "c": 0})
    assert {"level": 0} == decide(raw, {"a": 2, "b": False, "c": 0})


def test_results_are_expressions() -> None:
    """An output may count with the case's names and call the host's functions."""
    raw = table(([""], ["score * 2", "term()", "", "[score]"]), outputs=("a", "b", "c", "d"))
    assert {"a": 6, "b": 10, "c": None, "d": [3]} == decide(raw, {"score": 3})


def test_two_inputs_must_both_fit() -> None:
    """A rule matches when each of its cells does."""
    raw = table((['"school"', "> 1"], ["1"]), (['"school"', "<= 1"], ["2"]), inputs=("kind", "n"))
    assert {"level": 2} == decide(raw, {"kind": "school", "n": 1})
    assert {"level": None} == decide(raw, {"kind": "office", "n": 1})


def test_collect_gives_lists_in_order() -> None:
    """All matching rules, each output a list; none gives empty lists."""
    raw = table(
        (["> 1"], ["1", "'a'"]),
        (["> 2"], ["2", "'b'"]),
        outputs=("n", "s"),
        policy="COLLECT",
    )
    assert {"n": [1, 2], "s": ["a", "b"]} == decide(raw, {"score": 3})
    assert {"n": [], "s": []} == decide(raw, {"score": 0})


def test_two_matches_of_unique_are_a_failure() -> None:
    """A table that promises one answer and has two is not decided by the first."""
    raw = table((["> 1"], ["1"]), (["> 2"], ["2"]))
    assert {"level": 1} == decide(raw, {"score": 2})
    with pytest.raises(ExpressionFailed, match="больше одной строки"):
        decide(raw, {"score": 3})


def test_overlapping_rows_are_warned_about() -> None:
    """At deploy the author learns which rows may match together."""
    raw = table((["> 1"], ["1"]), (["> 2"], ["2"]))
    _, findings, warnings = read_tables({"t.dmn": raw}, parse)
    assert ([], "t.dmn/level") == (findings, warnings[0].element)
    assert "Строки 1 и 2" in warnings[0].sentence
    assert [] == read_tables({"t.dmn": LEVELS}, parse)[2]


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ({}, "«score» ещё не имеет значения"),
        ({"score": "много"}, "«<» не сравнивает так"),
    ],
)
def test_a_failing_cell_says_why(names: Mapping[str, Any], why: str) -> None:
    """What our language says passes through the library."""
    with pytest.raises(ExpressionFailed, match=why):
        decide(LEVELS, names)


def test_a_table_that_is_not_there_is_a_failure() -> None:
    """A decision by an unknown table says so."""
    with pytest.raises(ExpressionFailed, match="нет"):
        decide(LEVELS, {"score": 1}, name="other")


PREFIXED = "definitions decision decisionTable input inputExpression text output rule inputEntry outputEntry"


def test_an_older_version_and_a_prefix_are_read() -> None:
    """DMN 1.1 differs by its namespace; a prefix changes nothing."""
    old = LEVELS.replace(DMN.encode(), b"http://www.omg.org/spec/DMN/20151101/dmn.xsd")
    assert {"level": "средний"} == decide(old, {"score": 70})
    prefixed = old.replace(b"xmlns=", b"xmlns:dmn=").decode()
    for name in PREFIXED.split():
        prefixed = re.sub(f"(</?){name}(?=[ >/])", rf"\1dmn:{name}", prefixed)
    assert {"level": "средний"} == decide(prefixed.encode(), {"score": 70})


def test_an_empty_list_of_allowed_values_is_nothing() -> None:
    """Some modelers always write the element, without values."""
    empty = b"<inputValues id='v'><text></text></inputValues></input>"
    assert {"level": "низкий"} == decide(LEVELS.replace(b"</input>", empty), {"score": 1})


def test_parts_without_ids_are_numbered() -> None:
    """Ids of rules and cells are optional in DMN; the library wants them."""
    raw = LEVELS
    for n in range(3):
        for part in (f'id="r{n}i0"', f'id="r{n}o0"', f'id="r{n}"'):
            raw = raw.replace(f" {part}".encode(), b"")
    raw = raw.replace(b' id="i0"', b"").replace(b' id="o0"', b"").replace(b' id="t"', b"")
    assert {"level": "низкий"} == decide(raw, {"score": 1})


def test_nothing_is_evaluated_by_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the library's own evaluation broken everything is decided all the same."""

    def refuse(*_args: object, **_names: object) -> None:
        raise AssertionError("the library evaluates")

    for owner, names in (
        (PythonScriptEngine, ("evaluate", "execute", "validate", "_evaluate", "_execute")),
        (TaskDataEnvironment, ("evaluate", "execute")),
    ):
        for name in names:
            if hasattr(owner, name):
                monkeypatch.setattr(owner, name, refuse)
    monkeypatch.setattr("builtins.eval", refuse)
    monkeypatch.setattr("builtins.exec", refuse)
    assert {"level": "средний"} == decide(LEVELS, {"score": 70})


# refusing ---------------------------------------------------------------------------------------

REFUSED = {
    "another policy": (LEVELS.replace(b"UNIQUE", b"FIRST"), "FIRST"),
    "an aggregation": (
        LEVELS.replace(b'"UNIQUE"', b'"COLLECT" aggregation="SUM"'),
        "COLLECT",
    ),
    "a range of FEEL": (table((["[60..85)"], ["1"])), "60 <= ? < 85"),
    "a list of FEEL": (table((['"a", "b"'], ["1"])), "in (1, 2)"),
    "a negation of FEEL": (table((['not("a")'], ["1"])), "!= 1"),
    "a raw text": (table((["r'a?'"], ["1"])), "приставки"),
    "code in a test": (table((["__import__('os')"], ["1"])), "не входит в язык"),
    "code in a result": (table((["1"], ["open('x')"])), "не входит в язык"),
    "code in an input": (table((["1"], ["1"]), inputs=("x.y()",)), "не входит в язык"),
    "an input of nothing": (table((["1"], ["1"]), inputs=(" ",)), "нет выражения"),
    "an output without a name": (table((["1"], ["1"]), outputs=("",)), "имя пустое"),
    "an output with a dot": (table((["1"], ["1"]), outputs=("a.b",)), "неверное"),
    "an output twice": (table((["1"], ["1", "2"]), outputs=("a", "a")), "повторяется"),
    "no output": (table((["1"], []), outputs=()), "нет выходов"),
    "no rule": (table(), "от 1 до"),
    "too many rules": (table(*[(["1"], ["1"])] * 251), "от 1 до"),
    "a cell too few": (table(([], ["1"])), "столько, сколько столбцов"),
    "a cell too many": (table((["1", "2"], ["1"])), "столько, сколько столбцов"),
    "no text in a cell": (LEVELS.replace(b"<text>? &lt; 60</text>", b""), "Нет текста"),
    "allowed values": (
        LEVELS.replace(b"</input>", b"<inputValues id='v'><text>1,2</text></inputValues></input>"),
        "inputValues",
    ),
    "something else in the table": (
        LEVELS.replace(b'<rule id="r0">', b"<annotation id='a'/><rule id=\"r0\">"),
        "annotation",
    ),
    "another decision behind": (
        LEVELS.replace(
            b"<decisionTable",
            b"<informationRequirement id='q'><requiredDecision href='#x'/></informationRequirement><decisionTable",
        ),
        "другого решения",
    ),
    "a literal expression": (
        LEVELS.replace(b"decisionTable", b"literalExpression"),
        "одной таблицей",
    ),
    "two decisions": (
        LEVELS.replace(b"</definitions>", b'<decision id="x" name="x"/></definitions>'),
        "ровно одна",
    ),
    "no decision": (f'<definitions xmlns="{DMN}" id="d"/>'.encode(), "ровно одна"),
    "a decision without an id": (LEVELS.replace(b' id="level"', b""), "нет id"),
    "a version in between": (
        LEVELS.replace(DMN.encode(), b"http://www.omg.org/spec/DMN/20180521/MODEL/"),
        "не файл решений",
    ),
    "another namespace": (LEVELS.replace(DMN.encode(), b"urn:other"), "не файл решений"),
    "no decision file": (b"<a/>", "не файл решений"),
    "no XML": (b"garbage", "не читается как XML"),
    "a DOCTYPE": (b"<!DOCTYPE x>" + LEVELS, "DOCTYPE"),
    "an order the schema does not know": (
        LEVELS.replace(b"<inputEntry", b"<inputEntrY", 1).replace(
            b"</inputEntry", b"</inputEntrY", 1
        ),
        "столько, сколько столбцов",
    ),
    "a value the schema does not know": (
        LEVELS.replace(b'<rule id="r0">', b'<rule id="0 0">'),
        "не может быть «0 0»",
    ),
}


@pytest.mark.parametrize(("raw", "part"), REFUSED.values(), ids=REFUSED)
def test_a_table_that_would_be_misread_is_refused(raw: bytes, part: str) -> None:
    """What the library skips or reads otherwise is refused at deploy, in Russian."""
    assert [] != [sentence for sentence in refused(raw) if part in sentence]


def test_a_decision_of_two_files_is_refused() -> None:
    """One id, one table."""
    _, findings, _ = read_tables({"a.dmn": LEVELS, "b.dmn": LEVELS}, parse)
    assert ["b.dmn"] == [one.element for one in findings]


@pytest.mark.parametrize(
    ("cell", "test"),
    [
        ("< 60", f"{INPUT} < 60"),
        ("? < 60", f"{INPUT} < 60"),
        ("60", f"{INPUT} == (60)"),
        ("a or b", f"{INPUT} == (a or b)"),
        ('"?"', f'{INPUT} == ("\\x3f")'),
        ("? == '?'", f"{INPUT} == '\\x3f'"),
        ("'\\'' + '?'", f"{INPUT} == ('\\'' + '\\x3f')"),
        ("", ""),
        ("${}", ""),
    ],
)
def test_a_cell_becomes_one_whole_test(cell: str, test: str) -> None:
    """Nothing is left for the library to complete or replace."""
    assert test == as_test(cell)


def test_a_cell_that_does_not_read_is_refused() -> None:
    """A cell is refused with its own text."""
    with pytest.raises(ExpressionRefused, match=r"1\.\.2"):
        as_test("[1..2]")
