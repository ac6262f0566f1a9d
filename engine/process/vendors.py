"""What other engines write into diagrams: read where it means the same here, else refused."""

from collections.abc import Mapping
from typing import Final

from engine.process.document import BPMN, OURS, Document, Element, local, space, tag, words
from engine.process.expressions import bare
from engine.process.extensions import extensions
from engine.process.model import Work

CAMUNDA: Final = frozenset(
    {
        "http://camunda.org/schema/1.0/bpmn",
        "http://activiti.org/bpmn",
        "http://flowable.org/bpmn",
    }
)
"""One family: the names are the same in all three."""
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
SPIFF: Final = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_ENGINES: Final = CAMUNDA | {ZEEBE, SPIFF, "http://www.jboss.org/drools"}

_HARMLESS: Final = words(
    # They say how another engine stores, schedules or shows; the course of a case is the same.
    "asyncBefore asyncAfter async exclusive jobPriority taskPriority priority historyTimeToLive "
    "versionTag isStartableInTasklist candidateStarterGroups candidateStarterUsers initiator "
    "modelerTemplate modelerTemplateVersion modelerTemplateIcon properties property "
    "failedJobRetryTimeCycle retries userTask diagramRelationId errorMessage"
)
_SERVICE: Final = words("class expression delegateExpression topic type taskDefinition")
_READ: Final[Mapping[str, frozenset[str]]] = {
    "userTask": words(
        "assignee candidateGroups formKey formRef formRefBinding dueDate formDefinition "
        "assignmentDefinition taskSchedule"
    ),
    "serviceTask": _SERVICE,
    "sendTask": _SERVICE,
    "businessRuleTask": _SERVICE
    | words("decisionRef decisionRefBinding calledDecision calledDecisionId"),
    "callActivity": words("in out calledElementBinding calledElement"),
    "multiInstanceLoopCharacteristics": words("collection elementVariable"),
}
"""By element; the same word elsewhere is refused."""
_HINTS: Final[Mapping[str, str]] = {
    "candidateUsers": "назовите исполнителя в tsikl:task performer",
    "followUpDate": "напоминания задаёт tsikl:task remind",
    "formData": "опишите форму файлом и укажите её в tsikl:task form",
    "executionListener": "слушатели не выполняются: сделайте задачу сервиса",
    "taskListener": "слушатели не выполняются: сделайте задачу сервиса",
    "executionListeners": "слушатели не выполняются: сделайте задачу сервиса",
    "inputOutput": "пользуйтесь tsikl:in и tsikl:out",
    "ioMapping": "пользуйтесь tsikl:in и tsikl:out",
    "resultVariable": "итоги попадают в переменные под именами столбцов таблицы",
    "mapDecisionResult": "итоги попадают в переменные под именами столбцов таблицы",
    "connector": "назовите зарегистрированную службу в tsikl:service",
    "resource": "напишите сценарий прямо в схеме",
    "preScript": "сделайте отдельную задачу-сценарий",
    "postScript": "сделайте отдельную задачу-сценарий",
    "subscription": "ключи сообщений задаёт correlationProperty",
    "loopCharacteristics": "пользуйтесь loopDataInputRef",
}


def look(document: Document, element: Element) -> None:
    """Refuse what another engine would do here and ours would not, with what to write instead."""
    for name in map(str, element.attrib):
        if name.startswith("{") and name[1:].partition("}")[0] in _ENGINES:
            _look_at(document, element, name.rpartition("}")[2])
    for one in extensions(element):
        if space(one) in _ENGINES:
            _look_at(document, element, tag(one))


def _look_at(document: Document, element: Element, name: str) -> None:
    """Refuse one foreign name unless it is read elsewhere or changes nothing."""
    if name not in _HARMLESS | _READ.get(tag(element), frozenset()):
        hint = _HINTS.get(name, "уберите его")
        document.refuse(element, f"«{name}» другого движка не поддерживается: {hint}.")


