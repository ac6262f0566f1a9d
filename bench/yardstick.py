"""
The process that is measured: it has the shape of a real review cycle.

Fourteen tasks of people, a decision whether to go on, a split and join of two, a panel of three
experts, and a loop of rework of two tasks. Sixteen completions from start to end, two more for
each round of rework: 18 with one, 60 with 22, 150 with 67.
"""

from typing import Final

from engine.process.load import Bundle

KEY: Final = "yardstick"
ROUND: Final = 2
"""Completions in one round of rework."""
FEWEST: Final = 16
"""Completions without any rework."""

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:tsikl="https://tsikl.ru/schema/bpmn/1" id="file" targetNamespace="https://tsikl.ru/bench">
"""

_TITLES: Final = {
    "collect": "Сбор данных мониторинга",
    "analyse": "Анализ деятельности педагогического коллектива",
    "set_goals": "Сформулировать ряд задач",
    "council": "Заседание педагогического совета",
    "order": "Приказ о проведении ОПЭКО",
    "candidates": "Подобрать кандидатов",
    "train_staff": "Подготовка педагогического коллектива",
    "programme": "Программа экспертизы",
    "opinion": "Индивидуальное заключение",
    "conclusion": "Экспертное заключение",
    "measures": "План мер",
    "carry_out": "Меры приняты",
    "control": "Контрольный этап",
    "decide": "Управленческое решение",
}
_ROLES: Final = {
    "analyse": "administration",
    "council": "secretary",
    "order": "director",
    "conclusion": "deputy",
    "decide": "director",
}
_STAGES: Final = {
    "1": ("Подготовка", ("collect", "analyse", "set_goals")),
    "2": ("Организация", ("council", "order", "candidates", "train_staff", "programme")),
    "3": ("Экспертиза", ("opinion", "conclusion")),
    "4": ("Меры и контроль", ("measures", "carry_out", "control", "decide")),
}
_FLOWS: Final = (
    ("start", "collect", ""),
    ("collect", "analyse", ""),
    ("analyse", "set_goals", ""),
    ("set_goals", "council", ""),
    ("council", "called", ""),
    ("called", "order", "vote == 'invite'"),
    ("called", "refused", ""),
    ("order", "split", ""),
    ("split", "candidates", ""),
    ("split", "train_staff", ""),
    ("candidates", "join", ""),
    ("train_staff", "join", ""),
    ("join", "programme", ""),
    ("programme", "opinion", ""),
    ("opinion", "conclusion", ""),
    ("conclusion", "measures", ""),
    ("measures", "again", ""),
    ("again", "carry_out", ""),
    ("carry_out", "control", ""),
    ("control", "effective", ""),
    ("effective", "again", "rework"),
    ("effective", "decide", ""),
    ("late", "told", ""),
    ("decide", "end", ""),
)
_DEFAULTS: Final = {"called": "called__refused", "effective": "effective__decide"}


def bundle() -> Bundle:
    """Return the diagram and its form."""
    return Bundle("yardstick.bpmn", {"yardstick.bpmn": diagram(), "answer.json": FORM})


def diagram() -> bytes:
    """Return the diagram."""
    stages = "".join(
        f'<tsikl:stage id="{key}" name="{name}"/>' for key, (name, _) in _STAGES.items()
    )
    tasks = "".join(_task(key, title) for key, title in _TITLES.items())
    flows = "".join(_flow(*flow) for flow in _FLOWS)
    return f"""{_HEAD}<process id="{KEY}" name="Мерный цикл" isExecutable="true">
      <extensionElements>{stages}<tsikl:setting name="term" value="5" type="int"
        label="Срок задачи, рабочих дней"/></extensionElements>
      <startEvent id="start" name="Начало"/><endEvent id="end" name="Решение принято"/>
      <endEvent id="refused" name="Экспертиза не нужна"/>
      {_gateway("called", "exclusive", "Решение педсовета")}
      {_gateway("again", "exclusive", "")}
      {_gateway("effective", "exclusive", "Меры эффективны?")}
      {_gateway("split", "parallel", "")}{_gateway("join", "parallel", "")}
      {tasks}
      <boundaryEvent id="late" name="Данных нет" attachedToRef="collect" cancelActivity="false">
        <timerEventDefinition id="late_timer"><timeDuration xsi:type="tFormalExpression"
        >P60D</timeDuration></timerEventDefinition></boundaryEvent>
      <endEvent id="told" name="Срок сбора прошёл"/>
      {flows}</process></definitions>""".encode()


def _task(key: str, title: str) -> str:
    stage = next(stage for stage, (_, keys) in _STAGES.items() if key in keys)
    performer = ' performer="expert"' if key == "opinion" else ""
    panel = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>experts</loopDataInputRef>"
        '<inputDataItem id="expert" name="expert"/></multiInstanceLoopCharacteristics>'
        if key == "opinion"
        else ""
    )
    role = "expert" if key == "opinion" else _ROLES.get(key, "deputy")
    return (
        f'<userTask id="{key}" name="{title}"><extensionElements><tsikl:task form="answer" '
        f'role="{role}"{performer} due="in_workdays(setting(\'term\'))" remind="std" '
        f'stage="{stage}"/></extensionElements>{panel}</userTask>'
    )


def _gateway(key: str, kind: str, name: str) -> str:
    default = f' default="{_DEFAULTS[key]}"' if key in _DEFAULTS else ""
    return f'<{kind}Gateway id="{key}" name="{name}"{default}/>'


def _flow(source: str, target: str, condition: str) -> str:
    text = (
        f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
        if condition
        else ""
    )
    return (
        f'<sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">'
        f"{text}</sequenceFlow>"
    )


FORM: Final = """{
  "type": "default", "id": "answer", "properties": {"title": "Ответ"}, "components": [
    {"type": "textarea", "key": "summary", "label": "Вывод", "validate": {"required": true}},
    {"type": "textfield", "key": "document", "label": "Документ"},
    {"type": "number", "key": "score", "label": "Балл",
     "validate": {"min": 0, "max": 100, "required": true}},
    {"type": "checkbox", "key": "rework", "label": "Нужна доработка",
     "properties": {"routes": true}},
    {"type": "select", "key": "vote", "label": "Решение", "properties": {"routes": true},
     "values": [{"value": "invite", "label": "привлечь"}, {"value": "decline", "label": "нет"}]}
  ]}""".encode()


def answer(*, rework: bool = False) -> dict[str, object]:
    """Return the fields of the form, about 330 bytes of text as stored."""
    summary = (
        "Результаты по русскому языку выше прошлогодних, по математике ниже района; "
        "причины названы в приложении, меры предложены и обсуждены с учителями."
    )
    return {
        "summary": summary,
        "document": "Справка от 25.11.2026 № 14",
        "score": 72,
        "rework": rework,
        "vote": "invite",
    }
