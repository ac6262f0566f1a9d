"""The diagram of ОПЭКО says all that the model of the review says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine.commands
from engine.bundles import shipped
from engine.commands.services import SERVICES
from engine.process.check_house import texts
from engine.process.load import load
from engine.process.model import Kind, Node
from engine.rules.access import Role
from engine.rules.forms import check_form
from engine.rules.reminders import POLICIES
from engine.versions import HOUSE_FUNCTIONS
from tests.diagrams.shipped import BPMN, drawn, people, version

# fmt: off
PRINTED = (
    "opeko_start", "s1_collect", "s1_achieve", "g1_complete", "s1_compare", "s1_analysis",
    "s1_tasks", "s1_request", "s1_selfassess", "r1_classify", "c1_own", "g2_grounds",
    "s2_agenda", "s2_pedsovet", "g3_council", "s2_request", "s2_order", "a1_split", "s2_pool",
    "s2_coi", "r2_coi", "s2_team", "s2_trainexp", "s2_trainstaff", "s2_yearplan", "a1_join",
    "s2_program", "s3_expert", "s3_materials", "s3_visit", "s3_opinion", "b1_withdraw",
    "s2_replace", "s4_merge", "g4_diverge", "s4_reconcile", "g5_round", "s4_round",
    "s5_conclusion", "s5_sign", "s5_acquaint", "g6_objections", "s5_answer", "s6_plan",
    "s6_measures", "t1_control", "s7_remeasure", "s7_control", "s7_conclusion", "g7_effective",
    "s7_adjust", "s8_decision", "g8_decision", "s8_publish", "s8_archive", "end_ok",
    "end_refused", "end_notneeded", "end_cancelled", "esp_cancel", "esp_postpone",
    "esp_complaint", "esp_year",
)
# fmt: on
"""Every element of the table of the review (domain, section 3), by its printed id."""

STAGES = [
    "Подготовка",
    "Организация",
    "Сбор данных",
    "Анализ",
    "Экспертное заключение",
    "Меры",
    "Контрольный этап",
    "Решение",
]

NODES = version().definition.nodes
BODIES = version().definition.bodies


def ids(nodes: list[Node]) -> list[str]:
    """Return the keys, to name the cases of a test."""
    return [node.key for node in nodes]


PEOPLE = pytest.mark.parametrize("node", people(), ids=ids(people()))


# all of it --------------------------------------------------------------------------------------


def test_it_loads_without_a_remark() -> None:
    """The front door, with the rules of the house and SpiffWorkflow's parser, finds nothing."""
    loaded = load(
        shipped("opeko"),
        services=SERVICES.keys(),
        functions=HOUSE_FUNCTIONS,
        roles=frozenset(Role),
        reminders=POLICIES.keys(),
    )
    assert () == loaded.warnings
    assert {"opeko", "measures_plan"} <= set(loaded.definition.bodies)


def test_it_holds_every_element_of_the_model() -> None:
    """No printed element of the table is missing."""
    assert [] == [key for key in PRINTED if key not in NODES]


def test_every_element_has_a_name_that_people_read() -> None:
    """What a person may see is named in Russian; only joins and inner starts and ends are bare."""
    bare = {Kind.START, Kind.END, Kind.PARALLEL, Kind.INCLUSIVE}
    unnamed = [
        n.key for n in NODES.values() if n.kind not in bare and not re.search("[а-яё]", n.name)
    ]
    assert [] == unnamed


def test_every_branch_of_a_decision_is_labelled() -> None:
    """Behind a gateway that decides, each flow says when it is taken."""
    deciding = (n for n in NODES.values() if n.kind in {Kind.EXCLUSIVE, Kind.INCLUSIVE})
    bare = [f.key for n in deciding if len(n.outflows) > 1 for f in n.outflows if not f.name]
    assert [] == bare


def test_its_stages_are_drawn_as_groups() -> None:
    """One group for each stage of the model, in order; loops run freely between them."""
    assert STAGES == [stage.name for stage in version().definition.stages]
    values = {v.get("id"): v.get("value") for v in drawn().iter(f"{BPMN}categoryValue")}
    groups = [values[g.get("categoryValueRef")] for g in drawn().iter(f"{BPMN}group")]
    assert STAGES == groups


def test_every_task_of_people_stands_in_a_lane() -> None:
    """A reader sees whose turn it is: each task of the process itself is in a lane."""
    assert [] == [n.key for n in people() if n.body == "opeko" and not n.lane]


@pytest.mark.parametrize("path", [p for p in shipped("opeko").files if p.endswith(".bpmn")])
def test_every_reference_is_resolved(path: str) -> None:
    """A modeler opens the file without a warning: what is referred to has an id."""
    root = drawn(path)
    known = {element.get("id") for element in root.iter() if element.get("id")}
    parts = ("loopDataInputRef", "loopDataOutputRef", "flowNodeRef", "incoming", "outgoing")
    named = {element.text for part in parts for element in root.iter(f"{BPMN}{part}")}
    attributes = ("sourceRef", "targetRef", "attachedToRef", "messageRef", "categoryValueRef")
    named |= {e.get(a) for e in root.iter() for a in (*attributes, "bpmnElement", "default")}
    assert set() == named - known - {None}


# tasks ------------------------------------------------------------------------------------------


@PEOPLE
def test_a_task_says_who_how_and_until_when(node: Node) -> None:
    """Role, form, deadline rule and reminder policy are all named, and exist."""
    work = node.work
    assert work is not None
    assert work.role in set(Role)
    assert work.form in version().forms
    assert work.due
    assert work.remind in POLICIES


