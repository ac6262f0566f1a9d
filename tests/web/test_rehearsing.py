"""The rehearsal on the command line: a story to read, objects for programs, an honest exit code."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from tests.timely import one_task
from web.cli import main

SUM = [
    "outcome",
    "tasks_completed",
    "reminders",
    "escalations",
    "mails",
    "dead_ends",
    "elements_visited",
]


def rehearse(folder: Path, *words: str, **more: str) -> Result:
    """Rehearse a cycle with one task."""
    bundle = one_task(**more)
    for name, content in bundle.files.items():
        (folder / name).write_bytes(content)
    paths = [str(folder / name) for name in bundle.files]
    return CliRunner().invoke(main, ["rehearse", *paths, "--begin", "2026-09-01", *words])


def test_the_story_is_told_day_by_day(tmp_path: Path) -> None:
    """Dates in Russian, local time, what was done and by whom, the sum, and no dead end."""
    answer = rehearse(tmp_path)
    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    assert "вт 1 сентября 2026" in lines
    assert "  09:30  открыто      Открыта задача «a». Срок: 15.09.2026." in lines
    assert any(line.startswith("  неделя с 14 сентября: 1 задача") for line in lines)
    assert "Задач сделано 1" in lines[-2]
    assert "Тупиков нет." == lines[-1]


def test_objects_end_with_the_sum(tmp_path: Path) -> None:
    """Each line is an object; the last one holds the numbers, and those before it add up to them."""
    answer = rehearse(tmp_path, "--json")
    *lines, last = (orjson.loads(line) for line in answer.output.splitlines())
    assert SUM == list(last)
    assert ("end", 1, []) == (last["outcome"], last["tasks_completed"], last["dead_ends"])
    assert ["a", "end", "start"] == last["elements_visited"]
    for kind, number in {
        "done": "tasks_completed",
        "reminder": "reminders",
        "mail": "mails",
    }.items():
        assert last[number] == sum(line["kind"] == kind for line in lines)
    assert ["peak_week"] == [line["kind"] for line in lines if "at" not in line]


def test_a_dead_end_is_an_error(tmp_path: Path) -> None:
    """The exit code is 1, the sentence says who is missing where."""
    told = rehearse(tmp_path, role="lead")
    assert told.exit_code == 1
    assert "Тупики" in told.output
    assert "некому выполнить (Школа № 1)" in told.output
    counted = rehearse(tmp_path, "--json", role="lead")
    assert counted.exit_code == 1
    (end,) = orjson.loads(counted.output.splitlines()[-1])["dead_ends"]
    assert "a" == end["element"]


def test_the_same_seed_prints_the_same(tmp_path: Path) -> None:
    """To the byte; another seed prints something else."""
    first, again, other = (
        rehearse(tmp_path, "--json", "--seed", seed).output for seed in ("1", "1", "2")
    )
    assert first == again
    assert first != other


def test_the_scenarios_are_listed() -> None:
    """Each with what it shows; an unknown one is refused with the list of those there are."""
    listed = CliRunner().invoke(main, ["rehearse", "opeko", "--list"])
    assert listed.exit_code == 0
    assert "complaint" in listed.output
    unknown = CliRunner().invoke(main, ["rehearse", "opeko", "--scenario", "none"])
    assert unknown.exit_code == 2
    assert "straight" in unknown.output


def test_a_process_that_cannot_run_is_refused(tmp_path: Path) -> None:
    """The findings are told instead of a story."""
    (tmp_path / "x.bpmn").write_text("<x/>")
    answer = CliRunner().invoke(main, ["rehearse", str(tmp_path / "x.bpmn")])
    assert answer.exit_code == 1
    assert "Схему нельзя выполнить" in answer.output


@pytest.mark.slow
def test_the_cycle_is_rehearsed_to_its_end() -> None:
    """`tsikl rehearse opeko --json` reaches the end with reminders, escalations and mail on the way."""
    answer = CliRunner().invoke(main, ["rehearse", "opeko", "--json", "--begin", "2026-05-20"])
    assert answer.exit_code == 0, answer.output[-2000:]
    last = orjson.loads(answer.output.splitlines()[-1])
    assert ("end_ok", []) == (last["outcome"], last["dead_ends"])
    assert last["tasks_completed"] > 60
    assert min(last["reminders"], last["escalations"], last["mails"]) > 0
