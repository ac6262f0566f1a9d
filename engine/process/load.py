"""
The front door: a diagram with all that it calls and uses, read, checked and made one version.

Ours looks first and collects every finding; then SpiffWorkflow validates the same trees against
the schema and must see the same processes and calls.
"""

import copy
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, Final

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import VALIDATOR, SpiffBpmnParser

from engine.errors import DiagramRefused, Finding
from engine.process.compile import MOST_TOGETHER, Draft, finish, read
from engine.process.decisions import Tables, read_tables
from engine.process.document import BPMN, Document, Element, local, read_xml
from engine.process.host import Host
from engine.process.language import parse
from engine.process.model import Definition, Kind
from engine.process.schemas import translated
from engine.rules.forms import check_form as check_form_js

CheckForm = Callable[[str, bytes], list[str]]
"""Returns every reason against a form, given its name and its file."""

MOST_FILES: Final = 200
MOST_SAID: Final = 50
"""Complaints of the schema about one file that are told."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files by name: ``.bpmn``, ``.dmn`` and the ``.json`` of forms; `main` is the diagram."""

    main: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    One version, ready to run.

    ``files`` are those that it consists of, and no others of the bundle; ``version`` is the
    SHA-256 over their names and contents, hexadecimal.
    """

    definition: Definition
    decisions: Tables
    forms: Mapping[str, bytes]
    warnings: tuple[Finding, ...]
    files: Mapping[str, bytes]
    version: str


def load(  # noqa: PLR0913 - what the host offers, each by name
    bundle: Bundle,
    *,
    services: Collection[str] | None,
    functions: Collection[str],
    house: bool = True,
    roles: Collection[str] | None = None,
    reminders: Collection[str] | None = None,
    check_form: CheckForm = check_form_js,
) -> Loaded:
    """
    Return the version that a bundle makes.

    Args:
        bundle: The diagram and whatever it may call or use.
        services: Names of the registered services; None leaves them unchecked.
        functions: Names of the host's functions that expressions may call.
        house: Also demand what a cycle of ours must have.
        roles: Roles that tasks may name; None leaves them unchecked.
        reminders: Reminder policies that tasks may name; None leaves them unchecked.
        check_form: Looks at the content of a form.

    Raises:
        DiagramRefused: With all findings, in Russian, each naming its element or file.
    """
    host = Host(
        check=partial(parse, functions=frozenset(functions)),
        house=house,
        services=services,
        roles=roles,
        reminders=reminders,
    )
    return _Loading(bundle, host, check_form).result()


@dataclass(slots=True)
class _Loading:
    """One bundle on its way; `used` collects the files of the closure."""

    bundle: Bundle
    host: Host
    check_form: CheckForm
    draft: Draft = field(default_factory=Draft)
    used: dict[str, bytes] = field(default_factory=dict)
    roots: dict[str, Element] = field(default_factory=dict)
    forms: dict[str, bytes] = field(default_factory=dict)

    def result(self) -> Loaded:
        """Return the version, or refuse with everything found on the way."""
        self._read_main()
        self._read_called()
        tables = self._read_tables()
        self._read_forms()
        version = _hashed(self.bundle.main, self.used)
        definition = finish(self.draft, self.host, version)
        _validate(self.roots, definition)
        warnings = tuple(dict.fromkeys(self.draft.warnings))
        return Loaded(definition, tables, self.forms, warnings, self.used, version)

    def _refuse(self, element: str, sentence: str) -> None:
        self.draft.findings.append(Finding(element, sentence))

    def _read_main(self) -> None:
        """Read the diagram itself; without it there is nothing to find."""
        main = self.bundle.main
        if main not in self.bundle.files or len(self.bundle.files) > MOST_FILES:
            raise DiagramRefused([Finding(main, "Файла схемы нет, или файлов слишком много.")])
        self._read(main, read_xml(self.bundle.files[main], main), prefix="")

    def _read(self, name: str, root: Element, prefix: str) -> None:
        """Read one diagram into the draft."""
        self.used[name] = self.bundle.files[name]
        self.roots[name] = root
        read(self.draft, Document(root, self.host, prefix))

    def _read_called(self) -> None:
        """Read the diagrams of called processes until none is missing or can be found."""
        others = list(self._others()) if self._calls() else []
        while len(self.draft.nodes) <= MOST_TOGETHER:
            wanted = set(self._calls())
            found = [one for one in others if one[0] in wanted]
            if not found:
                return
            process, name, root = found[0]
            if len({other for key, other, _ in found if key == process}) > 1:
                self._refuse(name, f"Процесс «{process}» есть в нескольких файлах.")
            self._read(name, root, prefix=f"{process}/")
            others = [one for one in others if one[1] != name]

    def _calls(self) -> list[str]:
        """Return the called processes that the draft does not hold, in document order."""
        nodes = self.draft.nodes.values()
        called = (node.text for node in nodes if node.kind is Kind.CALL)
        return [process for process in called if process and process not in self.draft.bodies]

    def _others(self) -> Iterator[tuple[str, str, Element]]:
        """Walk the processes of the other diagrams; one that cannot be read offers none."""
        for name in sorted(self.bundle.files):
            if name.endswith(".bpmn") and name != self.bundle.main:
                try:
                    root = read_xml(self.bundle.files[name], name)
                except DiagramRefused as refusal:
                    self.draft.warnings += refusal.findings
                    continue
                for process in root.iter(f"{BPMN}process"):
                    yield process.get("id", ""), name, root

    def _read_tables(self) -> Tables:
        """Read the decision tables that the diagrams name."""
        nodes = self.draft.nodes.values()
        wanted = {node.text: node.key for node in nodes if node.kind is Kind.DECISION and node.text}
        files = {
            name: raw
            for name, raw in (sorted(self.bundle.files.items()) if wanted else ())
            if name.endswith(".dmn") and _decisions(name, raw) & wanted.keys()
        }
        tables, findings, warnings = read_tables(files, self.host.check)
        self.draft.findings += findings
        self.draft.warnings += warnings
        self.used |= files
        for table, key in wanted.items():
            if table not in tables.names and not findings:
                self._refuse(key, f"Таблицы решений «{table}» нет. Добавьте её к схеме.")
        return tables

    def _read_forms(self) -> None:
        """Read the forms that tasks name, and let the host look at each once."""
        stems = {PurePosixPath(name).stem: name for name in self.bundle.files if _is_form(name)}
        for node in self.draft.nodes.values():
            form = "" if node.work is None else node.work.form.removesuffix(".json")
            if form and form not in stems:
                self._refuse(node.key, f"Формы «{form}» нет. Добавьте файл {form}.json.")
            elif form and form not in self.forms:
                self._look_at_form(form, stems[form])

    def _look_at_form(self, form: str, name: str) -> None:
        raw = self.forms[form] = self.used[name] = self.bundle.files[name]
        for problem in self.check_form(form, raw):
            self._refuse(name, problem)


def _is_form(name: str) -> bool:
    return name.endswith(".json")


def _decisions(name: str, raw: bytes) -> set[str]:
    """Return the ids of the decisions in a file; one that cannot be read might hold any."""
    try:
        root = read_xml(raw, name)
    except DiagramRefused:
        return {PurePosixPath(name).stem}
    return {one.get("id", "") for one in root.iterchildren("{*}decision")}


def _hashed(main: str, files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over names and contents, each with its length before it."""
    digest = sha256(f"{main}\n".encode())
    for name, raw in sorted(files.items()):
        for part in (name.encode(), raw):
            digest.update(f"{len(part)}:".encode() + part)
    return digest.hexdigest()


