"""Warnings: what runs as drawn but is probably not meant so."""

import pytest

from engine.process.host import Host
from engine.process.overlaps import both, overlap
from tests.process.drawing import (
    boundary,
    catch,
    diagram,
    element,
    end,
    error,
    gateway,
    handler,
    inclusive,
    message,
    par,
    script,
    sub,
    timer,
    user,
    xor,
)
from tests.process.refusing import warnings

BRANCHES = "start > g > a > j > end, g > b > j"
CALL = element("callActivity", "a", calledElement="q")
FAILING = (
    '<process id="q" isExecutable="true"><startEvent id="s"/><endEvent id="x">'
    '<errorEventDefinition errorRef="er"/></endEvent>'
    '<sequenceFlow id="f" sourceRef="s" targetRef="x"/></process></definitions>'
)


def with_call(*more: str, chain: str = "start > a > end") -> bytes:
    """Return a process that calls one that ends with an error."""
    return diagram(CALL, *more, chain=chain).replace(b"</definitions>", FAILING.encode())


DOUBTFUL = {
    "two branches assign one name": (
        diagram(par("g"), script("a", "x = 1"), script("b", "x = 2"), par("j"), chain=BRANCHES),
        "g",
        "«x»",
    ),
    "two branches assign one name deep inside": (
        diagram(
            par("g"), sub("a", script("c", "x = 1")), script("b", "x = 2"), par("j"), chain=BRANCHES
        ),
        "g",
        "«x»",
    ),
    "a call and a script assign one name": (
        diagram(
            par("g"),
            element(
                "serviceTask",
                "a",
                '<extensionElements><t:out xmlns:t="https://tsikl.ru/schema/bpmn/1" name="x"'
                ' expression="1"/></extensionElements>',
                implementation="s",
            ),
            script("b", "x = 2"),
            par("j"),
            chain=BRANCHES,
        ),
        "g",
        "«x»",
    ),
    "two arrows of an activity assign one name": (
        diagram(
            user("u"),
            script("a", "x = 1"),
            script("b", "x = 2"),
            chain="start > u > a > end, u > b > end2",
        ),
        "u",
        "«x»",
    ),
    "conditions that overlap": (
        diagram(xor("g"), chain="start > g > end, g > end2", g__end="x > 1", g__end2="x < 10"),
        "g",
        "бывают верны вместе",
    ),
    "a join that nothing fills": (
        diagram(xor("g", default="a"), user("a"), user("b"), par("j"), chain=BRANCHES, g__b="x"),
        "j",
        "ничто перед ним не делит",
    ),
    "branches that meet without a join": (
        diagram(par("g"), user("a"), user("b"), xor("j"), chain=BRANCHES),
        "j",
        "без шлюза «И»",
    ),
    "branches that meet at a task": (
        diagram(par("g"), user("a"), user("b"), chain="start > g > a > end, g > b > a"),
        "a",
        "без шлюза «И»",
    ),
    "an error that nothing catches": (
        diagram(end("e", error()), chain="start > e"),
        "e",
        "никто не ловит",
    ),
    "an error caught by another code": (
        diagram(
            sub("s", end("e", error())),
            boundary("b", "s", error("er2")),
            chain="start > s > end, b > end",
        ),
        "e",
        "никто не ловит",
    ),
    "an error beside which another is caught": (
        diagram(handler("h", error("er2")), user("a"), end("e", error()), chain="start > a > e"),
        "e",
        "никто не ловит",
    ),
    "an error of a called process": (with_call(), "x", "никто не ловит"),
    "a branch that breaks off": (
        diagram(user("a"), user("b"), chain="start > a > end, a > b"),
        "b",
        "обрывается",
    ),
    "a round without an end": (
        diagram(user("a"), user("b"), chain="start > a > b > a"),
        "a",
        "нет пути к концу",
    ),
    "a process that is not run": (
        diagram(chain="start > end").replace(
            b"</definitions>", b'<process id="q"><task id="t"/></process></definitions>'
        ),
        "q",
        "не исполняется",
    ),
}


