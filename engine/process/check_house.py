"""Rules of the house: what a cycle of ours must say beyond BPMN."""

import re
from collections.abc import Iterator

from engine.errors import ExpressionRefused, Finding
from engine.process.host import Host, Mode
from engine.process.language import compiled
from engine.process.model import PEOPLE, Definition, Kind, Node, Work


def tasks(definition: Definition, node: Node, host: Host) -> Iterator[Finding]:
    """A task of people says who does it, until when, and by which form."""
    if node.kind not in PEOPLE:
        return
    work = node.work or Work()
    if not work.role and not work.performer:
        yield Finding(node.key, "Не указано, кто выполняет: роль или исполнитель в tsikl:task.")
    if not work.due:
        yield Finding(node.key, "Не указан срок: напишите правило due в tsikl:task.")
    if not work.form and node.kind is Kind.USER:
        yield Finding(node.key, "Не указана форма: назовите файл формы в tsikl:task.")
    yield from _known(definition, node, work, host)


def _known(definition: Definition, node: Node, work: Work, host: Host) -> Iterator[Finding]:
    """What a task names exists: the role, the reminder policy, the stage, the form's name."""
    if work.role and host.roles is not None and work.role not in host.roles:
        yield Finding(node.key, f"Роли «{work.role}» нет. Выберите из списка.")
    if work.remind and host.reminders is not None and work.remind not in host.reminders:
        yield Finding(node.key, f"Порядка напоминаний «{work.remind}» нет.")
    if work.stage and work.stage not in {stage.key for stage in definition.stages}:
        yield Finding(node.key, f"Этапа «{work.stage}» в процессе нет: добавьте tsikl:stage.")
    if work.form and not re.fullmatch(r"[\w-]+(\.json)?", work.form):
        yield Finding(node.key, f"«{work.form}» не может быть именем формы.")
    if work.office and not work.role:
        yield Finding(node.key, "office указывает, где искать роль: назовите её.")


def starts(definition: Definition, node: Node, _host: Host) -> Iterator[Finding]:
    """One event begins a case: draw a start event for each."""
    if node.kind is Kind.START and node.body not in definition.nodes and len(node.events) > 1:
        yield Finding(node.key, "Начало ждёт нескольких событий. Нарисуйте начало для каждого.")


def settings(definition: Definition, node: Node, _host: Host) -> Iterator[Finding]:
    """A setting that an expression asks for is declared."""
    declared = {setting.name for setting in definition.settings}
    for source, mode in texts(node):
        try:
            calls = {call for part in compiled(source, mode) for call in part.calls}
        except ExpressionRefused:
            continue
        for name, argument in sorted(calls):
            if name == "setting" and argument and argument not in declared:
                yield Finding(node.key, f"Параметра «{argument}» нет: добавьте tsikl:setting.")


def texts(node: Node) -> Iterator[tuple[str, Mode]]:
    """Walk everything the language will read at an element."""
    if node.kind is Kind.SCRIPT and node.text:
        yield node.text, "exec"
    found = [flow.condition for flow in node.outflows]
    found += [text for _, text in (*node.inputs, *node.outputs)]
    for event in node.events:
        timer = event.text[1:] if event.text.startswith("=") else ""
        found += [event.text if event.kind == "conditional" else timer]
        found += [text for _, text in event.keys]
    if node.work is not None:
        found += [node.work.performer, node.work.due]
    if node.loop is not None:
        found += [node.loop.condition, node.loop.cardinality]
    yield from ((text, "eval") for text in found if text)
