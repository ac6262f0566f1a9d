"""What may not stand in a file that others get."""

import re
import zipfile
from pathlib import Path
from subprocess import run
from sys import executable

import pytest

from tests.architecture.sources import ROOT, tracked_files

# Brackets keep these patterns from matching their own source.
MACHINE_PATH = re.compile(rb"[/]work/(main|shared)|[/]root/|[/]home/[a-z]+/|[/]tmp/bash_")
REGISTRY = re.compile(
    rb"pythonhosted[.]org|pypi[.]org/simple|registry[.]npmjs|deb[.]debian|[/]{2}[^/\s]+/simple\b"
)
REQUIREMENT = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def _lines_with(pattern: re.Pattern[bytes], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """A clone works anywhere: no tracked file holds a path of somebody's machine."""
    assert [] == _lines_with(MACHINE_PATH, tracked_files())


def test_no_file_names_a_registry() -> None:
    """Where packages come from is the affair of the machine that installs them."""
    assert [] == _lines_with(REGISTRY, tracked_files())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "cd " + "/work" + "/main"),
        (MACHINE_PATH, "/root" + "/.cache"),
        (MACHINE_PATH, "/home" + "/anna/tsikl"),
        (REGISTRY, "--index-url " + "https:/" + "/mirror.example/simple"),
        (REGISTRY, "files.python" + "hosted.org"),
    ],
)
def test_a_planted_line_is_found(pattern: re.Pattern[bytes], text: str, tmp_path: Path) -> None:
    """The patterns find what they are for."""
    assert pattern.search(text.encode())


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_address(name: str) -> None:
    """A lock holds versions and hashes, and no place to fetch them from."""
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert {"--hash"} == set(re.findall(r"--[a-z-]+", text))


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    """Nothing is installed that is not what was locked."""
    blocks = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert [] == [block for block in blocks if "--hash=sha256:" not in block]


def test_both_locks_agree() -> None:
    """What is tested is what runs: the lock for tests holds each package of the other, as it is."""
    run_lock, dev_lock = (
        set(REQUIREMENT.findall((ROOT / name).read_text()))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert set() == run_lock - dev_lock


def test_the_wheel_holds_code_and_data(tmp_path: Path) -> None:
    """Every tracked file of the four packages is in the wheel; no file of the others is."""
    command = [executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = {path.relative_to(ROOT).as_posix() for path in tracked_files()}
    packages = ("engine/", "web/", "bpmn/", "migrations/")
    assert {name for name in tracked if name.startswith(packages)} <= packed
    assert {"engine", "web", "bpmn", "migrations"} >= {name.partition("/")[0] for name in packed}