@PEOPLE
def test_the_work_of_the_review_belongs_to_a_stage(node: Node) -> None:
    """Tasks of the main flow carry their stage; what interrupts it, or runs beside it, does not."""
    assert node.work is not None
    beside = node.body.startswith("esp_") or "/" in node.key
    assert beside != bool(node.work.stage)


@PEOPLE
def test_a_term_in_days_is_a_setting(node: Node) -> None:
    """Working days are changed by the coordinator of a cycle, not in the diagram."""
    assert node.work is not None
    literal = re.findall(r"in_workdays\((\d+)\)", node.work.due)
    assert literal in ([], ["0"], ["2"], ["5"])
    assert literal in ([], ["0"]) or node.body.startswith("esp_")


def test_forms_are_named_after_their_task() -> None:
    """A file is found by the id of the task; the second declaration shares the first one's."""
    odd = {n.key for n in people() if n.work and n.work.form != n.key.rpartition("/")[2]}
    assert {"s2_declare"} == odd


@pytest.mark.parametrize("path", [p for p in shipped("opeko").files if p.endswith(".json")])
def test_a_form_is_sound_and_used(path: str) -> None:
    """Every form can be read, is called as its file, and belongs to a task."""
    name = Path(path).stem
    assert [] == check_form(name, shipped("opeko").files[path])
    assert name in {n.work.form for n in people() if n.work}


# settings ---------------------------------------------------------------------------------------


def _read() -> Iterator[str]:
    """Yield the names of the settings that the diagram, the tables or the recorders read."""
    sources = [text for node in NODES.values() for text, _ in texts(node)]
    sources += [raw.decode() for p, raw in shipped("opeko").files.items() if p.endswith(".dmn")]
    for source in sources:
        yield from re.findall(r'setting\("(\w+)"\)', source)
    for file in Path(engine.commands.__path__[0]).glob("*.py"):
        for part in ast.walk(ast.parse(file.read_text())):
            match part:
                case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                    if "settings" in ast.unparse(value):
                        yield name


def test_every_setting_is_read_somewhere() -> None:
    """A number that the coordinator may change does change something."""
    named = {"classes", "associations"}
    """Read through a parameter: `plan_collection` asks for the one or the other."""
    unread = set(version().defaults) - set(_read()) - named
    assert set() == unread


def test_every_setting_has_a_russian_label() -> None:
    """The coordinator reads what it means."""
    settings = version().definition.settings
    assert [] == [s.name for s in settings if not re.search("[а-яё]", s.label)]


def test_conditions_hold_no_numbers_but_zero() -> None:
    """Thresholds are settings: what is compared in the flow is compared with zero or a word."""
    conditions = [f.condition for n in NODES.values() for f in n.outflows if f.condition]
    numbers = {
        part.value
        for condition in conditions
        for part in ast.walk(ast.parse(condition, mode="eval"))
        if isinstance(part, ast.Constant) and type(part.value) in (int, float)
    }
    assert numbers <= {0}


# the shape --------------------------------------------------------------------------------------


def reached(start: str, without: str = "") -> set[str]:
    """Return what can be reached from an element along flows and boundary events."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        at = todo.pop()
        if at in seen or at == without:
            continue
        seen.add(at)
        node = NODES[at]
        todo += [flow.target for flow in node.outflows]
        todo += list(node.boundaries)
    return seen


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("g1_complete", "s1_collect"),
        ("g3_council", "s1_tasks"),
        ("g3_order", "s2_request"),
        ("g2_team", "s2_pool"),
        ("g2_yearplan", "s2_yearplan"),
        ("g3_late", "s3_expert"),
        ("g6_plan", "s6_plan"),
        ("g7_effective", "s6_measures"),
        ("g8_decision", "s7_adjust"),
    ],
)
def test_loops_are_flat_back_edges(first: str, then: str) -> None:
    """Each loop of the model is there: completeness, rework, return, team, control, extension."""
    assert first in reached(then)
    assert then in reached(first)


@pytest.mark.parametrize("start", ["opeko_start", "opeko_by_hand", "opeko_again"])
def test_a_decision_comes_only_after_the_conclusion_of_the_control_stage(start: str) -> None:
    """Invariant 5: no way from any start to the decision avoids the control conclusion."""
    assert "s8_decision" in reached(start)
    assert "s8_decision" not in reached(start, without="s7_conclusion")


def test_a_conclusion_comes_only_after_the_scores_were_merged() -> None:
    """No way leads round the independent opinions."""
    assert "s5_conclusion" not in reached("opeko_by_hand", without="s4_merge")


def test_own_measures_are_not_awaited() -> None:
    """What the school does alone never leads back into the review."""
    assert {"x1_own", "c1_own", "end_own"} == reached("x1_own")


def test_teachers_never_get_the_work_of_experts() -> None:
    """Invariant 8: every task of stage 3 is an expert's, and given by name."""
    third = [n for n in people() if n.key.startswith("s3_")]
    assert 3 == len(third)
    assert {("expert", "expert")} == {(n.work.role, n.work.performer) for n in third if n.work}


def test_the_withdrawal_of_an_expert_does_not_interrupt_the_others() -> None:
    """The message stands on the whole panel and leaves it running."""
    withdraw = NODES["b1_withdraw"]
    assert "s3_expert" == withdraw.attached
    assert not withdraw.interrupting
    loop = NODES["s3_expert"].loop
    assert loop is not None
    assert "parallel" == loop.kind


@pytest.mark.parametrize(
    ("key", "interrupting"),
    [
        ("esp_cancel", True),
        ("esp_postpone", False),
        ("esp_complaint", False),
        ("esp_year", False),
        ("esp_close", True),
    ],
)
def test_event_sub_processes_interrupt_or_not(key: str, *, interrupting: bool) -> None:
    """Only a cancellation and closing as is end the work under way."""
    assert interrupting is NODES[BODIES[key].starts[0]].interrupting
