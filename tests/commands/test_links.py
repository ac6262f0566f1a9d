"""Letters with a link that sets a password: they bring one that works, and keep none."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.model.people import Person
from engine.rules.access import SYSTEM
from engine.rules.links import FORGOTTEN_FOR, ONE_LETTER_IN
from engine.scheduler import tick
from engine.settings import Settings
from tests.inviting import NEW, OTHER, choose, forget, invite, letters, link_token, token_of
from tests.smtp import Server, mail_server
from tests.town import Town, build


@pytest.fixture
def post_office() -> Iterator[Server]:
    """Yield a mail server that takes everything."""
    with mail_server() as running:
        yield running


@pytest.fixture
def mailing(settings: Settings, clock: FrozenClock, post_office: Server) -> Iterator[Town]:
    """Yield a town whose letters can leave."""
    known = replace(
        settings, smtp_host=post_office.host, smtp_port=post_office.port, smtp_tls="none"
    )
    opened = open_engine(known, clock)
    yield build(opened)
    opened.close()


def link_of_letter(post_office: Server) -> str:
    """Return the token of the link in the last letter."""
    (link,) = re.findall(r"http://127\.0\.0\.1:8000/password/\S+", last(post_office))
    return token_of(link)


def last(post_office: Server) -> str:
    """Return what the last letter says."""
    return str(post_office.letters[-1].get_content()).replace("\r\n", "\n")


def test_an_invitation_arrives(mailing: Town, post_office: Server) -> None:
    """With the same link that the administrator was shown, alone on its line."""
    shown = invite(mailing)
    tick(mailing.engine)
    assert [f"{NEW}@town.example"] == post_office.to
    assert ["Приглашение в «Цикл»: придумайте пароль"] == post_office.subjects
    assert shown == link_of_letter(post_office)
    assert f"/password/{shown}\n" in last(post_office)
    assert "7 дней" in last(post_office)
    assert choose(mailing, shown)


def test_a_letter_for_who_has_forgotten_arrives(mailing: Town, post_office: Server) -> None:
    """Its link lasts an hour."""
    forget(mailing)
    tick(mailing.engine)
    assert ["Новый пароль для «Цикла»"] == post_office.subjects
    assert link_token(mailing) == link_of_letter(post_office)
    assert "час" in last(post_office)


def test_the_outbox_holds_no_link(mailing: Town, clock: FrozenClock) -> None:
    """Who reads the table, before or after, cannot set anybody's password."""
    token = invite(mailing)
    before = letters(mailing)
    tick(mailing.engine)
    for row in (*before, *letters(mailing)):
        assert "" == row.body
        assert token.split("-")[2] not in repr(row)


def test_a_link_that_would_be_dead_on_arrival_does_not_leave(
    mailing: Town, post_office: Server, clock: FrozenClock
) -> None:
    """The mail server was away too long, or there is a password by now: the letter is dropped."""
    forget(mailing)
    clock.advance(FORGOTTEN_FOR)
    tick(mailing.engine)
    choose(mailing, invite(mailing))
    tick(mailing.engine)
    assert [] == post_office.letters
    assert all(row.given_up_at for row in letters(mailing))


def test_a_letter_of_before_brings_no_link_of_after(
    mailing: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Asked for with the old password, it is dropped; what is asked for with the new one leaves."""
    choose(mailing, invite(mailing))
    forget(mailing)
    choose(mailing, link_token(mailing), OTHER)
    clock.advance(ONE_LETTER_IN)
    forget(mailing)
    tick(mailing.engine)
    assert 1 == len(post_office.letters)
    assert choose(mailing, link_of_letter(post_office))


def test_of_several_links_the_newest_leaves(
    mailing: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Nobody has to guess which of three letters is the good one."""
    for _ in range(3):
        forget(mailing)
        clock.advance(ONE_LETTER_IN)
    clock.advance(FORGOTTEN_FOR - 2 * ONE_LETTER_IN)
    tick(mailing.engine)
    assert 1 == len(post_office.letters)
    assert choose(mailing, link_of_letter(post_office))


def test_a_repeat_has_the_same_link(mailing: Town, post_office: Server, clock: FrozenClock) -> None:
    """Taken by a server that hung up before saying so: the same bytes go again."""
    post_office.hang_up = True
    invite(mailing)
    tick(mailing.engine)
    post_office.hang_up = False
    clock.advance(timedelta(minutes=5))
    tick(mailing.engine)
    first, second = (letter.as_bytes() for letter in post_office.letters)
    assert first == second


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "{{ 7*7 }} {link}", "Имя\r\nBcc: all@town.example", "%s" * 9],
)
def test_a_hostile_name_stays_out_of_letters(mailing: Town, post_office: Server, name: str) -> None:
    """A letter names nobody: whoever makes people cannot write in ours to a stranger."""
    renamed = update(Person).where(Person.id == mailing.people[NEW]).values(name=name)
    with mailing.engine.unit(SYSTEM) as unit:
        unit.execute(renamed)
    invite(mailing)
    tick(mailing.engine)
    assert name not in post_office.letters[-1].as_string()
    assert name not in last(post_office)
    assert choose(mailing, link_of_letter(post_office))


def test_an_engine_without_a_secret_gives_no_links(settings: Settings, clock: FrozenClock) -> None:
    """Better none than one that anybody can sign; nothing has changed then."""
    bare: Engine = open_engine(replace(settings, secret_key=""), clock)
    town = build(bare)
    with pytest.raises(ValueError, match="secret key"):
        invite(town)
    assert [] == letters(town)
    bare.close()
