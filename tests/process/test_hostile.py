"""Broken and hostile files: whatever is done to a diagram, the door answers with findings."""

import random
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.errors import DiagramRefused
from engine.process.load import Bundle, load
from tests.process.drawing import (
    CANCEL,
    COMPENSATE,
    boundary,
    catch,
    condition,
    diagram,
    element,
    end,
    error,
    escalation,
    flow,
    gateway,
    handler,
    inclusive,
    link,
    message,
    multi,
    par,
    script,
    signal,
    standard,
    sub,
    throw,
    timer,
    user,
    xor,
)
from tests.process.refusing import extended
from tests.process.test_decisions import LEVELS, table
from tests.process.test_load import FILES, FUNCTIONS, MAIN

CROWDED = diagram(
    '<dataObject id="d1" name="score"/><dataObjectReference id="ref" dataObjectRef="d1"/>',
    user("a", multi("xs", until="x > 1", result="mark")),
    boundary("late", "a", timer("P1D")),
    boundary("cond", "a", condition("x"), interrupting=False),
    xor("g", default="b"),
    script("b", "x = 1"),
    script("undo", "x = 0", isForCompensation="true"),
    boundary("cb", "b", COMPENSATE),
    sub("s", standard("x", 2), user("c"), end("esc", escalation())),
    boundary("err", "s", error()),
    handler("h", message(), script("h_h", "x = 2")),
    element("transaction", "t", user("e") + end("x", CANCEL)),
    boundary("cancelled", "t", CANCEL),
    inclusive("i", default="l1"),
    throw("l1", link("L")),
    catch("l2", link("L")),
    gateway("eventBased", "eg"),
    catch("m1", message()),
    catch("m2", timer("R3/P1D", "timeCycle")),
    par("p1"),
    par("p2"),
    element("adHocSubProcess", "ah", user("f") + "<completionCondition>x</completionCondition>"),
    element(
        "serviceTask",
        "sv",
        extended('<tsikl:in name="x" expression="y"/>'),
        implementation="publish",
    ),
    element("sendTask", "sd", messageRef="msg2"),
    throw("sg1", signal()),
    chain=(
        "start > a > g > b > i > l1, g > s > i, l2 > eg > m1 > p1 > ah > p2 > end, eg > m2 > t > end2, "
        "p1 > sv > sd > sg1 > p2, late > end, cond > end, err > end, cancelled > end"
    ),
    g__s="x > 1",
).replace(b"</process>", b'<association id="as" sourceRef="cb" targetRef="undo"/></process>')
SEEDS = {"main.bpmn": MAIN, "crowded.bpmn": CROWDED, "level.dmn": LEVELS}


def opened(name: str, raw: bytes) -> list[str]:
    """Return the sentences against a bundle with one file changed; none when it is taken."""
    files = {**FILES, name: raw}
    main = "crowded.bpmn" if name == "crowded.bpmn" else "main.bpmn"
    try:
        load(
            Bundle(main, files),
            services={"publish"},
            functions=FUNCTIONS,
            house=name != "crowded.bpmn",
        )
    except DiagramRefused as refusal:
        return [f"{one.element}: {one.sentence}" for one in refusal.findings]
    return []


def test_the_seeds_are_taken() -> None:
    """What is broken below is whole to begin with."""
    assert [[], [], []] == [opened(name, raw) for name, raw in SEEDS.items()]


def _mutated(raw: bytes, chance: random.Random) -> bytes:
    """Return a tree with a few things done to it: taken, doubled, moved, renamed, rewritten."""
    root = etree.fromstring(raw)
    for _ in range(chance.randint(1, 3)):
        elements = list(root.iter("{*}*"))
        one, other = chance.choice(elements), chance.choice(elements)
        chance.choice(_WAYS)(one, other, chance)
    return etree.tostring(root)


def _take(one: etree._Element, _other: etree._Element, _chance: random.Random) -> None:
    if (parent := one.getparent()) is not None:
        parent.remove(one)


