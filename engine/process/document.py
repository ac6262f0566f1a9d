"""One file as an XML tree: read with care, walked by id, and what is wrong in it written down."""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree
from lxml.etree import _Element

from engine.errors import DiagramRefused, ExpressionRefused, Finding, TimerRefused
from engine.process import timing
from engine.process.expressions import bare
from engine.process.host import Host, Mode

Element: TypeAlias = _Element

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OURS: Final = "{https://tsikl.ru/schema/bpmn/1}"
MOST_BYTES: Final = 1_000_000
MOST_FINDINGS: Final = 300


def read_xml(raw: bytes, name: str) -> Element:
    """
    Return the root of a tree without entities, comments or processing instructions.

    Args:
        raw: The file, at most 1 MB.
        name: The file's name, which the finding carries.

    Raises:
        DiagramRefused: The file is too large, is no XML, or declares a DOCTYPE.
    """
    if len(raw) > MOST_BYTES:
        raise DiagramRefused([Finding(name, "Файл больше 1 МБ. Уменьшите схему.")])
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DiagramRefused([Finding(name, f"Файл не читается как XML: {error}.")]) from error
    if root.getroottree().docinfo.doctype:
        raise DiagramRefused([Finding(name, "Уберите DOCTYPE: схемы принимаются без него.")])
    return root


def words(listed: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(listed.split())


def tag(element: Element) -> str:
    """Return the name of a tag without its namespace."""
    return etree.QName(element).localname


def space(element: Element) -> str:
    """Return the namespace of a tag, empty for none."""
    return etree.QName(element).namespace or ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Walk the BPMN children of an element, of these names or all of them."""
    wanted = [f"{BPMN}{name}" for name in names] or [f"{BPMN}*"]
    return element.iterchildren(*wanted)


def child(element: Element, name: str) -> Element | None:
    """Return the first BPMN child of that name."""
    return element.find(f"{BPMN}{name}")


def text(element: Element, name: str) -> str:
    """Return the stripped text of a BPMN child, empty when there is none."""
    return (element.findtext(f"{BPMN}{name}") or "").strip()


def label(element: Element) -> str:
    """Return the name an element is known by, its id when it has none."""
    return element.get("name", "") or element.get("id", "")


def local(reference: str) -> str:
    """Return an id without the namespace prefix of a QName."""
    return reference.strip().rpartition(":")[2]


class Document:
    """
    One BPMN file on its way to a definition.

    Args:
        root: Its tree.
        host: Whose rules it is compiled by.
        prefix: What the keys of its elements begin with: empty for the main diagram.
    """

    def __init__(self, root: Element, host: Host, prefix: str = "") -> None:
        self.root = root
        self.host = host
        self.prefix = prefix
        self.findings: list[Finding] = []
        self.warnings: list[Finding] = []
        self.tangled = False
        """Ids do not name one element each: nothing can be followed from one to another."""
        self._ids: dict[str, Element] = {}
        for element in root.iter(f"{BPMN}*"):
            self._note(element, element.get("id") or "")

    def _note(self, element: Element, key: str) -> None:
        """Index an element by its id."""
        if key in self._ids or "/" in key:
            self.tangled = True
            self.refuse(key, "Этот id стоит дважды или содержит «/». Дайте каждому элементу свой.")
        elif key:
            self._ids[key] = element

    def refuse(self, element: Element | str, sentence: str) -> None:
        """Write down why the diagram cannot run; a list beyond reading is not made longer."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(self._name(element), sentence))

    def warn(self, element: Element | str, sentence: str) -> None:
        """Write down what the author should look at."""
        self.warnings.append(Finding(self._name(element), sentence))

    def _name(self, element: Element | str) -> str:
        """Return the key to blame: the element's own, or that of the nearest one with an id."""
        at: Element | None = None if isinstance(element, str) else element
        while at is not None and not at.get("id"):
            at = at.getparent()
        return self.key(element if isinstance(element, str) else "" if at is None else at.get("id"))

    def key(self, name: str | None) -> str:
        """Return the key of an id of this file; empty stays empty."""
        return f"{self.prefix}{name}" if name else ""

    def find(self, reference: str | None, *tags: str) -> Element | None:
        """Return the element that a reference names, if it is of one of these tags."""
        found = self._ids.get(local(reference or ""))
        return found if found is not None and tag(found) in tags else None

    def flag(self, element: Element, name: str, *, default: bool) -> bool:
        """Return a boolean attribute; XML also writes it 1 and 0."""
        value = element.get(name, str(default).lower()).strip()
        if value not in ("true", "false", "1", "0"):
            self.refuse(element, f"{name}=«{value}»: допустимо true или false.")
        return value in ("true", "1")

    def number(self, element: Element, name: str, least: int) -> int | None:
        """Return a whole attribute, or None when it is not there or refused."""
        value = element.get(name)
        if value is None:
            return None
        if not re.fullmatch(r"\d{1,9}", value.strip(), re.ASCII) or int(value) < least:
            self.refuse(element, f"{name}=«{value}»: нужно целое число не меньше {least}.")
            return None
        return int(value)

    def expression(self, element: Element, source: str, mode: Mode = "eval") -> str:
        """Return an expression without its wrapping, after the language has looked at it."""
        source = bare(source) if mode == "eval" else source.strip()
        if source:
            try:
                self.host.check(source, mode)
            except ExpressionRefused as refusal:
                self.refuse(element, refusal.sentence)
            except (SyntaxError, ValueError) as error:
                self.refuse(element, f"«{source}» не читается как выражение: {error}.")
        return source

    def timer(self, element: Element, form: str, source: str) -> str:
        """Return a timer: an ISO literal, or an expression after ``=``."""
        if source.startswith(("${", "#{", "=")):
            return f"={self.expression(element, source)}"
        try:
            timing.check(form, source)
        except TimerRefused as refusal:
            self.refuse(element, refusal.sentence)
        return source
