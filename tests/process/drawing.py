"""Small diagrams in a few words: elements by name, flows as chains ``start > a > end``."""

from collections.abc import Mapping
from html import escape
from itertools import count, pairwise

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="diagram" targetNamespace="urn:test">'
)
ROOTS = (
    '<message id="msg" name="msg"/><message id="msg2" name="msg2"/>'
    '<signal id="sg" name="sg"/>'
    '<error id="er" name="er" errorCode="ER"/><error id="er2" name="er2" errorCode="ER2"/>'
    '<escalation id="es" name="es" escalationCode="ES"/>'
)
START, END = "start", "end"


def element(tag: str, name: str, inner: str = "", **attributes: object) -> str:
    """Return any element with an id."""
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{tag} id="{name}" name="{name}"{more}>{inner}</{tag}>'


def diagram(*parts: str, chain: str = "", **conditions: str) -> bytes:
    """Return a file with one process ``p``: see `body`."""
    inside = body(*parts, chain=chain, **conditions)
    return f'{HEAD}{ROOTS}<process id="p" isExecutable="true">{inside}</process></definitions>'.encode()


def body(*parts: str, chain: str = "", defaults: str = "", **conditions: str) -> str:
    """
    Return elements and flows.

    Args:
        parts: The elements; `start` and `end` are added when a chain names them.
        chain: Flows as ``start > a > end, a > b``.
        defaults: Default flows as ``g > a``; the gateways are named in `parts` with ``default``.
        conditions: ``a__b="x > 1"`` is the condition of the flow from a to b.
    """
    names = [[name.strip() for name in line.split(">")] for line in chain.split(",") if line]
    used = {name for line in names for name in line}
    added = [start(name) for name in used if name.startswith(START)]
    added += [end(name) for name in used if name.startswith(END)]
    drawn = "".join(parts)
    fresh = [one for one in sorted(added) if f'id="{one.split(chr(34))[1]}"' not in drawn]
    return drawn + "".join(fresh) + _flows(names, conditions)


def _flows(lines: list[list[str]], conditions: Mapping[str, str]) -> str:
    """Return the flows of all chains; their ids are ``a__b``, numbered when drawn twice."""
    found: dict[str, str] = {}
    for line in lines:
        for source, target in pairwise(line):
            name = f"{source}__{target}"
            key = next(k for n in count() if (k := name if not n else f"{name}{n}") not in found)
            found[key] = flow(source, target, conditions.get(name, ""), key)
    return "".join(found.values())


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    """Return one sequence flow."""
    inner = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    key = f' id="{name}"' if name else ""
    return f'<sequenceFlow{key} sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def start(name: str = START, inner: str = "", **attributes: object) -> str:
    """Return a start event."""
    return element("startEvent", name, inner, **attributes)


def end(name: str = END, inner: str = "") -> str:
    """Return an end event."""
    return element("endEvent", name, inner)


def user(name: str, inner: str = "", **attributes: object) -> str:
    """Return a user task."""
    return element("userTask", name, inner, **attributes)


def script(name: str, text: str = "", inner: str = "", **attributes: object) -> str:
    """Return a script task; without a text it leaves its name in the trace."""
    text = escape(text or f"log('{name}')")
    return element("scriptTask", name, f"{inner}<script>{text}</script>", **attributes)


def service(name: str, inner: str = "", **attributes: object) -> str:
    """Return a service task that calls the service of its own name."""
    return element("serviceTask", name, inner, implementation=name, **attributes)


def sub(name: str, *parts: str, **attributes: object) -> str:
    """Return a sub-process."""
    return element("subProcess", name, "".join(parts), **attributes)


def handler(name: str, event: str, task: str = "", *, interrupting: bool = True) -> str:
    """Return an event sub-process ``name`` whose script (or element `task`) is ``h_name``."""
    first = start(f"on_{name}", event, isInterrupting=str(interrupting).lower())
    inside = body(first, task or script(f"h_{name}"), chain=f"on_{name} > h_{name} > end_{name}")
    return sub(name, inside, triggeredByEvent="true")