def attribute(element: Element, *names: str) -> str:
    """Return the first non-empty attribute of these names in Camunda's family."""
    for name in names:
        for family in CAMUNDA:
            if value := element.get(f"{{{family}}}{name}", "").strip():
                return value
    return ""


def _extension(element: Element, name: str) -> Element | None:
    """Return the first extension element of that name, of an engine we know."""
    return next((e for e in extensions(element) if space(e) in _ENGINES and tag(e) == name), None)


def _inner(element: Element, name: str, *attributes: str) -> str:
    """Return the first non-empty attribute of an extension element."""
    found = _extension(element, name)
    if found is None:
        return ""
    return next((v for a in attributes if (v := found.get(a, "").strip())), "")


def service(element: Element) -> str:
    """Return the service that another modeler names."""
    implementation = element.get("implementation", "").strip()
    return (
        attribute(element, "topic", "class", "delegateExpression", "expression")
        or _inner(element, "taskDefinition", "type")
        or local(element.get("operationRef") or "")
        or ("" if implementation.startswith("##") else implementation)
    )


def decision(element: Element) -> str:
    """Return the decision table that another modeler names."""
    spiff = _extension(element, "calledDecisionId")
    return (
        attribute(element, "decisionRef")
        or _inner(element, "calledDecision", "decisionId")
        or ("" if spiff is None else (spiff.text or "").strip())
    )


def called(element: Element) -> str:
    """Return the process that another modeler's call names."""
    return _inner(element, "calledElement", "processId")


def items(element: Element) -> tuple[str, str]:
    """Return the list and the element variable of Camunda's multi-instance attributes."""
    return bare(attribute(element, "collection")), attribute(element, "elementVariable")


def work(document: Document, element: Element) -> Work | None:
    """Return the assignment, form and due date that another modeler wrote, None without any."""
    groups = attribute(element, "candidateGroups") or _inner(
        element, "assignmentDefinition", "candidateGroups"
    )
    if "," in groups or groups.startswith(("$", "#", "=")):
        document.refuse(element, "Несколько групп не поддерживаются: назначьте одну роль.")
    performer = attribute(element, "assignee") or _inner(
        element, "assignmentDefinition", "assignee"
    )
    due = attribute(element, "dueDate") or _inner(element, "taskSchedule", "dueDate")
    found = Work(
        form=attribute(element, "formKey", "formRef")
        or _inner(element, "formDefinition", "formId", "formKey"),
        role=groups,
        performer=_value(document, element, performer),
        due=_value(document, element, due),
    )
    return None if found == Work() else found


def _value(document: Document, element: Element, source: str) -> str:
    """Return an expression: what stands in ``${}`` or after ``=``, or the text as a literal."""
    if not source:
        return ""
    if source.startswith(("${", "#{", "=")):
        return document.expression(element, source)
    return document.expression(element, repr(source))


def mapping(document: Document, element: Element, name: str) -> tuple[tuple[str, str], ...] | None:
    """Return Camunda's ``in`` or ``out`` pairs of a call; None when there is none at all."""
    found = [e for e in extensions(element) if space(e) in CAMUNDA and tag(e) == name]
    pairs = []
    for one in found:
        source = one.get("source", "") or one.get("sourceExpression", "")
        target = one.get("target", "").strip()
        if not target.isidentifier() or not source.strip():
            document.refuse(element, f"Перечислите данные по одному: tsikl:{name}.")
        else:
            pairs.append((target, document.expression(element, source)))
    return tuple(pairs) if found else None


def strange(root: Element) -> list[str]:
    """Return the namespaces of extensions that nobody reads, for a warning."""
    found = (space(one) for holder in root.iter(f"{BPMN}*") for one in extensions(holder))
    return sorted(set(found) - _ENGINES - {OURS[1:-1]})


def unknown_extensions(root: Element) -> list[str]:
    """Return the ids of extensions a reader must understand; we understand none."""
    return [
        one.get("definition", "?")
        for one in root.iter(f"{BPMN}extension")
        if one.get("mustUnderstand") in ("true", "1")
    ]
