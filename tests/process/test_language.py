"""The closed language: what it means, when it has no value, what it refuses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import BpmnError, ExpressionFailed, ExpressionRefused
from engine.process.expressions import LONGEST, bare
from engine.process.language import ClosedLanguage, parse

LANGUAGE = ClosedLanguage()
NAMES = {
    "score": 70,
    "a1if": 3,
    "решение": "принять",
    "approved": True,
    "nothing": None,
    "experts": [{"id": 1, "mark": 70}, {"id": 2, "mark": 50}],
    "school": {"name": "Школа 7", "head": {"id": 5}},
    "notes": ["a", "b"],
}


def value(text: str, **names: Any) -> Any:
    """Return the value of an expression over the names of the tests and more."""
    return LANGUAGE.evaluate(text, {**NAMES, **names})


def why_refused(text: str) -> str:
    """Return why the language does not take a text."""
    with pytest.raises(ExpressionRefused) as caught:
        parse(text, "eval")
    return str(caught.value.details["why"])


def why_failed(text: str, **names: Any) -> str:
    """Return why an expression has no value."""
    with pytest.raises(ExpressionFailed) as caught:
        value(text, **names)
    return str(caught.value.details["why"])


# what it means ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("score > 1", True),
        ("${score > 1}", True),
        ("#{score > 1}", True),
        ("= score > 1", True),
        ("  score\n  > 1 ", True),
        ("60 <= score < 85", True),
        ("60 <= score < 70", False),
        ("1 < 0 < 1 / 0", False),
        ("решение == 'принять'", True),
        ("решение != 'вернуть' and not nothing", True),
        ("approved == true and nothing == null", True),
        ("nothing is None and approved is not None", True),
        ("nothing or 'нет'", "нет"),
        ("nothing and 1 / 0", None),
        ("approved or 1 / 0", True),
        ("'высокий' if score >= 60 else 'низкий'", "высокий"),
        ("score + 1 - 2 * 3", 65),
        ("-score + +1", -69),
        ("7 / 2", 3.5),
        ("7 // 2", 3),
        ("7 % 2", 1),
        ("'a' + 'b'", "ab"),
        (r"'\'\"\\d\n\t\x41\u0444'", "'\"\\d\n\tAф"),
        ("'1if' + 'x1or'", "1ifx1or"),
        ("a1if if a1if else 0x1f", 3),
        ("notes + ['c']", ["a", "b", "c"]),
        ("experts[0].mark + experts[-1]['mark']", 120),
        ("school.head.id", 5),
        ("'a' in notes and 'c' not in notes", True),
        ("'кол' in 'школа'", True),
        ("'name' in school", True),
        ("{'a': 1} in [{'a': 1}]", True),
        ("(1, 2) == [1, 2]", True),
        ("{'id': score, 'ok': approved}", {"id": 70, "ok": True}),
        ("[e.id for e in experts if e.mark < 60]", [2]),
        ("[a + b for a in notes for b in notes if a != b]", ["ab", "ba"]),
        ("[e for e in [[x * 2 for x in [1, 2]] for e in notes]]", [[2, 4], [2, 4]]),
        ("any(e.mark < 60 for e in experts)", True),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_an_expression_has_the_value_it_looks_like(text: str, expected: object) -> None:
    """Python's grammar is read with Python's meaning, also as modelers wrap it."""
    assert expected == value(text)


def test_the_host_offers_functions_by_name() -> None:
    """A function of the host is called with plain arguments and may give a moment."""
    due = datetime(2025, 9, 1, 9, tzinfo=UTC)
    language = ClosedLanguage({"setting": {"quorum": 2}.__getitem__, "in_days": lambda _n: due})
    assert language.evaluate("2 >= setting('quorum')", {}) is True
    assert "2025-09-01T09:00:00+00:00" == language.evaluate("in_days(3)", {})
    assert language.evaluate("in_days(1) > moment('2025-01-01T00:00+03:00')", {}) is True


def test_a_function_of_the_language_cannot_be_replaced() -> None:
    """A host that offers its own `len` does not change what diagrams mean."""
    assert 2 == ClosedLanguage({"len": lambda _value: 99}).evaluate("len([1, 2])", {})


def test_an_error_for_the_diagram_passes_through() -> None:
    """A function may raise an error that the diagram catches by its code."""

    def refuse() -> None:
        raise BpmnError("ER")

    with pytest.raises(BpmnError):
        ClosedLanguage({"refuse": refuse}).evaluate("refuse()", {})


def test_a_script_assigns_line_by_line() -> None:
    """Later lines see earlier ones; only what was assigned comes out; the input stays."""
    names = {"score": 1, "notes": ["a"]}
    text = "score = score + 1\n# twice\n\ndouble = score * 2\nnotes = notes + ['b']\nwhen = date('2025-09-01')"
    expected = {"score": 2, "double": 4, "notes": ["a", "b"], "when": "2025-09-01"}
    assert expected == LANGUAGE.execute(text, names)
    assert {"score": 1, "notes": ["a"]} == names


def test_a_script_may_be_empty() -> None:
    """Nothing written, nothing assigned."""
    assert {} == LANGUAGE.execute("  \n # later\n", {})


def test_an_assigned_list_is_a_copy() -> None:
    """Two variables never share one list: state would not survive its own storage."""
    assigned = LANGUAGE.execute("a = b\nc = b", {"b": [[1]]})
    assert assigned["a"] == assigned["c"]
    assert assigned["a"][0] is not assigned["c"][0]


def test_without_tables_nothing_is_decided() -> None:
    """A language that was given no tables says so."""
    with pytest.raises(ExpressionFailed):
        LANGUAGE.decide("level", {})


@pytest.mark.parametrize("text", ["x > 1", "${x > 1}", "#{ x > 1 }", "= x > 1", " =x > 1"])
def test_wrappings_of_modelers_are_taken_off(text: str) -> None:
    """Three ways of writing, one expression."""
    assert "x > 1" == bare(text)


# what has no value ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("missing > 1", "«missing» ещё не имеет значения"),
        ("unknown(1)", "функции «unknown» нет"),
        ("1 / 0", "деление на ноль"),
        ("1 // 0", "деление на ноль"),
        ("1 % 0", "деление на ноль"),
        ("1 + 'a'", "«+» не работает так: число и текст"),
        ("'a' * 2", "«*» не работает так: текст и число"),
        ("'%s' % 1", "«%» не работает так: текст и число"),
        ("[1] * 1000", "«*» не работает так: список и число"),
        ("nothing < 1", "«<» не сравнивает так: пустое значение и число"),
        ("[1] < [2]", "«<» не сравнивает так: список и список"),
        ("date('2025-01-01') < '2025-01-02'", "«<» не сравнивает так: дата и текст"),
        (
            "date('2025-01-01') < moment('2025-01-01T00:00+03:00')",
            "«<» не сравнивает так: дата и момент",
        ),
        ("1 in 2", "«in» не работает так: число и число"),
        ("score.real", "«.real»: это число, а не запись"),
        ("school.site", "в записи нет «site»"),
        ("school['site']", "в записи нет «site»"),
        ("notes[2]", "в списке нет элемента 2"),
        ("notes['a']", "«[]» не работает так: список и текст"),
        ("notes[true]", "«[]» не работает так: список и да/нет"),
        ("[x for x in 'abc']", "перебирать можно список, а это текст"),
    ],
)
def test_a_failure_says_why_in_russian(text: str, why: str) -> None:
    """What has no value is told to the coordinator, never guessed."""
    assert why == why_failed(text)


def test_a_failure_names_the_expression() -> None:
    """The sentence quotes what was being evaluated, shortened."""
    with pytest.raises(ExpressionFailed) as caught:
        value("1 / 0")
    assert "Выражение «1 / 0» не вычислено: деление на ноль." == caught.value.sentence


def test_a_failing_line_of_a_script_is_named() -> None:
    """A script fails as a whole, and says in which assignment."""
    with pytest.raises(ExpressionFailed) as caught:
        LANGUAGE.execute("a = 1\nb = a / 0", {})
    assert "b = …" == caught.value.details["text"]


def test_a_value_of_the_host_that_is_no_value_is_refused() -> None:
    """A function of the host cannot bring an object in by mistake."""
    language = ClosedLanguage({"thing": object})
    with pytest.raises(ExpressionFailed):
        language.evaluate("thing()", {})
    with pytest.raises(ExpressionFailed):
        language.evaluate("thing", {"thing": object()})


# what is refused at deploy ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "выражение пустое"),
        ("${}", "выражение пустое"),
        ("x >", "не читается"),
        ("a && b", "пишите and, or, not"),
        ("a || b", "пишите and, or, not"),
        ("!a", "пишите and, or, not"),
        ("x = 1", "не читается"),
        ("a & b", "пишите and"),
        ("a | b", "пишите or"),
        ("~a", "пишите not"),
        ("x is 1", "пишите =="),
        ("unknown(x)", "функции «unknown» нет"),
        ("x.lower()", "только функции по имени"),
        ("round(x, digits=1)", "аргументы пишутся без имён"),
        ("notes[1:2]", "срезы"),
        ("{x: 1}", "имена в записи пишутся текстом"),
        ("{**school}", "имена в записи пишутся текстом"),
        ("'я' \\ 'ю'", "обратная черта"),
        ("'\\d'", "обратная черта"),
        ("'\\777'", "обратная черта"),
        ("x if 1else 2", "вплотную к числу"),
        ("0x1for x in y", "вплотную к числу"),
        ("1.if x else 2", "вплотную к числу"),
        ("'\\ud800'", "половина знака"),
        ("b'x'", "такого вида значения не бывает"),
        ("1j", "такого вида значения не бывает"),
        ("...", "такого вида значения не бывает"),
        ("1e999", "число слишком велико"),
        (f"{10**18}", "число слишком велико"),
        ("[x for x, y in z]", "после for стоит одно имя"),
        ("[_x for _x in z]", "начинается с подчёркивания"),
        ("_x", "начинается с подчёркивания"),
        ("x._y", "начинается с подчёркивания"),
        ("x" * (LONGEST + 1), f"длиннее {LONGEST} знаков"),
    ],
)
def test_a_refusal_says_what_to_write(text: str, part: str) -> None:
    """At deploy an author learns what is not in the language."""
    assert part in why_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "log('x')",
        "pass",
        "import os",
        "x += 1",
        "x: int = 1",
        "x = y = 1",
        "x, y = 1, 2",
        "x[0] = 1",
        "x.y = 1",
        "for x in y:\n    z = x",
        "if x:\n    y = 1",
        "def f():\n    return 1",
        "while true:\n    x = 1",
        "del x",
        "return 1",
        "_x = 1",
        "len = 1",
        "true = 1",
        "x = ",
        "x = 1; y =",
        "x = 1\n" * 2_000,
    ],
)
def test_a_script_only_assigns(text: str) -> None:
    """Anything in a script that is not ``name = expression`` is refused at deploy."""
    with pytest.raises(ExpressionRefused):
        parse(text, "exec")


def test_functions_of_the_host_are_known_at_deploy() -> None:
    """A call is accepted when the host offers the function, in scripts as well."""
    parse("setting('quorum') > 1", "eval", {"setting"})
    parse("x = setting('quorum')", "exec", {"setting"})
    with pytest.raises(ExpressionRefused):
        parse("x = setting('quorum')", "exec")


def test_what_goes_in_is_never_changed() -> None:
    """No expression changes a list or record it reads."""
    names = {"notes": ["b", "a"], "school": {"a": [1]}}
    for text in (
        "sorted(notes)",
        "notes + ['c']",
        "unique(notes)",
        "[x for x in notes]",
        "school.a",
    ):
        LANGUAGE.evaluate(text, names)
    assert {"notes": ["b", "a"], "school": {"a": [1]}} == names


def test_a_value_that_leaves_is_not_the_one_that_came_in() -> None:
    """A list handed out can be changed by the caller without touching the case."""
    names = {"notes": ["a"]}
    LANGUAGE.evaluate("notes", names).append("b")
    assert {"notes": ["a"]} == names
