"""The 64 diagrams of our own suite, each step through JSON: all right."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # The harness is imported as `bpmnconf`, here and where it came from.

from bpmnconf import own  # noqa: E402

from tests.conformance.adapter import TsiklEngine  # noqa: E402

CASES: list[dict[str, Any]] = json.loads((HERE / "own" / "cases.json").read_text("utf-8"))


def test_the_suite_is_whole() -> None:
    """None of its cases was left out."""
    assert 64 == len(CASES) == len({case["case"] for case in CASES})


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_standard_is_followed(case: dict[str, Any]) -> None:
    """The trace, the open tasks and the outcome are those that the standard asks for."""
    row = own.run_case(TsiklEngine, HERE / "own", case)
    assert "right" == row["verdict"], f"{row['about']}: {row['got']} {row['note']}"


def test_a_wrong_verdict_would_be_seen() -> None:
    """The harness tells a wrong trace from a right one."""
    case = next(case for case in CASES if case["case"] == "flow_two_from_activity")
    row = own.run_case(TsiklEngine, HERE / "own", case | {"expect": ["b", "a", "c"]})
    assert "WRONG" == row["verdict"]
