"""Find every text of the interface: in templates, in Python, in scripts, in words of the engine."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.extract import extract
from babel.messages.jslexer import tokenize
from jinja2 import Environment

from engine.errors import EngineError

ROOT: Final = Path(__file__).parents[2]
KEYWORDS: Final = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    # A noun after a number: one, few, many. Languages with two forms need the first and the last.
    "counted": (2, 4),
    "plural": (2, 4),
    "say": None,
}
CYRILLIC: Final = re.compile("[А-Яа-яЁё]")
WORD: Final = re.compile("[А-Яа-яЁё]{2}")
"""More than a letter that a script compares."""


class Text(NamedTuple):
    """A text with the file where it stands; ``many`` is its plural, empty without one."""

    one: str
    many: str
    path: str


def texts() -> Iterator[Text]:
    """Yield every text of the interface, repeated as often as it is used."""
    for path in _files("web", ".py"):
        yield from _extracted("python", path)
    for path in _files("web", ".html"):
        yield from _extracted("jinja2.ext:babel_extract", path)
    for path in _files("web/static", ".js"):
        if "vendor" not in path.parts and not path.name.startswith("words."):
            yield from _extracted("javascript", path)
    for path in _files("engine", ".py"):
        yield from _named(path)
    yield from _refusals(EngineError)


def script_texts() -> Iterator[str]:
    """Yield what scripts say."""
    return (text.one for text in texts() if text.path.endswith(".js"))


def unmarked() -> Iterator[str]:
    """Yield the Russian texts of views, templates and scripts that no catalogue can reach."""
    for path in _files("web/views", ".py"):
        yield from _unmarked_of_view(path)
    for path in _files("web", ".html"):
        yield from _unmarked_of_template(path)
    for path in _files("web/static", ".js"):
        if not path.name.startswith("words."):
            yield from _unmarked_of_script(path)


def _unmarked_of_view(path: Path) -> Iterator[str]:
    """Yield Russian literals outside the calls that say them and outside docstrings."""
    tree = ast.parse(path.read_text())
    said = {
        inner
        for node in ast.walk(tree)
        if _says(node) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node not in said and isinstance(node, ast.Constant) and _is_russian(node.value):
            yield f"{_name(path)}:{node.lineno}: {node.value!r}"


def _says(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in KEYWORDS


def _is_russian(text: object) -> bool:
    return isinstance(text, str) and bool(CYRILLIC.search(text))


def _unmarked_of_template(path: Path) -> Iterator[str]:
    """Yield text of the page itself, and literals of expressions outside the calls that say them."""
    calls: list[bool] = []
    before = ""
    for line, kind, text in Environment(trim_blocks=True, autoescape=True).lex(path.read_text()):
        if (kind, text) == ("operator", "("):
            calls.append(before in KEYWORDS or any(calls))
        elif (kind, text) == ("operator", ")"):
            calls.pop()
        if kind in ("data", "string") and CYRILLIC.search(text) and not any(calls):
            yield f"{_name(path)}:{line}: {' '.join(text.split())[:60]}"
        before = text


def _unmarked_of_script(path: Path) -> Iterator[str]:
    before = ["", ""]
    for token in tokenize(path.read_text(), jsx=False, dotted=False):
        if token.type == "linecomment":
            continue
        spoken = token.type in ("string", "template_string") and WORD.search(token.value)
        if spoken and before != ["say", "("]:
            yield f"{_name(path)}:{token.lineno}: {token.value[:60]}"
        before = [before[1], token.value]


def _files(folder: str, suffix: str) -> Iterable[Path]:
    return sorted((ROOT / folder).rglob(f"*{suffix}"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _extracted(method: str, path: Path) -> Iterator[Text]:
    options = {"trim_blocks": "true", "silent": "false"}
    with path.open("rb") as file:
        for found in extract(method, file, KEYWORDS, options=options):
            one, many = (found[1], "") if isinstance(found[1], str) else found[1][:2]
            if CYRILLIC.search(one):
                yield Text(one, many, _name(path))


def _named(path: Path) -> Iterator[Text]:
    """Yield the words of a module's constants, and the reasons that it gives to refusals."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if _is_naming(node):
            yield from (Text(word, "", _name(path)) for word in _words(node))
    for inner in ast.walk(tree):
        if isinstance(inner, ast.keyword) and inner.arg == "why":
            yield from (Text(word, "", _name(path)) for word in _words(inner.value))


def _is_naming(node: ast.stmt) -> bool:
    """Tell whether a statement gives names to the keys of a mapping: `ROLE_NAMES: … = {…}`."""
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return False
    target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
    name = target.id if isinstance(target, ast.Name) else ""
    return name.endswith(("NAMES", "LABELS", "KINDS")) and isinstance(node.value, ast.Dict)


def _words(node: ast.AST) -> Iterator[str]:
    """Yield the Russian literals in an expression; those with places in them are left out."""
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if CYRILLIC.search(node.value):
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        yield from _words(child)


def _refusals(kind: type[EngineError]) -> Iterator[Text]:
    """Yield the sentences of a kind of refusal and of those below it."""
    yield Text(kind.template(), "", f"{kind.__module__.replace('.', '/')}.py")
    for below in kind.__subclasses__():
        if below.__module__.startswith("engine."):
            yield from _refusals(below)