@pytest.mark.parametrize(("xml", "name", "part"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_doubtful_is_remarked_upon(xml: bytes, name: str, part: str) -> None:
    """The warning names the element; the diagram is taken all the same."""
    assert [] != [text for at, text in warnings(xml) if at == name and part in text]


SOUND = {
    "a parallel block": diagram(
        par("g"), script("a", "x = 1"), script("b", "y = 2"), par("j"), chain=BRANCHES
    ),
    "a name assigned before and after": diagram(
        script("c", "x = 0"),
        par("g"),
        script("a", "y = x"),
        script("b", "z = x"),
        par("j"),
        script("d", "x = 1"),
        chain="start > c > g > a > j > d > end, g > b > j",
    ),
    "an inclusive block": diagram(
        inclusive("g", default="a"), user("a"), user("b"), inclusive("j"), chain=BRANCHES, g__b="x"
    ),
    "an exclusive block": diagram(
        xor("g", default="a"), user("a"), user("b"), xor("j"), chain=BRANCHES, g__b="x"
    ),
    "conditions that exclude": diagram(
        xor("g"), chain="start > g > end, g > end2", g__end="x >= 60", g__end2="x < 60"
    ),
    "conditions over different names": diagram(
        xor("g"), chain="start > g > end, g > end2", g__end="x > 1", g__end2="y > 1"
    ),
    "rework by a back edge": diagram(
        xor("m"),
        user("a"),
        xor("g", default="end"),
        chain="start > m > a > g > m, g > end",
        g__m="x",
    ),
    "a join filled by a reminder": diagram(
        user("a"),
        boundary("b", "a", timer("P1D"), interrupting=False),
        par("j"),
        chain="start > a > j > end, b > j",
    ),
    "an error caught outside": diagram(
        sub("s", sub("t", end("e", error()))),
        boundary("b", "s", error()),
        chain="start > s > end, b > end",
    ),
    "an error caught beside": diagram(
        handler("h", error()), user("a"), end("e", error()), chain="start > a > e"
    ),
    "an error caught by its caller": with_call(
        boundary("b", "a", error("")), chain="start > a > end, b > end"
    ),
    "an event gateway": diagram(
        gateway("eventBased", "g"),
        catch("a", message()),
        catch("b", timer("P1D")),
        chain="start > g > a > end, g > b > end",
    ),
    "no end drawn at all": diagram(user("a"), user("b"), chain="start > a > b"),
}


@pytest.mark.parametrize("xml", SOUND.values(), ids=SOUND)
def test_what_is_sound_is_not_remarked_upon(xml: bytes) -> None:
    """A warning that is always there is read by nobody."""
    assert [] == warnings(xml)


def test_scripts_in_another_language_are_not_compared() -> None:
    """What a suite writes in Python is outside of these remarks, and no reason to fall over."""
    xml = diagram(
        par("g"), script("a", "import x"), script("b", "import x"), par("j"), chain=BRANCHES
    )
    assert [] == warnings(xml)
    xml = diagram(xor("g"), chain="start > g > end, g > end2", g__end="f'{x}'", g__end2="f'{x}'")
    assert [] == warnings(xml, Host())


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("x > 1", "x > 2", True),
        ("x > 2", "x <= 2", False),
        ("x == 'a'", "x == 'b'", False),
        ("x == 'a'", "x != 'b'", True),
        ("x == 'a'", "x in ('a', 'b')", True),
        ("x", "not x", False),
        ("x", "x == true", True),
        ("x > 1", "y > 1", False),
        ("f(x)", "f(x)", False),
        ("1 > 0", "1 > 0", False),
    ],
)
def test_two_conditions_are_tried_on_what_they_mention(
    first: str, second: str, *, together: bool
) -> None:
    """Conditions over one variable are compared at the values they name and their neighbours."""
    assert together == both(first, second)


@pytest.mark.parametrize(
    ("rows", "pair"),
    [
        ([["v < 60"], ["v >= 60"]], None),
        ([["v < 60"], ["v >= 59"]], (1, 2)),
        ([["v < 60"], ["60 <= v < 85"], ["v >= 84.5"]], (2, 3)),
        ([["v == 'a'", ""], ["v == 'b'", ""]], None),
        ([["v == 'a'", "v > 1"], ["v == 'a'", "v < 5"]], (1, 2)),
        ([["v == 'a'", "v > 5"], ["v == 'a'", "v < 5"]], None),
        ([["v == true"], [""]], (1, 2)),
        ([["v > limit"], ["v > limit"]], None),
        ([[], []], (1, 2)),
    ],
)
def test_rows_of_a_table_are_compared(rows: list[list[str]], pair: tuple[int, int] | None) -> None:
    """Two rows that some values satisfy together are found; unknown names are not guessed."""
    assert pair == overlap(rows, "v")