def _double(one: etree._Element, other: etree._Element, _chance: random.Random) -> None:
    other.append(etree.fromstring(etree.tostring(one)))


def _move(one: etree._Element, other: etree._Element, _chance: random.Random) -> None:
    if one not in other.iterancestors() and one is not other and one.getparent() is not None:
        other.append(one)


def _rename(one: etree._Element, other: etree._Element, _chance: random.Random) -> None:
    one.tag = other.tag


def _forget(one: etree._Element, _other: etree._Element, chance: random.Random) -> None:
    if one.attrib:
        del one.attrib[chance.choice(sorted(map(str, one.attrib)))]


def _exchange(one: etree._Element, other: etree._Element, chance: random.Random) -> None:
    for name, value in other.attrib.items():
        if chance.random() < 0.5:
            one.set(name, value)


def _rewrite(one: etree._Element, _other: etree._Element, chance: random.Random) -> None:
    text = chance.choice(
        ["", " ", "x", "-1", "P0D", "=", "${", "__import__('os')", "9" * 400, "&<>"]
    )
    if one.attrib and chance.random() < 0.6:
        one.set(chance.choice(sorted(map(str, one.attrib))), text)
    else:
        one.text = text


_WAYS = (_take, _double, _move, _rename, _forget, _exchange, _rewrite)


@pytest.mark.parametrize("name", SEEDS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_mutated_file_is_taken_or_refused(name: str, seed: int) -> None:
    """Nothing but findings comes out of the door, each with an element and a Russian sentence."""
    raw = _mutated(SEEDS[name], random.Random(seed))
    for sentence in opened(name, raw):
        assert ": " in sentence
        assert any("а" <= letter <= "я" for letter in sentence.lower())


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(raw: bytes) -> None:
    """Bytes are not a diagram by chance."""
    assert [] != opened("main.bpmn", raw)


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_taken(data: st.DataObject) -> None:
    """Bytes cut out of a diagram, or put into it, do not make the door fall over."""
    at = data.draw(st.integers(0, len(MAIN)))
    cut = data.draw(st.integers(0, 40))
    opened("main.bpmn", MAIN[:at] + data.draw(st.binary(max_size=10)) + MAIN[at + cut :])


def _bombs() -> Iterator[tuple[str, bytes]]:
    """Walk files that grow, reach out or nest when a careless reader opens them."""
    inside = MAIN.decode()
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    yield "laughs", f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]>{inside}'.encode()
    used = inside.replace("<script>", "<script>&x;").replace('name="a"', 'name="&x;"')
    yield "external", f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>{used}'.encode()
    yield "outside", f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">{inside}'.encode()
    yield (
        "parameter",
        f'<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/hostname">%p;]>{inside}'.encode(),
    )
    quadratic = "".join("&b;" for _ in range(20_000))
    yield "quadratic", f'<!DOCTYPE d [<!ENTITY b "{"b" * 20_000}">]><a>{quadratic}</a>'.encode()
    yield "deep", b"<a>" * 100_000
    yield "attributes", ("<a " + " ".join(f'x{n}="1"' for n in range(50_000)) + "/>").encode()
    yield "unknown encoding", b'<?xml version="1.0" encoding="x-none"?><a/>'
    yield "wrong encoding", b'<?xml version="1.0" encoding="utf-16"?><a/>'
    yield "stylesheet", b'<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?><a/>'
    yield (
        "include",
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/hostname"/></a>',
    )


BOMBS = dict(_bombs())


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("name", ["main.bpmn", "level.dmn"])
def test_a_bomb_is_refused(name: str, raw: bytes) -> None:
    """Entities, foreign documents, depth and width end in a finding."""
    assert [] != opened(name, raw)


