"""The front door: a bundle becomes one version, or is refused with every reason."""

import re
from collections.abc import Mapping

import orjson
import pytest
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from engine.errors import DiagramRefused
from engine.process.language import ClosedLanguage
from engine.process.load import Bundle, Loaded, load
from engine.process.model import Kind
from tests.process.drawing import HEAD, body, diagram, element, message, script, user
from tests.process.refusing import extended
from tests.process.test_decisions import LEVELS

FUNCTIONS = frozenset({"in_workdays"})
TASK = '<tsikl:task form="order" role="director" due="in_workdays(3)"/>'
ORDER = orjson.dumps(
    {
        "id": "order",
        "components": [{"type": "textfield", "key": "text", "label": "Текст"}],
        "properties": {"title": "Приказ"},
    }
)
DECIDE = element("businessRuleTask", "d", extended('<tsikl:decision table="level"/>'))


def call(name: str, process: str) -> str:
    """Return a call with an empty mapping."""
    return element("callActivity", name, extended("<tsikl:in/><tsikl:out/>"), calledElement=process)


def named(xml: bytes, process: str) -> bytes:
    """Return a diagram whose process has another id."""
    return xml.replace(b'process id="p"', f'process id="{process}"'.encode())


MAIN = diagram(user("a", extended(TASK)), DECIDE, call("c", "q"), chain="start > a > d > c > end")
CALLED = named(diagram(script("b", "x = 1"), chain="start > b > end"), "q")
FILES = {
    "main.bpmn": MAIN,
    "sub/called.bpmn": CALLED,
    "level.dmn": LEVELS,
    "forms/order.json": ORDER,
}


def loaded(files: Mapping[str, bytes], main: str = "main.bpmn") -> Loaded:
    """Return the version that these files make."""
    return load(Bundle(main, files), services={"publish"}, functions=FUNCTIONS)


def refusals(files: Mapping[str, bytes], main: str = "main.bpmn") -> list[tuple[str, str]]:
    """Return element and sentence of everything found against a bundle."""
    with pytest.raises(DiagramRefused) as caught:
        loaded(files, main)
    return [(one.element, one.sentence) for one in caught.value.findings]


def changed(name: str, raw: bytes) -> dict[str, bytes]:
    """Return the files with one of them changed."""
    return {**FILES, name: raw}


# what comes out ---------------------------------------------------------------------------------


def test_a_version_holds_all_that_it_needs() -> None:
    """The diagram, what it calls with keys of its own, its tables and its forms."""
    version = loaded(FILES)
    assert {"a", "d", "c", "start", "end", "q/start", "q/b", "q/end"} == set(
        version.definition.nodes
    )
    assert {"p", "q"} == set(version.definition.bodies)
    assert ("p",) == version.definition.processes
    assert {"order": ORDER} == version.forms
    assert FILES == version.files
    assert () == version.warnings
    decided = ClosedLanguage(decisions=version.decisions).decide("level", {"score": 1})
    assert {"level": "низкий"} == decided


def test_a_version_holds_nothing_else() -> None:
    """Files of the bundle that the diagram does not use are no part of its version."""
    more = {**FILES, "other.bpmn": b"garbage", "x.dmn": b"garbage", "y.json": b"{", "z.txt": b""}
    other = named(diagram(chain="start > end"), "unused")
    assert loaded(FILES).version == loaded({**more, "unused.bpmn": other}).version
    assert FILES == loaded({**more, "unused.bpmn": other}).files


def test_a_version_is_its_content() -> None:
    """The same files make the same version; a byte in any of them makes another."""
    version = loaded(FILES).version
    assert re.fullmatch(r"[0-9a-f]{64}", version)
    assert version == loaded(dict(reversed(FILES.items()))).version
    for name, raw in FILES.items():
        assert version != loaded(changed(name, raw + b"\n")).version
    assert version == loaded(FILES).definition.version


def test_a_process_may_be_called_twice_and_call_on() -> None:
    """One file is read once, however often and however deep it is called."""
    second = named(diagram(call("e", "r"), chain="start > e > end"), "q")
    third = named(diagram(script("x", "y = 1"), chain="start > x > end"), "r")
    main = diagram(call("c", "q"), call("c2", "r"), chain="start > c > c2 > end")
    version = loaded({"main.bpmn": main, "second.bpmn": second, "third.bpmn": third})
    assert {"q/e", "r/x"} <= set(version.definition.nodes)
    assert 3 == len(version.definition.bodies)