def boundary(name: str, host: str, event: str, *, interrupting: bool = True) -> str:
    """Return a boundary event."""
    on = str(interrupting).lower()
    return element("boundaryEvent", name, event, attachedToRef=host, cancelActivity=on)


def catch(name: str, event: str, **attributes: object) -> str:
    """Return an intermediate catch event."""
    return element("intermediateCatchEvent", name, event, **attributes)


def throw(name: str, event: str) -> str:
    """Return an intermediate throw event."""
    return element("intermediateThrowEvent", name, event)


def gateway(kind: str, name: str, inner: str = "", default: str = "") -> str:
    """Return a gateway; `default` is the element its default flow leads to."""
    more = {"default": f"{name}__{default}"} if default else {}
    return element(f"{kind}Gateway", name, inner, **more)


def xor(name: str, default: str = "") -> str:
    """Return an exclusive gateway."""
    return gateway("exclusive", name, default=default)


def inclusive(name: str, default: str = "") -> str:
    """Return an inclusive gateway."""
    return gateway("inclusive", name, default=default)


def par(name: str) -> str:
    """Return a parallel gateway."""
    return gateway("parallel", name)


# events -----------------------------------------------------------------------------------------


def timer(text: str, form: str = "timeDuration") -> str:
    """Return a timer definition."""
    return f"<timerEventDefinition><{form}>{text}</{form}></timerEventDefinition>"


def cycle(text: str) -> str:
    """Return the definition of a repeated timer."""
    return timer(text, "timeCycle")


def message(name: str = "msg") -> str:
    """Return a message definition."""
    return f'<messageEventDefinition messageRef="{name}"/>'


def signal(name: str = "sg") -> str:
    """Return a signal definition."""
    return f'<signalEventDefinition signalRef="{name}"/>'


def error(name: str = "er") -> str:
    """Return an error definition; without a name it catches all."""
    return f'<errorEventDefinition errorRef="{name}"/>' if name else "<errorEventDefinition/>"


def escalation(name: str = "es") -> str:
    """Return an escalation definition."""
    return f'<escalationEventDefinition escalationRef="{name}"/>'


def condition(text: str) -> str:
    """Return a conditional definition."""
    inner = f"<condition>{escape(text)}</condition>"
    return f"<conditionalEventDefinition>{inner}</conditionalEventDefinition>"


def link(name: str) -> str:
    """Return a link definition."""
    return f'<linkEventDefinition name="{name}"/>'


COMPENSATE = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
TERMINATE = "<terminateEventDefinition/>"

# loops ------------------------------------------------------------------------------------------


def standard(condition_text: str = "", maximum: int = 0, *, before: bool = False) -> str:
    """Return the marker of a standard loop."""
    inner = f"<loopCondition>{escape(condition_text)}</loopCondition>" if condition_text else ""
    more = f' loopMaximum="{maximum}"' if maximum else ""
    on = str(before).lower()
    return f'<standardLoopCharacteristics testBefore="{on}"{more}>{inner}</standardLoopCharacteristics>'


def multi(
    items: str = "",
    *,
    count_of: str = "",
    until: str = "",
    result: str = "",
    sequential: bool = False,
) -> str:
    """Return the marker of a multi-instance: one instance per item, or `count_of` of them."""
    inner = f"<loopCardinality>{count_of}</loopCardinality>" if count_of else ""
    inner += f"<loopDataInputRef>{items}</loopDataInputRef>" if items else ""
    inner += f"<loopDataOutputRef>{result}s</loopDataOutputRef>" if result else ""
    inner += f'<inputDataItem id="item_{items}" name="item"/>' if items else ""
    inner += f'<outputDataItem id="result_{result}" name="{result}"/>' if result else ""
    inner += f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    on = str(sequential).lower()
    tag = "multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{on}">{inner}</{tag}>'
