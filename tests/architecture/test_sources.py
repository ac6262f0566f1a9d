"""The house rules, read off the sources; below, that each of them can be broken."""

import pytest

from tests.architecture.sources import (
    PRODUCT,
    ROOT,
    Source,
    calls,
    importers,
    long_functions,
    long_modules,
    sources,
    undocumented_tests,
)

EVERYWHERE = sources(*PRODUCT, "tests", "bench")
IN_PRODUCT = sources(*PRODUCT)


def test_no_module_is_longer_than_400_lines() -> None:
    """A module fits in one reading."""
    assert [] == long_modules(EVERYWHERE, limit=400)


def test_no_function_is_longer_than_50_lines() -> None:
    """A function fits on one screen."""
    assert [] == long_functions(EVERYWHERE, limit=50)


def test_no_view_is_longer_than_12_lines() -> None:
    """A view loads, does, renders, and no more."""
    assert [] == long_functions(sources("web/views"), limit=12)


def test_a_transaction_ends_in_one_place() -> None:
    """Nothing but the unit of work and the bus commits, rolls back or flushes."""
    inside = {"engine/unit.py", "engine/bus.py"}
    outside = [source for source in IN_PRODUCT if source.path not in inside]
    assert [] == calls(outside, ".commit", "session.flush")
    # A connection that has rested is asked whether it is still there.
    outside = [source for source in outside if source.path != "engine/database.py"]
    assert [] == calls(outside, ".rollback")


def test_driver_statements_pass_through_the_unit() -> None:
    """Nothing but the unit of work goes past SQLAlchemy's own execution."""
    outside = [source for source in IN_PRODUCT if source.path != "engine/unit.py"]
    assert [] == calls(outside, ".exec_driver_sql")


@pytest.mark.parametrize(
    ("package", "places"),
    [
        ("SpiffWorkflow", {"engine/process/load.py", "engine/process/decisions.py"}),
        ("apscheduler", {"engine/scheduler.py"}),
        ("smtplib", {"engine/mail.py"}),
    ],
)
def test_a_library_stays_behind_its_module(package: str, places: set[str]) -> None:
    """Each of these libraries is known to the modules that stand in front of it, and to no other."""
    assert importers(IN_PRODUCT, package) <= places


def test_nothing_silences_the_type_checker() -> None:
    """There is no `type: ignore`, in the tests neither."""
    mark = "# type: " + "ignore"
    assert [] == [source.path for source in EVERYWHERE if mark in source.text]


def test_every_test_says_what_it_proves() -> None:
    """Each test function has a docstring."""
    assert [] == undocumented_tests(sources("tests"))


# the rules themselves ---------------------------------------------------------------------------


def test_a_long_module_is_found() -> None:
    """The bar itself is allowed, one line more is not."""
    planted = [Source("at.py", "x = 1\n" * 3), Source("over.py", "x = 1\n" * 4)]
    assert ["over.py: 4 lines"] == long_modules(planted, limit=3)


def test_a_long_function_is_found() -> None:
    """Methods are measured as well, from `def` to their last line."""
    text = "class A:\n    def at(self):\n        return 1\n\n    def over(self):\n        x = 1\n        return x\n"
    assert ["a.py:5 over"] == long_functions([Source("a.py", text)], limit=2)


def test_a_call_is_found() -> None:
    """A call counts, a mention does not."""
    text = "log('commit')\nsession.commit\nunit.session.commit()\n"
    assert ["a.py:3 unit.session.commit()"] == calls([Source("a.py", text)], ".commit")


@pytest.mark.parametrize(
    "text", ["import lib.part", "from lib import part", "def f():\n    from lib.part import x"]
)
def test_an_import_is_found(text: str) -> None:
    """Any form of import counts, also inside a function."""
    planted = [Source("a.py", text), Source("b.py", "import library, other.lib")]
    assert {"a.py"} == importers(planted, "lib")


def test_a_test_without_docstring_is_found() -> None:
    """Only test functions need to say what they prove."""
    text = "def test_a():\n    '''Says it.'''\n\ndef test_b(): ...\n\ndef helper(): ...\n"
    assert ["a.py:4 test_b"] == undocumented_tests([Source("a.py", text)])


def test_the_sources_are_found() -> None:
    """The rules look at the real tree, this file included."""
    assert {"engine/bus.py", "tests/architecture/test_sources.py"} <= {s.path for s in EVERYWHERE}
    assert (ROOT / "pyproject.toml").is_file()
