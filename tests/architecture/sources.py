"""The sources of the project as trees, and the rules that are read off them."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("engine", "web", "migrations")
# The conformance harness stands here as it is shared with other engines.
SHARED = ("tests/conformance/bpmnconf/", "tests/conformance/own/", "tests/conformance/run.py")


@dataclass(frozen=True)
class Source:
    """One Python file: where it is, from the root of the project, and what stands in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function and method."""
        nodes = ast.walk(self.tree)
        return (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def sources(*folders: str) -> list[Source]:
    """Return the Python files below the folders that are ours."""
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    found = (Source(path.relative_to(ROOT).as_posix(), path.read_text()) for path in files)
    return [source for source in found if not source.path.startswith(SHARED)]


def tracked_files() -> list[Path]:
    """Return the files that git keeps and that are there."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def long_modules(found: Iterable[Source], *, limit: int) -> list[str]:
    """Return the modules with more lines than the limit."""
    lengths = ((source.path, len(source.text.splitlines())) for source in found)
    return [f"{path}: {lines} lines" for path, lines in lengths if lines > limit]


def long_functions(found: Iterable[Source], *, limit: int) -> list[str]:
    """Return the functions with more lines than the limit, from `def` to the last line."""
    return [
        f"{source.path}:{function.lineno} {function.name}"
        for source in found
        for function in source.functions
        if (function.end_lineno or 0) - function.lineno + 1 > limit
    ]


def calls(found: Iterable[Source], *endings: str) -> list[str]:
    """Return the places that call something whose text ends so, like `.commit`."""
    called = (
        (source.path, node.lineno, ast.unparse(node.func))
        for source in found
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
    )
    return [f"{path}:{line} {text}()" for path, line, text in called if text.endswith(endings)]


def importers(found: Iterable[Source], package: str) -> set[str]:
    """Return the files that import the package or a part of it."""
    return {source.path for source in found if package in _imported_packages(source.tree)}


def undocumented_tests(found: Iterable[Source]) -> list[str]:
    """Return the test functions without a docstring."""
    return [
        f"{source.path}:{function.lineno} {function.name}"
        for source in found
        for function in source.functions
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]


def _imported_packages(tree: ast.Module) -> set[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return {name.partition(".")[0] for name in names}
