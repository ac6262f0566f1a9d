"""A diagram played on SpiffWorkflow's own engine, as an independent opinion."""

import io
from collections import Counter
from random import Random
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.util.task import TaskState


def play_on_spiff(xml: bytes, random: Random) -> Counter[str]:
    """
    Return what the scripts of process ``p`` leave when people finish in random order.

    Raises:
        RuntimeError: The case did not complete.
    """
    trace: list[str] = []
    engine = PythonScriptEngine(TaskDataEnvironment({"log": trace.append}))
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(etree.tostring(etree.fromstring(xml))))
    spec = parser.get_spec("p")
    case: Any = BpmnWorkflow(spec, parser.get_subprocess_specs("p"), script_engine=engine)
    case.do_engine_steps()
    while ready := case.get_tasks(state=TaskState.READY, manual=True):
        random.choice(ready).run()
        case.do_engine_steps()
    if not case.is_completed():
        raise RuntimeError("SpiffWorkflow did not complete the case")
    return Counter(trace)
