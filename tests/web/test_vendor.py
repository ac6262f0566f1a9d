"""Scripts of others are those that the manifest names, unchanged."""

import hashlib
import json
from pathlib import Path

import pytest

from web.assets import FOLDER

VENDOR = FOLDER / "vendor"
ENTRIES = json.loads((VENDOR / "VENDOR.json").read_text())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["name"])
def test_a_vendored_file_is_what_was_published(entry: dict[str, str]) -> None:
    """Its hash is the one written down with its name, version and licence."""
    content = (VENDOR / entry["file"]).read_bytes()
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["version"]
    assert entry["licence"]


def test_every_vendored_file_is_named() -> None:
    """Nothing lies there that nobody has written down."""
    there = {path.name for path in Path(VENDOR).iterdir()} - {"VENDOR.json"}
    assert {entry["file"] for entry in ENTRIES} == there


def test_the_script_of_a_page_is_the_vendored_version() -> None:
    """The manifest does not lag behind the file."""
    (entry,) = (entry for entry in ENTRIES if entry["name"] == "htmx.org")
    assert f'"{entry["version"]}"' in (VENDOR / entry["file"]).read_text()
