"""What the catalogues of other languages promise; `make words` renews them."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from babel.messages import Message

from web.translations.catalogues import (
    OTHERS,
    compiled,
    kept,
    missing,
    mo_path,
    po_path,
    renewed,
    script,
    script_path,
    written,
)
from web.translations.sources import unmarked

PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


def test_every_text_can_be_translated() -> None:
    """No template, view or script says Russian words past the catalogues."""
    assert [] == list(unmarked())


@pytest.mark.parametrize("language", OTHERS)
def test_catalogues_are_whole_and_fresh(language: str) -> None:
    """Nothing the interface says is missing; program and scripts read what is written down."""
    catalogue = renewed(language)
    assert [] == list(missing(catalogue))
    assert written(catalogue).decode() == po_path(language).read_text()
    assert compiled(catalogue) == mo_path(language).read_bytes()
    assert script(catalogue) == script_path(language).read_text()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_places_of_values(language: str) -> None:
    """A name, a day or a reason of a text stands in its translation too, once."""
    for message in kept(language):
        for string in _strings(message):
            assert _places(_identifier(message)) == _places(string), message.id


def _identifier(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> Sequence[str]:
    if not message.id or not message.string:
        return ()
    return [message.string] if isinstance(message.string, str) else message.string


def _places(text: str) -> Counter[str]:
    return Counter(PLACE.findall(text))
