"""
The functions that every expression may call.

Arguments are weighed before the call and results capped after it (`expressions.py`), so each
function only refuses what it cannot mean.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from engine.process.values import MOST_CHARACTERS, Failed, is_number, kind

_LONGEST_NUMBER: Final = 40
_MOST_DIGITS: Final = 10


def _scalars(name: str, given: tuple[Any, ...]) -> list[Any]:
    """Return the values to compare: of one list or of several arguments, all of one kind."""
    values = given[0] if len(given) == 1 and type(given[0]) is list else list(given)
    numeric = all(is_number(value) for value in values)
    if not numeric and len({type(value) for value in values}) > 1:
        raise Failed(f"{name}: значения разных видов не сравнить")
    if values and not numeric and type(values[0]) not in (str, date, datetime):
        raise Failed(f"{name}: не сравнить ({kind(values[0])})")
    return values


def _smallest(*given: Any) -> Any:
    """Return the smallest of a list or of the arguments."""
    values = _scalars("min", given)
    if not values:
        raise Failed("min: список пуст")
    return min(values)


def _largest(*given: Any) -> Any:
    """Return the largest of a list or of the arguments."""
    values = _scalars("max", given)
    if not values:
        raise Failed("max: список пуст")
    return max(values)


def _sorted(values: list[Any]) -> list[Any]:
    """Return a list in rising order."""
    return sorted(_scalars("sorted", (_list("sorted", values),)))


def _list(name: str, value: Any) -> list[Any]:
    """Return a list, or refuse what is none."""
    if type(value) is not list:
        raise Failed(f"{name}: нужен список, а это {kind(value)}")
    return value


def _number(name: str, value: Any) -> Any:
    """Return a number, or refuse what is none."""
    if not is_number(value):
        raise Failed(f"{name}: нужно число, а это {kind(value)}")
    return value


def _sum(values: list[Any]) -> Any:
    """Return the sum of a list of numbers."""
    return sum(_number("sum", value) for value in _list("sum", values))


def _any(values: list[Any]) -> bool:
    """Tell whether at least one element is true."""
    return any(_list("any", values))


def _all(values: list[Any]) -> bool:
    """Tell whether every element is true."""
    return all(_list("all", values))


def _count(values: list[Any], *sought: Any) -> int:
    """Return how many elements are true, or how many equal a simple value."""
    _list("count", values)
    if not sought:
        return sum(1 for value in values if value)
    if type(sought[0]) in (list, dict):
        raise Failed("count: считает простые значения")
    return values.count(sought[0])


def _len(value: Any) -> int:
    """Return the length of a text, list or record."""
    if type(value) not in (str, list, dict):
        raise Failed(f"len: нет длины ({kind(value)})")
    return len(value)


def _abs(value: Any) -> Any:
    """Return a number without its sign."""
    return abs(_number("abs", value))


def _round(value: Any, digits: int = 0) -> Any:
    """Return a number rounded as taught at school: a half goes away from zero."""
    if type(digits) is not int or not 0 <= digits <= _MOST_DIGITS:
        raise Failed(f"round: знаков от 0 до {_MOST_DIGITS}")
    number = Decimal(str(+_number("round", value)))
    rounded = number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return float(rounded) if digits else int(rounded)


def _str(value: Any) -> str:
    """Return a simple value as text; nothing is the empty text."""
    if type(value) in (list, dict):
        raise Failed(f"str: не превратить в текст ({kind(value)})")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _readable(name: str, value: Any) -> Any:
    """Return what a number can be read from: another number, or a short text."""
    if is_number(value) or (type(value) is str and len(value) <= _LONGEST_NUMBER):
        return value
    raise Failed(f"{name}: не превратить в число ({kind(value)})")


def _int(value: Any) -> int:
    """Return a whole number: of a text, or a number cut towards zero."""
    return int(_readable("int", value))


def _float(value: Any) -> float:
    """Return a number with a fraction."""
    return float(_readable("float", value))


def _bool(value: Any) -> bool:
    """Tell whether a value is true: not zero, not empty."""
    return bool(value)


def _lower(value: Any) -> str:
    """Return a text in small letters."""
    if type(value) is not str:
        raise Failed(f"lower: нужен текст, а это {kind(value)}")
    return value.lower()


def _join(values: list[Any], between: str = ", ") -> str:
    """Return the elements of a list as one text."""
    texts = [_str(value) for value in _list("join", values)]
    if type(between) is not str or len(between) * len(texts) > MOST_CHARACTERS:
        raise Failed("join: разделитель — короткий текст")
    return between.join(texts)


def _unique(values: list[Any]) -> list[Any]:
    """Return a list of simple values without repetitions, in order of appearance."""
    if any(type(value) in (list, dict) for value in _list("unique", values)):
        raise Failed("unique: работает с простыми значениями")
    return list(dict.fromkeys(values))


def _get(record: Any, name: Any, otherwise: Any = None) -> Any:
    """Return what a record holds under a name, or something else when it does not."""
    if type(record) is not dict or type(name) is not str:
        raise Failed("get: нужна запись и имя")
    return record.get(name, otherwise)


def _date(*parts: Any) -> date:
    """Return a date: of an ISO text, a moment, or year, month and day."""
    if len(parts) == 1 and isinstance(parts[0], datetime):
        return parts[0].date()
    if len(parts) == 1 and type(parts[0]) is date:
        return parts[0]
    if len(parts) == 1 and type(parts[0]) is str:
        return datetime.fromisoformat(parts[0]).date()
    return date(*parts)


def _moment(value: Any) -> datetime:
    """Return a moment of an ISO text with its offset from UTC."""
    at = datetime.fromisoformat(value) if type(value) is str else value
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise Failed("moment: нужны дата, время и смещение от UTC")
    return at


def _days_between(start: Any, end: Any) -> int:
    """Return the number of calendar days from one date to another."""
    return (_date(end) - _date(start)).days


def _add_days(start: Any, days: Any) -> date:
    """Return a date so many calendar days later."""
    return _date(start) + timedelta(days=_number("add_days", days))


def _year(value: Any) -> int:
    """Return the year of a date."""
    return _date(value).year


def _month(value: Any) -> int:
    """Return the month of a date, from 1."""
    return _date(value).month


def _weekday(value: Any) -> int:
    """Return the day of the week of a date, from 1 for Monday."""
    return _date(value).isoweekday()


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "abs": _abs,
    "add_days": _add_days,
    "all": _all,
    "any": _any,
    "bool": _bool,
    "count": _count,
    "date": _date,
    "days_between": _days_between,
    "float": _float,
    "get": _get,
    "int": _int,
    "join": _join,
    "len": _len,
    "lower": _lower,
    "max": _largest,
    "min": _smallest,
    "moment": _moment,
    "month": _month,
    "round": _round,
    "sorted": _sorted,
    "str": _str,
    "sum": _sum,
    "unique": _unique,
    "weekday": _weekday,
    "year": _year,
}