def test_a_process_may_be_called_in_its_own_file() -> None:
    """Both processes of one file keep plain keys."""
    called = '<process id="q" isExecutable="true"><startEvent id="s"/><endEvent id="x"/><sequenceFlow id="f" sourceRef="s" targetRef="x"/></process></definitions>'
    main = diagram(call("c", "q"), chain="start > c > end").replace(
        b"</definitions>", called.encode()
    )
    definition = loaded({"main.bpmn": main}).definition
    assert ({"start", "c", "end", "s", "x"}, ("p", "q")) == (
        set(definition.nodes),
        definition.processes,
    )


def test_warnings_come_with_the_version() -> None:
    """What is doubtful is told, and the version is there."""
    doubtful = LEVELS.replace(b"60 &lt;= ?", b"59 &lt;= ?")
    version = loaded(changed("level.dmn", doubtful))
    assert ["level.dmn/level"] == [one.element for one in version.warnings]


def test_elsewhere_nothing_of_ours_is_needed() -> None:
    """A plain diagram passes the same door without forms, roles or mappings."""
    main = diagram(
        user("a"), element("callActivity", "c", calledElement="q"), chain="start > a > c > end"
    )
    version = load(
        Bundle("m.bpmn", {"m.bpmn": main, "q.bpmn": CALLED}), services=(), functions=(), house=False
    )
    assert Kind.CALL is version.definition.nodes["c"].kind


# what is refused --------------------------------------------------------------------------------

CASES = {
    "no such file": ({}, "main.bpmn", "Файла схемы нет"),
    "too many files": (
        {**FILES, **{f"{n}.txt": b"" for n in range(200)}},
        "main.bpmn",
        "слишком много",
    ),
    "a diagram that is no XML": (changed("main.bpmn", b"x"), "main.bpmn", "не читается как XML"),
    "a called process that is not there": (
        {k: v for k, v in FILES.items() if "called" not in k},
        "c",
        "«q» нет",
    ),
    "a called process that is not executable": (
        changed("sub/called.bpmn", CALLED.replace(b'isExecutable="true"', b'isExecutable="false"')),
        "c",
        "«q» нет",
    ),
    "a called process in two files": (
        {**FILES, "again.bpmn": CALLED + b"\n"},
        "again.bpmn",
        "в нескольких файлах",
    ),
    "a mistake in a called process": (
        changed("sub/called.bpmn", CALLED.replace(b"x = 1", b"log(1)")),
        "q/b",
        "не входит в язык",
    ),
    "a call that leads back": (
        changed(
            "sub/called.bpmn", named(diagram(call("back", "p"), chain="start > back > end"), "q")
        ),
        "c",
        "в свой же процесс",
    ),
    "a table that is not there": (
        {k: v for k, v in FILES.items() if "dmn" not in k},
        "d",
        "«level» нет",
    ),
    "a table that is broken": (changed("level.dmn", b"<x"), "level.dmn", "не читается как XML"),
    "a table that would be misread": (
        changed("level.dmn", LEVELS.replace(b"UNIQUE", b"FIRST")),
        "level.dmn/t",
        "FIRST",
    ),
    "a form that is not there": (
        {k: v for k, v in FILES.items() if "json" not in k},
        "a",
        "Формы «order» нет",
    ),
    "a form that is no form": (changed("forms/order.json", b"[]"), "forms/order.json", "не схема"),
    "a service nobody registered": (
        changed(
            "sub/called.bpmn",
            named(
                diagram(
                    element("serviceTask", "b", implementation="steal"), chain="start > b > end"
                ),
                "q",
            ),
        ),
        "q/b",
        "«steal» нет",
    ),
    "an id that XML does not allow": (
        changed(
            "main.bpmn", MAIN.replace(b'id="a"', b'id="a b"').replace(b'Ref="a"', b'Ref="a b"')
        ),
        "main.bpmn",
        "не может быть «a b»",
    ),
    "an order of elements the schema does not know": (
        changed(
            "main.bpmn",
            MAIN.replace(b"</userTask>", b"<documentation>late</documentation></userTask>", 1),
        ),
        "main.bpmn",
        "здесь не ожидается",
    ),
    "a data store": (
        changed(
            "main.bpmn", MAIN.replace(b"<process", b'<dataStore id="ds" name="files"/><process', 1)
        ),
        "ds",
        "Хранилищ",
    ),
    "a message without a name": (
        changed(
            "main.bpmn",
            diagram(
                element("intermediateCatchEvent", "e", message("m0")), chain="start > e > end"
            ).replace(b"<process", b'<message id="m0"/><process', 1),
        ),
        "m0",
        "нет имени",
    ),
}


@pytest.mark.parametrize(("files", "name", "part"), CASES.values(), ids=CASES)
def test_a_bundle_that_cannot_run_is_refused(
    files: Mapping[str, bytes], name: str, part: str
) -> None:
    """The finding names the element or the file, with its line where the schema knows it."""
    assert [] != [text for at, text in refusals(files) if at.startswith(name) and part in text]


