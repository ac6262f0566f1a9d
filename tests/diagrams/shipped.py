"""The processes that come with the product, loaded once for the tests of this folder."""

from functools import cache
from typing import Any

from lxml import etree

from engine.bundles import shipped
from engine.commands.definitions import checked
from engine.process.language import ClosedLanguage
from engine.process.model import Kind, Node
from engine.rules.calendar import RUSSIA
from engine.rules.deadlines import Terms
from engine.versions import Version

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@cache
def version(name: str = "opeko") -> Version:
    """Return a shipped process as deploying it makes it."""
    return checked(shipped(name))


@cache
def drawn(path: str = "cycles/opeko.bpmn") -> Any:
    """Return the tree of a shipped diagram."""
    return etree.fromstring(shipped("opeko").files[path])


def people() -> list[Node]:
    """Return the tasks of people, those of called processes included."""
    return [node for node in version().definition.nodes.values() if node.kind is Kind.USER]


def language(today: Any, started: Any = None, **settings: Any) -> ClosedLanguage:
    """Return the language of the cycle on a day, with the settings of a cycle."""
    values = {**version().defaults, **settings}
    terms = Terms(today, started or today, "Asia/Yekaterinburg", RUSSIA)
    functions = {**terms.functions(), "setting": lambda name: values[str(name)]}
    return ClosedLanguage(functions, version().decisions)
