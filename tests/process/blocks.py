"""
Random block-structured diagrams whose outcome is known beforehand.

Every block has one way in and one way out, so what its scripts leave in the trace follows from
how it was drawn: the multiset of script runs is the expected result, whatever the order in
which people finish and events come.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from tests.process.drawing import (
    HEAD,
    ROOTS,
    boundary,
    catch,
    element,
    end,
    error,
    escalation,
    flow,
    gateway,
    handler,
    link,
    message,
    multi,
    script,
    standard,
    start,
    sub,
    throw,
    timer,
    user,
)

KINDS = [
    "script",
    "user",
    "pause",
    "receive",
    "par",
    "or",
    "xor",
    "sub",
    "call",
    "panel",
    "queue",
    "loop",
    "deadline",
    "failing",
    "escalating",
    "reporting",
    "sleeping",
    "racing",
    "jump",
    "forked",
]
"""All kinds of blocks; the first four are leaves."""

COMMON = [
    "script",
    "user",
    "par",
    "xor",
    "or",
    "sub",
    "call",
    "panel",
    "queue",
    "loop",
    "deadline",
    "escalating",
    "sleeping",
]
"""Those in which SpiffWorkflow is sound as well."""

LEAVES = 4


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a diagram: its XML, its first and last element, what its scripts leave."""

    xml: str
    first: str
    last: str
    runs: Counter[str]


