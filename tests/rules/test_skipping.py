"""Which tasks a case can do without."""

import json

import pytest

from engine.rules.forms import Form
from engine.rules.skipping import why_needed


def form(*fields: dict[str, object], subject: str = "") -> Form:
    """Return a form."""
    schema = {
        "id": "f",
        "properties": {"title": "Форма", "subject": subject},
        "components": list(fields),
    }
    return Form.parse(json.dumps(schema).encode())


def field(**more: object) -> dict[str, object]:
    """Return a field to tick."""
    return {"type": "checkbox", "key": "again", "label": "Ещё раз", **more}


ROUTES = {"properties": {"routes": True}}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, ""),
        (form(), ""),
        (form(field()), ""),
        (form(field(**ROUTES)), ""),
        (form(field(validate={"required": True})), ""),
        (form(field(validate={"required": True}, **ROUTES)), "по ответу «Ещё раз»"),
        (form(subject="staff_training"), ""),
        (form(subject="opinion"), "нужны следующим задачам"),
        (form(subject="dissent"), "нужны следующим задачам"),
        (form(subject="signature"), "нужны следующим задачам"),
    ],
)
def test_what_others_stand_on_is_not_left_out(given: Form | None, words: str) -> None:
    """Neither a decision that the process routes by, nor what later work reads."""
    why = why_needed(given)
    assert words in why
    assert bool(words) == bool(why)