# the library ------------------------------------------------------------------------------------


def _validate(roots: Mapping[str, Element], definition: Definition) -> None:
    """
    Let SpiffWorkflow read the same trees.

    Raises:
        DiagramRefused: A file is not valid by the schema, or the library sees other processes
            or calls than we do.
    """
    parser = SpiffBpmnParser(validator=VALIDATOR)
    findings: list[Finding] = []
    for name, root in roots.items():
        copied = _explicit(root)
        try:
            parser.add_bpmn_xml(copied, filename=name)
        except ValidationException as error:
            findings += _said(name, copied, error)
    if findings:
        raise DiagramRefused(findings)
    calls = [node.text for node in definition.nodes.values() if node.kind is Kind.CALL]
    processes = definition.bodies.keys() - definition.nodes.keys()
    seen = {local(one) for one in parser.get_process_dependencies() if one}
    if set(parser.get_process_ids()) != processes or not seen <= set(calls):
        sentence = "Библиотека видит здесь другие процессы или вызовы."
        raise DiagramRefused([Finding("definitions", sentence)])


def _explicit(root: Element) -> Element:
    """
    Return a copy for the library, which renames elements of correlation as it validates.

    It takes a process that does not say whether it is executable for one that is, and does not
    know the other spelling of true; BPMN says otherwise.
    """
    copied = copy.deepcopy(root)
    for process in copied.iter(f"{BPMN}process"):
        executable = process.get("isExecutable") in {"true", "1"}
        process.set("isExecutable", str(executable).lower())
    return copied


def _said(name: str, root: Element, error: Any) -> Iterator[Finding]:
    """Walk what the schema said, each with its element and line, or the library's one complaint."""
    if not error.line_number:
        yield Finding(error.id or name, translated(error.args[0]))
        return
    spaces = {prefix: uri for one in root.iter() for prefix, uri in one.nsmap.items() if prefix}
    for entry in islice(VALIDATOR.validator.error_log, MOST_SAID):
        yield Finding(_place(name, root, entry, spaces), translated(entry.message))


def _place(name: str, root: Element, entry: Any, spaces: Mapping[str, str]) -> str:
    """Return the file, the line, and the id of the element or of the nearest one around it."""
    found = root.getroottree().xpath(entry.path or "/..", namespaces=dict(spaces))
    at = found[0] if isinstance(found, list) and found else None
    while isinstance(at, Element) and not at.get("id"):
        at = at.getparent()
    key = f" ({at.get('id')})" if isinstance(at, Element) else ""
    return f"{name}, строка {entry.line}{key}"
