"""Messages and signals between cases: each arrives once, where all its keys match."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.clock import FrozenClock
from engine.commands.cases import ResumeCase, SuspendCase
from engine.commands.outbox import DeliverMessage, report
from engine.errors import Forbidden
from engine.model.cases import Case
from engine.model.records import Incident, Outgoing
from engine.rules.access import SYSTEM
from engine.rules.retries import MESSAGES
from engine.scheduler import tick
from tests.timely import bundle, flows
from tests.town import Town

ROOTS = (
    '<message id="m" name="reply">'
    '<extensionElements><tsikl:message payload="text"/></extensionElements></message>'
    '<signal id="s" name="storm"/>'
    + "".join(
        f'<correlationProperty id="{key}" name="{key}">'
        '<correlationPropertyRetrievalExpression messageRef="m">'
        f"<messagePath>{key}</messagePath></correlationPropertyRetrievalExpression>"
        "</correlationProperty>"
        for key in ("topic", "year")
    )
)
MESSAGE = '<messageEventDefinition messageRef="m"/>'
SIGNAL = '<signalEventDefinition signalRef="s"/>'


def throwing(key: str, kind: str) -> Any:
    """Return a cycle that throws and ends."""
    thrown = f'<intermediateThrowEvent id="t">{kind}</intermediateThrowEvent>'
    return bundle(key, thrown, flows("start", "t", "end"), roots=ROOTS)


def catching(key: str, kind: str) -> Any:
    """Return a cycle that waits and ends."""
    caught = f'<intermediateCatchEvent id="c">{kind}</intermediateCatchEvent>'
    return bundle(key, caught, flows("start", "c", "end"), roots=ROOTS)


def status(town: Town, case: int) -> str:
    """Return the status of a case."""
    return str(town.value(select(Case.status).where(Case.id == case)))


def outgoing(town: Town) -> Any:
    """Return the only message or signal of the outbox."""
    rows = select(*Outgoing.__table__.columns).where(Outgoing.kind != "mail")
    (row,) = town.rows(rows)
    return row


def test_a_message_reaches_the_case_whose_keys_all_match(town: Town) -> None:
    """Of three waiting cases one has the topic, one the year, and one both: that one goes on."""
    waiting = town.cycle(catching("waiting", MESSAGE))
    other_topic = town.case(waiting, "school", topic="sport", year=2026)
    meant = town.case(waiting, "second", topic="music", year=2026)
    other_year = town.case(
        town.cycle(catching("waiting2", MESSAGE)), "school", topic="music", year=2025
    )
    sender = town.cycle(throwing("sender", MESSAGE))
    town.case(sender, "school", topic="music", year=2026, text="да")
    assert 1 == tick(town.engine).messages
    found = [status(town, case) for case in (other_topic, meant, other_year)]
    assert ["running", "completed", "running"] == found
    assert outgoing(town).sent_at is not None
    assert 0 == tick(town.engine).messages


def test_a_message_moves_the_case_that_waits_longest_and_no_other(town: Town) -> None:
    """Two cases wait with the same keys; one message is for one of them."""
    waiting = town.cycle(catching("waiting", MESSAGE))
    first = town.case(waiting, "school", topic="music", year=2026)
    second = town.case(waiting, "second", topic="music", year=2026)
    town.case(town.cycle(throwing("sender", MESSAGE)), topic="music", year=2026, text="")
    tick(town.engine)
    assert ["completed", "running"] == [status(town, first), status(town, second)]


def test_a_signal_reaches_every_case_that_waits(town: Town) -> None:
    """Each waiting case has a row of its own, so that one that fails holds up no other."""
    waiting = town.cycle(catching("waiting", SIGNAL))
    cases = [town.case(waiting, place) for place in ("school", "second")]
    town.case(town.cycle(throwing("sender", SIGNAL)))
    assert 2 == tick(town.engine).signals
    assert ["completed", "completed"] == [status(town, case) for case in cases]


def test_a_message_that_comes_early_is_tried_again(town: Town, clock: FrozenClock) -> None:
    """Nobody waits yet; a little later somebody does."""
    town.case(town.cycle(throwing("sender", MESSAGE)), topic="music", year=2026, text="")
    assert 1 == tick(town.engine).messages
    row = outgoing(town)
    assert (1, None, clock.now() + MESSAGES.wait(1, row.id)) == (
        row.attempts,
        row.sent_at,
        row.not_before,
    )
    case = town.case(town.cycle(catching("waiting", MESSAGE)), topic="music", year=2026)
    assert 0 == tick(town.engine).messages
    clock.move_to(row.not_before)
    assert 1 == tick(town.engine).messages
    assert "completed" == status(town, case)


def test_a_message_that_nobody_wants_becomes_an_incident(town: Town, clock: FrozenClock) -> None:
    """After the last attempt it is given up, and the sender's case has an incident."""
    sender = town.case(town.cycle(throwing("sender", MESSAGE)), topic="music", year=2026, text="")
    for _ in range(MESSAGES.attempts):
        assert 1 == tick(town.engine).messages
        clock.advance(timedelta(hours=3))
    assert 0 == tick(town.engine).messages
    assert outgoing(town).given_up_at is not None
    (incident,) = town.rows(select(*Incident.__table__.columns))
    assert (sender, "message") == (incident.case_id, incident.kind)
    assert "«reply»" in incident.sentence


def test_a_suspended_case_gets_its_message_when_resumed(town: Town, clock: FrozenClock) -> None:
    """What comes meanwhile is not lost."""
    case = town.case(town.cycle(catching("waiting", MESSAGE)), topic="music", year=2026)
    town.do(SuspendCase(case, "карантин"), "coordinator.office")
    town.case(town.cycle(throwing("sender", MESSAGE)), topic="music", year=2026, text="")
    tick(town.engine)
    assert outgoing(town).sent_at is None
    town.do(ResumeCase(case), "coordinator.office")
    clock.advance(timedelta(minutes=1))
    tick(town.engine)
    assert "completed" == status(town, case)


def test_without_messages_nothing_is_delivered(town: Town) -> None:
    """Two workers may look at the same head of the queue; the second finds nothing."""
    assert 0 == town.do(DeliverMessage("message"))
    assert 0 == town.do(DeliverMessage("signal"))


def test_only_the_system_delivers(town: Town) -> None:
    """A person has no button for it."""
    with pytest.raises(Forbidden):
        town.do(DeliverMessage(), "coordinator.office")


def test_the_same_incident_is_raised_once_while_it_is_open(town: Town) -> None:
    """A server that is away for days is one thing to look at, not a thousand."""
    with town.engine.unit(SYSTEM) as unit:
        report(unit, None, "mail", "Письмо не доставлено: нет сети")
        report(unit, None, "mail", "Письмо не доставлено: нет сети.")
        report(unit, None, "mail", "Письмо не доставлено: нет места")
    sentences = [row.sentence for row in town.rows(select(Incident.sentence).order_by(Incident.id))]
    assert ["Письмо не доставлено: нет сети.", "Письмо не доставлено: нет места."] == sentences
