"""
The battery: classes of payloads that an evaluator of foreign texts must withstand.

The result of each is a refusal at deploy or a failure; never code, a hang, or memory.
"""

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ExpressionFailed, ExpressionRefused
from engine.process.expressions import LONGEST
from engine.process.functions import FUNCTIONS
from engine.process.language import ClosedLanguage, parse
from engine.process.values import MOST_CHARACTERS, MOST_ITEMS

LANGUAGE = ClosedLanguage()

DEEP = "(" * 5_000 + "1" + ")" * 5_000
NESTED = "(" * 150 + "1" + ")" * 150
BATTERY = {
    "imports and builtins": [
        "__import__('os').system('id')",
        "import os",
        "__builtins__",
        "globals()",
        "locals()",
        "exec('x = 1')",
        "breakpoint()",
        "help()",
        "exit()",
    ],
    "file access": ["open('/etc/passwd').read()", "open('x', 'w')", "print('x')", "input()"],
    "classes and subclasses": [
        "().__class__.__bases__[0].__subclasses__()",
        "''.__class__.mro()",
        "[].__class__",
        "{}.__class__.__base__",
        "(1).__class__",
    ],
    "globals of functions and methods": [
        "len.__globals__",
        "len.__self__",
        "sorted.__call__",
        "notes.append.__self__",
        "len",
    ],
    "getattr, type, vars": [
        "getattr(school, 'name')",
        "type(1)",
        "vars()",
        "dir()",
        "setattr(school, 'a', 1)",
        "hasattr(school, 'a')",
        "isinstance(1, 1)",
        "callable(len)",
        "id(1)",
    ],
    "formatting with attribute access": [
        "'{0.__class__}'.format(1)",
        "'{}'.format(school)",
        "format(1, '9999999999d')",
    ],
    "generator frames": ["(x for x in notes).gi_frame", "[x for x in notes].__iter__()"],
    "lambdas": ["lambda: 1", "(lambda x: x)(1)", "sorted(notes, key=lambda x: x)"],
    "nested eval": ["eval('1')", "compile('1', 'x', 'eval')", "eval"],
    "walrus": ["(x := 1)", "[y := 1, y]", "len((x := notes))"],
    "mutation": [
        "notes.append(1)",
        "notes.clear()",
        "school.update({})",
        "school.pop('name')",
        "notes.extend(notes)",
    ],
    "private attributes": [
        "school._name",
        "school.__dict__",
        "_",
        "__name__",
        "school['__class__']",
    ],
    "towers of powers and shifts": [
        "9 ** 9 ** 9",
        "2 ** 100000000",
        "1 << 1000000000",
        "pow(9, 9)",
    ],
    "giant repetition": [
        "'a' * 1000000000",
        "[0] * 1000000000",
        "1000000000 * 'a'",
        "'a' * 100 * 100 * 100",
    ],
    "nested comprehensions and ranges": [
        "[x for x in range(1000000000)]",
        "range(10)",
        "[1 for a in long for b in long for c in long]",
        "sum([1 for a in long for b in long])",
        "[[[[z for z in long] for y in long] for x in long] for w in long]",
        "any(1 > 2 for a in long for b in long)",
        "[long for a in long for b in long]",
        "[sum(long) for a in long]",
        "[a in long for a in long]",
        "[sorted(long) for a in long]",
        "[long == other for a in long]",
        "[long in [other, other] for a in long]",
        "[text in text for a in long]",
        "[text + text for a in long]",
        "[len(join(long, 'x')) for a in long]",
        "[unique(long) for a in long]",
        "[deep == deeper for a in long]",
    ],
    "widths of printf and f-strings": [
        "'%9999999999d' % 1",
        "f'{1:9999999999d}'",
        "f'{score}'",
        "'%*d' % (9999999999, 1)",
    ],
    "nested parentheses": [DEEP[:LONGEST], "[" * 150 + "]" * 150, DEEP],
    "long unary chains": ["-" * 1_990 + "1", "not " * 490 + "1", "+-" * 900 + "1"],
    "very long sums": ["+".join(["1"] * 1_000), "1" + "+1" * 999, str([1] * 401)],
    "doubling": [
        "join([text, text, text], text)",
        "text + text + text",
        "long + long",
        "len(nested)",
        "nested == nested2",
        "[long, long, long, long, long, long]",
        "[[long for a in notes] for b in long]",
    ],
    "huge integers": [
        "9" * 1_900,
        "int('9' * 100000)",
        f"int('{'9' * 1_900}')",
        "999999999999999999 * 999999999999999999",
        "999999999999999999 + 999999999999999999",
        "float('1e400')",
        "1e308 * 10",
        "-999999999999999999 - 999999999999999999",
        "str(9 * 999999999999999999)",
        "round(1e308, 10)",
    ],
    "large joins": ["join(long, text)", "join([text, text])"],
    "regular expressions": ["re.match('(a+)+$', text)", "match('(a+)+$', 'a')", "text.find('a')"],
    "unpacking, stars, yield, await": [
        "len(*notes)",
        "len(**school)",
        "[*notes]",
        "(yield 1)",
        "(yield from notes)",
        "await x",
        "[x async for x in notes]",
        "{x for x in notes}",
        "{x: x for x in notes}",
        "{1, 2}",
    ],
    "overflow of dates": [
        "date(9999, 99, 99)",
        "add_days('9999-12-31', 1)",
        "add_days('2025-01-01', 99999999999)",
        "add_days('2025-01-01', 1e300)",
        "date(99999999999999999, 1, 1)",
        "date('9' * 10)",
        "days_between('0001-01-01', 'x')",
    ],
    "zero steps and division": [
        "notes[::0]",
        "range(1, 2, 0)",
        "1 / 0",
        "1 % 0",
        "0 / 0",
        "1.0 // 0",
    ],
    "type errors": [
        "1 + 'a'",
        "None + 1",
        "len(1)",
        "notes['a']",
        "school[0]",
        "1()",
        "'a'()",
        "score()",
        "1 in 1",
        "-'a'",
        "-notes",
        "+'a'",
        "1 < 'a'",
        "[][0]",
        "{'a': 1}.b",
        "sum(1)",
        "max(1, 'a')",
        "sorted([{}, []])",
    ],
    "characters": [
        "\x00",
        "1\x00",
        "\ud800",
        "x\u202e",
        "\\",
        "`1`",
        "x\r= 1",
        "$" * 100,
    ],
}
PAYLOADS = [
    pytest.param(text, id=f"{kind}-{n}")
    for kind, texts in BATTERY.items()
    for n, text in enumerate(texts)
]
HOSTILE_NAMES = {
    "score": 70,
    "school": {"name": "Школа 7"},
    "notes": ["a", "b"],
    "long": list(range(MOST_ITEMS)),
    "other": list(range(MOST_ITEMS)),
    "deep": [[[i] for i in range(100)] for _ in range(30)],
    "deeper": [[[i] for i in range(100)] for _ in range(30)],
    "text": "a" * MOST_CHARACTERS,
    "nested": orjson.loads("[" * 60 + "]" * 60),
    "nested2": orjson.loads("[" * 60 + "]" * 60),
    "x": 1,
}


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_payload_ends_in_a_refusal(text: str) -> None:
    """Each class of attack is refused at deploy or fails, at once and without growing."""
    begun = time.perf_counter()
    with pytest.raises((ExpressionRefused, ExpressionFailed)):
        LANGUAGE.evaluate(text, HOSTILE_NAMES)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_payload_in_a_script_ends_in_a_refusal(text: str) -> None:
    """The same behind an assignment."""
    begun = time.perf_counter()
    with pytest.raises((ExpressionRefused, ExpressionFailed)):
        LANGUAGE.execute(f"x = {text}", HOSTILE_NAMES)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NESTED, 1),
        (" and ".join(["x"] * 300), 1),
        ("1 # 2", 1),
        ("'''a\nb'''", "a b"),
        ("get({'__class__': 1}, '__class__')", 1),
    ],
)
def test_what_only_looks_hostile_has_a_value(text: str, expected: object) -> None:
    """Brackets, length, remarks and names of keys are no danger by themselves."""
    assert expected == LANGUAGE.evaluate(text, HOSTILE_NAMES)


