"""Changing an e-mail address by a link to it, through a real mail server, or by an administrator."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.commands.addresses import AskAddress, ChangeAddress, ConfirmAddress, ask_address
from engine.commands.passwords import SetPassword
from engine.errors import (
    EmailRefused,
    EmailTaken,
    LinkExpired,
    NoPost,
    NotFound,
    WrongCredentials,
)
from engine.model.people import Person
from engine.passwords import passwords_of
from engine.rules.access import SYSTEM
from engine.rules.links import ADDRESS_FOR
from engine.scheduler import tick
from engine.settings import Settings
from tests.inviting import GOOD, HOME
from tests.smtp import Server
from tests.town import Town, build

WHO = "teacher.school"
NEW = "new@mail.example"


@pytest.fixture
def engine(posting: Engine) -> Engine:
    """Return the engine of the town: one whose letters leave."""
    return posting


@pytest.fixture
def town(engine: Engine) -> Town:
    """Return a town where the teacher has a password."""
    made = build(engine)
    made.do(SetPassword(made.people[WHO], passwords_of(engine.settings).hash(GOOD)))
    return made


def ask(town: Town, email: str = NEW, password: str = GOOD) -> None:
    """Ask for another address."""
    ask_address(town.engine, town.actor(WHO), password, email, HOME)


def token(post_office: Server) -> str:
    """Return what stands at the end of the link of the last letter."""
    found = re.search(r"/profile/address/(\S+)", post_office.letters[-1].get_content())
    assert found
    return found[1]


def address(town: Town) -> str:
    """Return the address of the teacher."""
    return str(town.value(select(Person.email).where(Person.id == town.people[WHO])))


def test_a_link_to_the_new_address_confirms_it(town: Town, post_office: Server) -> None:
    """It goes to the new one; the old one is told when it is done."""
    ask(town, " New@Mail.example ")
    tick(town.engine)
    assert [NEW] == post_office.to
    assert f"{WHO}@town.example" == address(town)
    assert NEW == town.do(ConfirmAddress(token(post_office)), SYSTEM)
    tick(town.engine)
    assert [NEW, f"{WHO}@town.example"] == post_office.to
    assert "Адрес почты в «Цикле» изменён" == post_office.subjects[-1]
    assert NEW == address(town)


def test_a_link_is_used_once_and_not_late(
    town: Town, post_office: Server, clock: FrozenClock
) -> None:
    """Used, too late, changed or invented: one answer for all."""
    ask(town)
    tick(town.engine)
    good = token(post_office)
    for wrong in ("", "x", good[:-1] + ("0" if good[-1] != "0" else "1"), f"{good}0"):
        with pytest.raises(LinkExpired):
            town.do(ConfirmAddress(wrong), SYSTEM)
    clock.advance(ADDRESS_FOR)
    with pytest.raises(LinkExpired):
        town.do(ConfirmAddress(good), SYSTEM)
    clock.advance(-timedelta(minutes=1))
    town.do(ConfirmAddress(good), SYSTEM)
    with pytest.raises(LinkExpired):
        town.do(ConfirmAddress(good), SYSTEM)


def test_only_who_knows_the_password_asks(town: Town, post_office: Server) -> None:
    """A browser left open does not lose its person the account."""
    with pytest.raises(WrongCredentials):
        ask(town, password="другой пароль совсем")
    tick(town.engine)
    assert [] == post_office.letters


@pytest.mark.parametrize(
    ("email", "refusal"),
    [
        ("nothing", EmailRefused),
        ("a@b.example\nBcc: c@d.example", EmailRefused),
        ("", EmailRefused),
    ],
)
def test_no_letter_goes_to_what_is_no_address(
    town: Town, email: str, refusal: type[Exception]
) -> None:
    """It is refused before anything is written."""
    with pytest.raises(refusal):
        town.do(AskAddress(email), WHO)


def test_an_address_that_somebody_took_meanwhile_is_refused(
    town: Town, post_office: Server
) -> None:
    """When asking, and when the link is used."""
    ask(town)
    tick(town.engine)
    town.do(ChangeAddress(town.people["deputy.school"], NEW), "administrator.office")
    with pytest.raises(EmailTaken):
        town.do(ConfirmAddress(token(post_office)), SYSTEM)
    with pytest.raises(EmailTaken):
        town.do(AskAddress(NEW), WHO)


def test_without_a_mail_server_nothing_can_be_confirmed(
    town: Town, settings: Settings, clock: FrozenClock
) -> None:
    """The refusal says whom to ask."""
    silent = open_engine(settings, clock)
    with pytest.raises(NoPost):
        ask_address(silent, town.actor(WHO), GOOD, NEW, HOME)
    silent.close()


def test_an_administrator_changes_it_at_once(town: Town, post_office: Server) -> None:
    """The old address is told; the same address again is no change."""
    for _ in range(2):
        town.do(ChangeAddress(town.people[WHO], NEW), "administrator.office")
    tick(town.engine)
    assert [f"{WHO}@town.example"] == post_office.to
    assert NEW == address(town)


@pytest.mark.parametrize("who", ["administrator.far_office", "coordinator.office", WHO])
def test_nobody_else_changes_it(town: Town, who: str) -> None:
    """Neither another town, nor a coordinator, nor one's own self without a link."""
    with pytest.raises(NotFound):
        town.do(ChangeAddress(town.people[WHO], NEW), who)
