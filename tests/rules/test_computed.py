"""Computed fields: a closed language over numbers that always ends in a number or in nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.computed import LONGEST, Expression, ExpressionUnreadable

ROWS = [{"mark": 4, "done": True}, {"mark": "3,5", "done": False}, {"mark": ""}]


def value(text: str, digits: int = 2, **answers: Any) -> float | int | None:
    """Return the value of an expression."""
    return Expression.parse(text).value(answers, digits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2 - -3", 1),
        ("= 10 / 4", 2.5),
        ("sum(a, b, gone)", 7.5),
        ("a + gone", None),
        ("a / 0", None),
        ("percent(a, 8)", 50),
        ("percent(a, 0)", None),
        ("if(a > 3, 1, 2)", 1),
        ("if(a <= 3, 1, 2)", 2),
        ("if(gone > 3, 1, 2)", None),
        ("if(tick, 10, 20)", 10),
        ("sum(rows.mark)", 7.5),
        ("mean(rows.mark)", 3.75),
        ("min(rows.mark)", 3.5),
        ("max(rows.mark, 9)", 9),
        ("count(rows)", 3),
        ("count(rows.mark)", 2),
        ("count(rows.done)", 1),
        ("count(list)", 2),
        ("count(word)", 1),
        ("count(gone)", 0),
        ("sum(gone.mark)", None),
        ("round(b, 0)", 4),
        ("a = 4", 1),
        ("a != 4", 0),
    ],
)
def test_an_expression_has_a_value(text: str, expected: float | None) -> None:
    """Numbers are read as people write them; what is blank gives blank, or is passed over."""
    answers: dict[str, Any] = {
        "a": "4",
        "b": "3,5",
        "tick": "on",
        "rows": ROWS,
        "list": ["x", "y"],
        "word": "да",
    }
    assert expected == value(text, **answers)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "нужно выражение"),
        ("1" * (LONGEST + 1), "нужно выражение"),
        ("1 +", "обрывается"),
        ("1 2", "лишнее «2»"),
        ("a b", "лишнее «b»"),
        ("* 2", "не на месте"),
        ("(1", "не хватает «\\)»"),
        ("percent(1)", "берёт 2"),
        ("if(1, 2)", "берёт 3"),
        ("eval(1)", "нет функции «eval»"),
        ("__import__", "непонятно"),
        ("a.b.c", "непонятно"),
        ("'x'", "непонятно"),
        ("лямбда", "непонятно"),
        ("(" * 50 + "1" + ")" * 50, "слишком много скобок"),
    ],
)
def test_what_is_none_is_refused_with_a_reason(text: str, sentence: str) -> None:
    """In Russian, for the author of the form."""
    with pytest.raises(ExpressionUnreadable, match=sentence):
        Expression.parse(text)


def test_a_result_is_rounded() -> None:
    """As many digits as the field shows; none makes it whole."""
    assert (33.3, 33) == (value("percent(1, 3)", 1), value("percent(1, 3)", 0))


def test_a_result_too_large_is_none() -> None:
    """Nobody's form has such numbers, and no column takes them."""
    assert value("a * a * a", a=10**9) is None


_NUMBERS = st.floats(-1e6, 1e6) | st.integers(-1000, 1000) | st.none() | st.text(max_size=4)


@given(st.lists(_NUMBERS, max_size=8))
def test_a_sum_of_a_column_is_that_of_its_numbers(column: list[Any]) -> None:
    """Whatever else stands in the column neither adds nor breaks anything."""
    numbers = [n for n in column if isinstance(n, (int, float))]
    found = value("sum(rows.n)", 6, rows=[{"n": n} for n in column if not isinstance(n, str)])
    assert (found is None) == (not numbers)
    assert found is None or abs(found - sum(numbers)) <= 1e-5


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_and_the_rest_make_a_hundred(part: int, rest: int) -> None:
    """Percentages of the two halves add up, but for rounding."""
    shares = (
        value("percent(p, p + r)", 2, p=part, r=rest),
        value("percent(r, p + r)", 2, p=part, r=rest),
    )
    assert abs(sum(share for share in shares if share is not None) - 100) <= 0.01


@given(
    st.text("abc.()+-*/<>=!, 0123456789sumif", max_size=40),
    st.dictionaries(st.sampled_from("abc"), _NUMBERS),
)
def test_any_text_is_refused_or_has_a_value(text: str, answers: dict[str, Any]) -> None:
    """No text of an author and no answers of a person break a form."""
    try:
        read = Expression.parse(text)
    except ExpressionUnreadable:
        return
    found = read.value(answers, 2)
    assert found is None or abs(found) <= 10**12