def test_a_list_that_doubles_is_stopped() -> None:
    """Lines that nest a list in itself reach the cap of elements, not of memory."""
    text = "\n".join(["a = [[1, 2], [3, 4]]", *["a = [a, a]"] * 40])
    with pytest.raises(ExpressionFailed, match="слишком велико"):
        LANGUAGE.execute(text, {})


def test_a_text_that_doubles_is_stopped() -> None:
    """Lines that append a text to itself reach the cap of characters."""
    with pytest.raises(ExpressionFailed, match="слишком длинный"):
        LANGUAGE.execute("\n".join(["a = 'x'", *["a = a + a"] * 60]), {})


def test_a_list_that_nests_is_stopped() -> None:
    """A value cannot be nested deeper than its storage can hold."""
    with pytest.raises(ExpressionFailed, match="слишком велико"):
        LANGUAGE.execute("\n".join(["a = 1", *["a = [a]"] * 30]), {})


def test_a_script_shares_one_budget() -> None:
    """Many lines do not have more work in them than one."""
    line = "a = sum([1 for x in long])"
    begun = time.perf_counter()
    with pytest.raises(ExpressionFailed, match="слишком долгое"):
        LANGUAGE.execute("\n".join([line] * 200), HOSTILE_NAMES)
    assert time.perf_counter() - begun < 1


def test_no_function_of_the_language_is_a_builtin() -> None:
    """Each function is ours, with its own look at what it is given."""
    assert {"engine.process.functions"} == {one.__module__ for one in FUNCTIONS.values()}


# properties -------------------------------------------------------------------------------------

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-100, 100),
    st.text("ab", max_size=3),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(lambda on: on.isoformat()),
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=8)
WORDS = (
    "a b c ( ) [ ] { } , . : + - * / % == < > and or not in is None if else for 1 0.5 'x' len sum "
    "max any sorted round date get lambda ** := _ __class__ f'' = ? ; \n"
)
PARTS = st.sampled_from(WORDS.split(" "))


@given(st.lists(PARTS, max_size=25).map(" ".join), VALUES, VALUES, VALUES)
def test_any_text_ends_in_a_value_or_a_refusal(text: str, a: Any, b: Any, c: Any) -> None:
    """Whatever is written, nothing but a JSON value or a refusal comes out."""
    names = {"a": a, "b": b, "c": c}
    try:
        found = LANGUAGE.evaluate(text, names)
    except (ExpressionRefused, ExpressionFailed):
        return
    assert all(type(one) in (int, float, bool, str, type(None), list, dict) for one in _all(found))


def _all(found: Any) -> Iterator[Any]:
    """Walk a value and everything inside it."""
    yield found
    for inner in (
        found.values() if isinstance(found, dict) else found if isinstance(found, list) else ()
    ):
        yield from _all(inner)


@given(st.text(max_size=60))
def test_any_characters_end_in_a_refusal_or_a_value(text: str) -> None:
    """No sequence of characters makes the parser fall over."""
    for mode in ("eval", "exec"):
        try:
            parse(text, "eval" if mode == "eval" else "exec")
        except ExpressionRefused:
            continue
