"""Every refusal can be told apart by machines and understood by people."""

import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator

import pytest

import engine
import web
from engine.errors import EngineError


def _import_everything() -> None:
    """Load each module of the product, so that no subclass stays unknown."""
    for package in (engine, web):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def _subclasses(base: type[EngineError]) -> Iterator[type[EngineError]]:
    for subclass in base.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


_import_everything()
REFUSALS: list[type[EngineError]] = list(dict.fromkeys([EngineError, *_subclasses(EngineError)]))


def test_codes_are_unique() -> None:
    """A code names one refusal."""
    codes = Counter(refusal.code for refusal in REFUSALS)
    assert {} == {code: times for code, times in codes.items() if times > 1}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_has_a_code_of_its_own(refusal: type[EngineError]) -> None:
    """The code is written in the class itself, as noun.reason."""
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", vars(refusal).get("code", ""))


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_speaks_russian(refusal: type[EngineError]) -> None:
    """The docstring of the class is a Russian sentence: a capital letter, a full stop."""
    sentence = " ".join(inspect.cleandoc(vars(refusal)["__doc__"] or "").split())
    assert re.fullmatch(r"[«А-ЯЁ{].*[а-яё].*[.!?}»]", sentence)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_stands_in_errors(refusal: type[EngineError]) -> None:
    """All refusals stand in one package, and are taken from it."""
    assert refusal.__module__.startswith("engine.errors.")
    assert refusal.__name__ in engine.errors.__all__