def test_the_schema_tells_everything_with_line_and_element() -> None:
    """An author sees each place at once: the file, its line, the element or the nearest around."""
    broken = MAIN.replace(b'id="a"', b'id="a b"').replace(b'Ref="a"', b'Ref="a b"')
    broken = broken.replace(b"<sequenceFlow", b"\n<sequenceFlow", 1)
    places = [at for at, _ in refusals(changed("main.bpmn", broken))]
    assert [
        "main.bpmn, строка 1 (a b)",
        "main.bpmn, строка 2 (start__a)",
        "main.bpmn, строка 2 (a__d)",
    ] == places


def test_a_complaint_of_the_library_itself_is_told() -> None:
    """What the library cannot take, though the schema allows it, is a finding as well."""
    xml = diagram(chain="start > end").replace(
        b"<process", b'<dataStore id="ds" name="x"/><process', 1
    )
    with pytest.raises(DiagramRefused) as caught:
        load(Bundle("m.bpmn", {"m.bpmn": xml}), services=(), functions=(), house=False)
    (one,) = caught.value.findings
    assert ("m.bpmn", "Библиотека не приняла файл") == (one.element, one.sentence[:26])


def test_all_files_are_looked_at() -> None:
    """Mistakes in the diagram, in what it calls, in tables and forms come in one list."""
    files = {
        "main.bpmn": MAIN.replace(b'role="director"', b""),
        "sub/called.bpmn": CALLED.replace(b"x = 1", b"y"),
        "level.dmn": LEVELS.replace(b"UNIQUE", b"ANY"),
        "forms/order.json": b"null",
    }
    assert {"a", "q/b", "level.dmn/t", "forms/order.json"} == {at for at, _ in refusals(files)}


def test_a_form_is_looked_at_once_and_by_whom_the_host_says() -> None:
    """The host may bring its own look at forms."""
    seen = []

    def look(name: str, raw: bytes) -> list[str]:
        seen.append((name, raw))
        return ["Так нельзя."]

    main = diagram(
        user("a", extended(TASK)), user("b", extended(TASK)), chain="start > a > b > end"
    )
    bundle = Bundle("main.bpmn", {"main.bpmn": main, "order.json": b"{}"})
    with pytest.raises(DiagramRefused, match=r"order\.json: Так нельзя"):
        load(bundle, services=(), functions=FUNCTIONS, check_form=look)
    assert [("order", b"{}")] == seen


def test_roles_and_policies_may_be_closed_lists() -> None:
    """A host that names its roles and reminder policies has them checked."""
    with pytest.raises(DiagramRefused, match="Роли «director» нет"):
        load(
            Bundle("main.bpmn", FILES),
            services=(),
            functions=FUNCTIONS,
            roles={"teacher"},
            reminders=set(),
        )


def test_correlation_reaches_the_definition() -> None:
    """What modelers draw for correlation is valid for the library as well."""
    roots = (
        '<message id="m" name="answer"/><collaboration id="co"><participant id="pa" name="Школа"'
        ' processRef="p"/><correlationKey id="ck" name="key"><correlationPropertyRef>cp'
        '</correlationPropertyRef></correlationKey></collaboration><correlationProperty id="cp"'
        ' name="school"><correlationPropertyRetrievalExpression messageRef="m"><formalExpression>'
        "school_id</formalExpression></correlationPropertyRetrievalExpression></correlationProperty>"
    )
    inside = body(element("intermediateCatchEvent", "e", message("m")), chain="start > e > end")
    xml = f'{HEAD}{roots}<process id="p" isExecutable="true">{inside}</process></definitions>'
    definition = loaded({"main.bpmn": xml.encode()}).definition
    assert {"answer": ("school",)} == definition.messages
    assert (("school", "school_id"),) == definition.nodes["e"].events[0].keys


def test_a_library_that_sees_other_processes_is_listened_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two readers that disagree on what is run are a reason to run nothing."""
    monkeypatch.setattr(SpiffBpmnParser, "get_process_ids", lambda _parser: ["other"])
    assert ("definitions", "Библиотека видит здесь другие процессы или вызовы.") in refusals(FILES)


def test_executable_may_be_written_as_a_number() -> None:
    """XML's other spelling of true is understood by us and told to the library."""
    plain = diagram(chain="start > end").replace(b'isExecutable="true"', b'isExecutable="1"')
    shown = plain.replace(b"</definitions>", b'<process id="shown"/></definitions>')
    assert ("p",) == loaded({"main.bpmn": shown}).definition.processes
