"""Every event has a sentence for the journal."""

import re
from dataclasses import fields

import pytest

from engine.events import Event, TaskDone, TaskReassigned
from engine.reactions import journal

GIVEN_BY_HISTORY = {"task", "element", "person", "target"}
EVENTS = sorted(Event.known)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_a_russian_sentence(name: str) -> None:
    """A capital letter, Cyrillic, a full stop."""
    assert re.fullmatch(r"[А-ЯЁ].*[а-яё].*[.]", Event.known[name].line())


@pytest.mark.parametrize("name", EVENTS)
def test_a_sentence_names_only_what_is_there(name: str) -> None:
    """Each name in braces is a field of the event, or found by the history."""
    kind = Event.known[name]
    named = set(re.findall(r"\{(\w+)\}", kind.line()))
    assert named <= GIVEN_BY_HISTORY | {field.name for field in fields(kind)}
    if "person" in named and "person" not in {field.name for field in fields(kind)}:
        assert "person_id" in {field.name for field in fields(kind)}


@pytest.mark.parametrize("name", EVENTS)
def test_a_sentence_has_no_doer(name: str) -> None:
    """The journal shows him beside the line; a Russian verb would ask for his gender."""
    assert "actor" not in Event.known[name].line()


def test_an_event_keeps_what_is_its_own() -> None:
    """Case, task and element are columns of the journal; the rest is its data."""
    event = TaskReassigned(case_id=1, task_id=2, element="a", person_id=3, reason="Отпуск")
    assert {"person_id": 3, "reason": "Отпуск", "former_id": event.former_id} == event.data
    assert TaskDone(case_id=1).data is None


def test_the_registry_holds_the_classes_that_are_used() -> None:
    """A dataclass with slots is made twice; the journal must find the second."""
    assert TaskDone is Event.known["TaskDone"]
    assert journal.write.__module__ == "engine.reactions.journal"
