"""The functions that every expression may call."""

from typing import Any

import pytest

from engine.errors import ExpressionFailed
from engine.process.language import ClosedLanguage

NAMES = {
    "nothing": None,
    "experts": [{"id": 1, "mark": 70}, {"id": 2, "mark": 50}],
    "school": {"name": "Школа 7", "head": {"id": 5}},
    "notes": ["a", "b"],
}


def value(text: str) -> Any:
    """Return the value of an expression over the names of the tests."""
    return ClosedLanguage().evaluate(text, NAMES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abs(-2)", 2),
        ("all([1, true])", True),
        ("all([])", True),
        ("any([])", False),
        ("bool('')", False),
        ("count([1, 0, true])", 2),
        ("count(['a', 'b', 'a'], 'a')", 2),
        ("float('1.5') + float(1)", 2.5),
        ("get(school, 'name')", "Школа 7"),
        ("get(school, 'site', 'нет')", "нет"),
        ("int('12') + int(2.9)", 14),
        ("join(notes)", "a, b"),
        ("join([1, null, true], '-')", "1--True"),
        ("len(notes) + len('абв') + len(school)", 7),
        ("lower('АБВ')", "абв"),
        ("max(3, 5, 4)", 5),
        ("max([e.mark for e in experts])", 70),
        ("min('б', 'а')", "а"),
        ("min([0.5, 1])", 0.5),
        ("sorted([3, 1.5, 2])", [1.5, 2, 3]),
        ("sorted(['б', 'а'])", ["а", "б"]),
        ("str(5) + str('') + str(null)", "5"),
        ("sum([1, 2.5])", 3.5),
        ("sum([])", 0),
        ("unique(['b', 'a', 'b'])", ["b", "a"]),
    ],
)
def test_a_function_does_what_its_name_says(text: str, expected: object) -> None:
    """The functions work on plain values."""
    assert expected == value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("round(2.5)", 3),
        ("round(3.5)", 4),
        ("round(-2.5)", -3),
        ("round(2.675, 2)", 2.68),
        ("round(74.5)", 75),
        ("round(1)", 1),
        ("round(5, 1)", 5.0),
    ],
)
def test_a_half_is_rounded_away_from_zero(text: str, expected: float) -> None:
    """Scores are rounded as taught at school, not to the even neighbour."""
    assert expected == value(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("date('2025-09-01')", "2025-09-01"),
        ("date(2025, 9, 1)", "2025-09-01"),
        ("date(date('2025-09-01'))", "2025-09-01"),
        ("date(moment('2025-09-01T09:00:00+03:00'))", "2025-09-01"),
        ("moment('2025-09-01T09:00:00+03:00')", "2025-09-01T09:00:00+03:00"),
        ("date('2025-09-01') < date('2025-10-01')", True),
        ("moment('2025-09-01T09:00+03:00') == moment('2025-09-01T06:00+00:00')", True),
        ("days_between('2025-01-01', '2025-03-01')", 59),
        ("add_days('2025-02-28', 1)", "2025-03-01"),
        ("year('2025-09-01') * 100 + month('2025-09-01')", 202509),
        ("weekday('2025-09-01')", 1),
        ("max([date('2025-09-01'), date('2024-09-01')])", "2025-09-01"),
        ("str(date('2025-09-01'))", "2025-09-01"),
        ("[date('2025-09-01')]", ["2025-09-01"]),
    ],
)
def test_dates_come_out_as_iso_texts(text: str, expected: object) -> None:
    """Inside an expression a date is a date; what leaves is what JSON can hold."""
    assert expected == value(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("min([])", "min: список пуст"),
        ("max([])", "max: список пуст"),
        ("max([1, 'a'])", "max: значения разных видов не сравнить"),
        ("sorted([[1], [2]])", "sorted: не сравнить (список)"),
        ("sorted('ba')", "sorted: нужен список, а это текст"),
        ("sum(['a'])", "sum: нужно число, а это текст"),
        ("len(5)", "len: нет длины (число)"),
        ("count([1], [1])", "count: считает простые значения"),
        ("unique([[1]])", "unique: работает с простыми значениями"),
        ("round(1.5, 99)", "round: знаков от 0 до 10"),
        ("str([1])", "str: не превратить в текст (список)"),
        ("int([])", "int: не превратить в число (список)"),
        ("int('двадцать')", "значение не читается"),
        ("float('nan')", "число слишком велико"),
        ("lower(1)", "lower: нужен текст, а это число"),
        ("join([1], 2)", "join: разделитель — короткий текст"),
        ("get(1, 'a')", "get: нужна запись и имя"),
        ("date('вчера')", "значение не читается"),
        ("date(2025, 13, 1)", "значение не читается"),
        ("date()", "значения не того вида или не столько, сколько нужно"),
        ("moment('2025-09-01T09:00:00')", "moment: нужны дата, время и смещение от UTC"),
        ("len()", "значения не того вида или не столько, сколько нужно"),
    ],
)
def test_a_function_refuses_what_it_cannot_mean(text: str, why: str) -> None:
    """A wrong argument is named, never bent into a right one."""
    with pytest.raises(ExpressionFailed) as caught:
        value(text)
    assert why == caught.value.details["why"]