def _mesh(kind: str) -> bytes:
    """Return a diagram in which each of many gateways leads to the next four."""
    count = 240
    gateways = "".join(gateway(kind, f"g{n}") for n in range(count))
    flows = "".join(
        flow(f"g{a}", f"g{b}", "" if kind == "parallel" else "x", f"f{a}_{b}")
        for a in range(count)
        for b in range(a + 1, min(count, a + 5))
    )
    xml = diagram(gateways, chain=f"start > g0, g{count - 1} > end")
    return xml.replace(b"</process>", f"{flows}</process>".encode())


def _keyed() -> bytes:
    """Return a diagram with many messages and many keys of each."""
    keys = "".join(
        f'<correlationProperty id="k{n}"><correlationPropertyRetrievalExpression messageRef="msg">'
        "<messagePath>x</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
        for n in range(4_000)
    )
    xml = diagram(catch("c", message()), chain="start > c > end")
    return xml.replace(b"<process", f"{keys}<process".encode(), 1)


WIDE = {
    "inclusive mesh": _mesh("inclusive"),
    "parallel mesh": _mesh("parallel"),
    "attributes": diagram(
        user("a").replace("<userTask", "<userTask " + " ".join(f'x{n}="1"' for n in range(50_000))),
        chain="start > a > end",
    ),
    "extensions": diagram(user("a", extended("<tsikl:hint/>" * 5_000)), chain="start > a > end"),
    "keys": _keyed(),
    "lanes": diagram(
        f'<laneSet id="ls">{"<lane><flowNodeRef>a</flowNodeRef></lane>" * 15_000}</laneSet>',
        user("a"),
        chain="start > a > end",
    ),
    "scripts": diagram(
        par("g"),
        par("j"),
        *(script(f"s{n}", "\n".join(f"n{m} = {m}" for m in range(700))) for n in range(99)),
        chain="start > g, j > end, " + ", ".join(f"g > s{n} > j" for n in range(99)),
    ),
    "conditions": diagram(
        xor("g"),
        chain="start > g, " + ", ".join(f"g > end{n}" for n in range(99)),
        **{f"g__end{n}": f"x > {n} and x < {n + 2} or x == {n * 7}" for n in range(99)},
    ),
}


@pytest.mark.parametrize("raw", WIDE.values(), ids=WIDE)
def test_a_wide_diagram_is_answered_soon(raw: bytes) -> None:
    """Whatever is compared pair by pair has a cap: an answer takes seconds, not minutes."""
    begun = time.perf_counter()
    opened("crowded.bpmn", raw)
    assert time.perf_counter() - begun < 10


def test_a_wide_table_is_answered_soon() -> None:
    """So has what is tried on a table."""
    hard = "any(1 > 2 for a in [1,2,3,4,5,6,7,8] for b in [1,2,3,4,5,6,7,8] for c in [1,2,3,4])"
    tests = [hard, *[f"? > {n} and ? < {n * n} or ? == 77" for n in range(24)]]
    raw = table(*[(tests, ["1"])] * 120, inputs=("x",) * 25)
    begun = time.perf_counter()
    assert [] == opened("level.dmn", raw)
    assert time.perf_counter() - begun < 10


def test_many_files_are_answered_soon() -> None:
    """A version has a cap over all that it calls."""
    chain = "start > " + " > ".join(f"u{n}" for n in range(240)) + " > end"
    many = diagram(*(user(f"u{n}") for n in range(240)), chain=chain)
    files = {f"{n}.bpmn": many.replace(b'id="p"', f'id="q{n}"'.encode()) for n in range(150)}
    calls = [element("callActivity", f"c{n}", calledElement=f"q{n}") for n in range(150)]
    chain = "start > " + " > ".join(f"c{n}" for n in range(150)) + " > end"
    begun = time.perf_counter()
    with pytest.raises(DiagramRefused, match="больше 1000 элементов"):
        load(
            Bundle("main.bpmn", {**files, "main.bpmn": diagram(*calls, chain=chain)}),
            services=(),
            functions=(),
            house=False,
        )
    assert time.perf_counter() - begun < 10