class Draughtsman:
    """
    Draws blocks at random.

    Args:
        random: Where chance comes from.
        kinds: Which blocks it may draw.
        timer_text: How a timer that never fires is written.

    Attributes:
        size: Number of elements drawn, flows not counted.
    """

    def __init__(
        self, random: Random, kinds: Sequence[str] = KINDS, timer_text: str = "P9D"
    ) -> None:
        self._random = random
        self._kinds = kinds
        self._leaves = [kind for kind in kinds if kind in KINDS[:LEAVES]]
        self._timer = timer_text
        self._last = 0
        self.size = 0
        self.called: list[str] = []

    def diagram(self, depth: int = 4) -> tuple[bytes, Counter[str]]:
        """Return a file with one process ``p``, and the script runs it must show."""
        inside = self._inside(depth)
        process = f'<process id="p" isExecutable="true">{inside.xml}</process>'
        called = "".join(self.called)
        return f"{HEAD}{ROOTS}{process}{called}</definitions>".encode(), inside.runs

    def _name(self, prefix: str) -> str:
        self._last += 1
        self.size += prefix != "f"
        return f"{prefix}{self._last}"

    def _flow(self, source: str, target: str, condition: str = "", name: str = "") -> str:
        return flow(source, target, condition, name or self._name("f"))

    # structure --------------------------------------------------------------------------------

    def _block(self, depth: int) -> Block:
        kind = self._random.choice(list(self._kinds if depth > 0 else self._leaves))
        draw: Callable[[int], Block] = getattr(self, f"_{kind}")
        return draw(depth - 1)

    def _sequence(self, depth: int) -> Block:
        """Draw one to three blocks one after another."""
        return self._chain([self._block(depth) for _ in range(self._random.randint(1, 3))])

    def _chain(self, blocks: Sequence[Block]) -> Block:
        """Draw blocks one after another."""
        xml = "".join(block.xml for block in blocks)
        for one, other in pairwise(blocks):
            xml += self._flow(one.last, other.first)
        runs = sum((block.runs for block in blocks), Counter[str]())
        return Block(xml, blocks[0].first, blocks[-1].last, runs)

    def _inside(self, depth: int, ending: str = "", before: Sequence[Block] = ()) -> Block:
        """Draw the inside of a process or sub-process; `ending` is the event at its end."""
        inner = self._chain([*before, self._sequence(depth)])
        first, last = self._name("s"), self._name("e")
        xml = start(first) + inner.xml + end(last, ending)
        xml += self._flow(first, inner.first) + self._flow(inner.last, last)
        return Block(xml, first, last, inner.runs)

    def _beside(self, drawn: str, host: str, event: str, ways: str = "") -> tuple[str, str]:
        """Return a host with an interrupting boundary event, both going on at one gateway."""
        attached, joined = self._name("b"), self._name("j")
        xml = drawn + boundary(attached, host, event) + gateway("exclusive", joined) + ways
        return xml + self._flow(host, joined) + self._flow(attached, joined), joined

    # leaves -----------------------------------------------------------------------------------

    def _script(self, _depth: int) -> Block:
        name = self._name("a")
        return Block(script(name), name, name, Counter([name]))

    def _user(self, _depth: int) -> Block:
        name = self._name("u")
        return Block(user(name), name, name, Counter())

    def _pause(self, _depth: int) -> Block:
        name = self._name("w")
        return Block(catch(name, timer("PT1M")), name, name, Counter())

    def _receive(self, _depth: int) -> Block:
        name = self._name("w")
        return Block(element("receiveTask", name, messageRef="msg"), name, name, Counter())

    # gateways ---------------------------------------------------------------------------------

    def _par(self, depth: int) -> Block:
        return self._split("parallel", depth)

    def _or(self, depth: int) -> Block:
        return self._split("inclusive", depth)

    def _xor(self, depth: int) -> Block:
        return self._split("exclusive", depth)

    def _split(self, kind: str, depth: int) -> Block:
        """Draw two or three branches; the last one is the default, unless all are taken."""
        fork, join, default = self._name("g"), self._name("j"), self._name("f")
        branches = [self._sequence(depth) for _ in range(self._random.randint(2, 3))]
        chosen = self._chosen(kind, len(branches))
        more = {} if kind == "parallel" else {"default": default}
        xml = element(f"{kind}Gateway", fork, **more) + gateway(kind, join)
        for number, branch in enumerate(branches):
            last = number == len(branches) - 1
            condition = "" if kind == "parallel" or last else f"1 == {1 if chosen[number] else 2}"
            way = default if last and more else ""
            xml += branch.xml + self._flow(fork, branch.first, condition, way)
            xml += self._flow(branch.last, join)
        taken = self._taken(kind, chosen)
        runs = sum((branches[number].runs for number in taken), Counter[str]())
        return Block(xml, fork, join, runs)

    def _chosen(self, kind: str, count: int) -> list[bool]:
        """Say which conditions are true; the default has none."""
        if kind == "parallel":
            return [True] * count
        return [self._random.random() < 0.5 for _ in range(count - 1)]

    def _taken(self, kind: str, chosen: list[bool]) -> list[int]:
        """Return the branches that are walked."""
        true = [number for number, yes in enumerate(chosen) if yes]
        return (true[:1] if kind == "exclusive" else true) or [len(chosen)]

    def _forked(self, depth: int) -> Block:
        """An activity with two unconditional flows, which meet in a parallel join."""
        task, join = self._script(0), self._name("j")
        one, other = self._sequence(depth), self._sequence(depth)
        xml = task.xml + one.xml + other.xml + gateway("parallel", join)
        for branch in (one, other):
            xml += self._flow(task.first, branch.first) + self._flow(branch.last, join)
        return Block(xml, task.first, join, task.runs + one.runs + other.runs)

    def _racing(self, _depth: int) -> Block:
        """An event gateway; whichever event comes, the flow goes on."""
        fork, join = self._name("g"), self._name("j")
        names = [self._name("w"), self._name("w")]
        xml = gateway("eventBased", fork) + gateway("exclusive", join)
        for name in names:
            xml += catch(name, message()) + self._flow(fork, name) + self._flow(name, join)
        return Block(xml, fork, join, Counter())

    # sub-processes ----------------------------------------------------------------------------

    def _sub(self, depth: int) -> Block:
        name, inside = self._name("p"), self._inside(depth)
        return Block(sub(name, inside.xml), name, name, inside.runs)

    def _call(self, depth: int) -> Block:
        name, process, inside = self._name("p"), self._name("q"), self._inside(depth)
        self.called.append(f'<process id="{process}" isExecutable="true">{inside.xml}</process>')
        call = element("callActivity", name, calledElement=process)
        return Block(call, name, name, inside.runs)

    def _panel(self, depth: int) -> Block:
        return self._repeated(depth, lambda times: multi(count_of=str(times)))

    def _queue(self, depth: int) -> Block:
        return self._repeated(depth, lambda times: multi(count_of=str(times), sequential=True))

    def _loop(self, depth: int) -> Block:
        return self._repeated(depth, lambda times: standard("1 == 1", times))

    def _repeated(self, depth: int, marker: Callable[[int], str]) -> Block:
        """Draw a sub-process that runs one to three times."""
        name, inside, times = self._name("p"), self._inside(depth), self._random.randint(1, 3)
        runs = Counter({key: count * times for key, count in inside.runs.items()})
        return Block(sub(name, marker(times), inside.xml), name, name, runs)

    # events -----------------------------------------------------------------------------------

    def _deadline(self, depth: int) -> Block:
        """A deadline that is never reached; something inside has to wait."""
        name, inside = self._name("p"), self._inside(depth, before=[self._user(0)])
        xml, joined = self._beside(sub(name, inside.xml), name, timer(self._timer))
        return Block(xml, name, joined, inside.runs)

    def _failing(self, depth: int) -> Block:
        """A sub-process that ends in an error; its boundary goes on."""
        name, inside = self._name("p"), self._inside(depth, error())
        xml, joined = self._beside(sub(name, inside.xml), name, error())
        return Block(xml, name, joined, inside.runs)

    def _escalating(self, depth: int) -> Block:
        """An escalation that is heard at the boundary, while the work goes on."""
        name, attached, heard, last = (self._name(x) for x in ("p", "b", "a", "e"))
        inside = self._telling(depth)
        xml = sub(name, inside.xml)
        xml += boundary(attached, name, escalation(), interrupting=False) + script(heard)
        xml += end(last) + self._flow(attached, heard) + self._flow(heard, last)
        return Block(xml, name, name, inside.runs + Counter([heard]))

    def _reporting(self, depth: int) -> Block:
        """An escalation that starts an event sub-process, while the work goes on."""
        name, listener = self._name("p"), self._listener()
        inside = self._telling(depth)
        xml = sub(name, inside.xml, handler(listener, escalation(), interrupting=False))
        return Block(xml, name, name, inside.runs + Counter([f"h_{listener}"]))

    def _listener(self) -> str:
        """Return the name of an event sub-process, which has three elements inside."""
        self.size += 3
        return self._name("h")

    def _telling(self, depth: int) -> Block:
        """Draw the inside of a sub-process that begins with an escalation."""
        first, told, last = self._name("s"), self._name("t"), self._name("e")
        inner = self._sequence(depth)
        xml = start(first) + throw(told, escalation()) + inner.xml + end(last)
        xml += self._flow(first, told) + self._flow(told, inner.first)
        return Block(xml + self._flow(inner.last, last), first, last, inner.runs)

    def _sleeping(self, depth: int) -> Block:
        """An event sub-process that never starts."""
        name, inside = self._name("p"), self._inside(depth)
        asleep = handler(self._listener(), message("msg2"))
        return Block(sub(name, inside.xml, asleep), name, name, inside.runs)

    def _jump(self, _depth: int) -> Block:
        """A link instead of a flow."""
        out, into = self._name("t"), self._name("c")
        before, after = self._script(0), self._script(0)
        xml = before.xml + after.xml + throw(out, link(out)) + catch(into, link(out))
        xml += self._flow(before.first, out) + self._flow(into, after.first)
        return Block(xml, before.first, after.last, before.runs + after.runs)
