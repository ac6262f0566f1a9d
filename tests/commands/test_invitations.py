"""Inviting people, and replacing a forgotten password."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import open_engine
from engine.clock import FrozenClock
from engine.commands.doors import ChangeActive
from engine.commands.invitations import InvitePerson, SendLink
from engine.commands.passwords import SetPassword, SetPasswordByLink, choose_by_link
from engine.commands.people import GrantRole
from engine.commands.sessions import OpenSession, sign_in
from engine.errors import (
    DoorClosed,
    Forbidden,
    HasPassword,
    LinkByPostOnly,
    LinkExpired,
    NotFound,
    PasswordWeak,
    TooManyAttempts,
    WrongCredentials,
)
from engine.model.people import LoginAttempt, Person, WebSession
from engine.model.records import JournalEntry
from engine.passwords import passwords_of
from engine.queries.people import session_of
from engine.rules.access import SYSTEM, Actor, Role
from engine.rules.links import INVITED_FOR, ONE_LETTER_IN, link_for, signed
from engine.settings import Settings
from tests.inviting import (
    ADMIN,
    GOOD,
    HOME,
    NEW,
    OTHER,
    STRANGE,
    choose,
    forget,
    invite,
    letters,
    link_token,
    owner,
    stored,
)
from tests.town import Town


def enter(town: Town, password: str, who: str = NEW) -> str:
    """Sign in with a password."""
    email = f"{who}@town.example"
    return sign_in(town.engine, email, password, address=HOME, device="Firefox")


def person_in(town: Town, secret: str) -> int | None:
    """Return who a session lets in."""
    with town.engine.read() as reader:
        found = session_of(reader, secret)
    return found.person_id if found else None


# an invitation ----------------------------------------------------------------------------------


def test_an_invited_person_chooses_a_password_and_is_in(town: Town) -> None:
    """The link opens a session at once, and the password opens the door from then on."""
    token = invite(town)
    assert town.people[NEW] == owner(town, token)
    assert town.people[NEW] == person_in(town, choose(town, token))
    assert enter(town, GOOD)


def test_a_link_leads_to_this_site(town: Town) -> None:
    """It is complete, to be handed over by other means than the letter."""
    link = town.do(InvitePerson(town.people[NEW]), ADMIN)
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/password/\d+-\d+-[0-9a-f]{64}", link)


def test_looking_at_a_link_changes_nothing(town: Town) -> None:
    """Mail servers open links to scan them; the person can use it all the same."""
    token = invite(town)
    before = [town.rows(select(*table.columns)) for table in Person.metadata.sorted_tables]
    for _ in range(3):
        owner(town, token)
    after = [town.rows(select(*table.columns)) for table in Person.metadata.sorted_tables]
    assert before == after
    assert choose(town, token)


def test_a_link_works_once(town: Town) -> None:
    """The second who comes with it is told so, and the password of the first stands."""
    token = invite(town)
    choose(town, token)
    for again in (lambda: owner(town, token), lambda: choose(town, token, OTHER)):
        with pytest.raises(LinkExpired):
            again()
    assert enter(town, GOOD)


def test_the_same_password_again_kills_the_link_as_well(town: Town) -> None:
    """What is stored differs each time, also of equal passwords."""
    choose(town, invite(town))
    token = link_token(town)
    choose(town, token)
    with pytest.raises(LinkExpired):
        owner(town, token)


def test_of_two_at_the_same_moment_one_gets_through(town: Town) -> None:
    """The person is locked: one password is set, the other is refused."""
    token = invite(town)
    hashed = {text: passwords_of(town.engine.settings).hash(text) for text in (GOOD, OTHER)}

    def set_it(text: str) -> str:
        try:
            town.engine.do(SetPasswordByLink(token, hashed[text]), Actor(town.people[NEW]))
        except LinkExpired:
            return ""
        return text

    with ThreadPoolExecutor(2) as pool:
        won = [text for text in pool.map(set_it, (GOOD, OTHER)) if text]
    assert 1 == len(won)
    assert stored(town) == hashed[won[0]]


def test_all_links_are_dead_once_there_is_a_password(town: Town, clock: FrozenClock) -> None:
    """However many were given out, and however the password was set."""
    tokens = [invite(town)]
    clock.advance(timedelta(minutes=1))
    tokens.append(invite(town))
    assert 2 == len(set(tokens))
    town.do(SetPassword(town.people[NEW], passwords_of(town.engine.settings).hash(GOOD)))
    for token in tokens:
        with pytest.raises(LinkExpired):
            choose(town, token, OTHER)


@pytest.mark.parametrize(("late", "alive"), [(timedelta(seconds=-1), True), (timedelta(0), False)])
def test_an_invitation_ends_after_seven_days(
    town: Town, clock: FrozenClock, late: timedelta, *, alive: bool
) -> None:
    """Until the last second it works; then it does not."""
    token = invite(town)
    clock.advance(INVITED_FOR + late)
    if alive:
        assert choose(town, token)
        return
    with pytest.raises(LinkExpired):
        choose(town, token)
    assert stored(town) is None


def test_a_forged_link_opens_nothing(town: Town) -> None:
    """Another person, a later end, another key, no such person, no link at all: one answer."""
    token = invite(town)
    person, until, signature = token.split("-")
    director = town.people["director.school"]
    forged = [
        f"{director}-{until}-{signature}",
        f"{person}-{int(until) + 1}-{signature}",
        f"{person}-{until}-{'0' * 64}",
        f"{'9' * 9}-{until}-{signature}",
        f"{'9' * 18}-{until}-{signature}",
        signed(link_for(int(person), town.engine.now(), INVITED_FOR), "", "of somebody else"),
        "",
        "' OR 1=1 --",
    ]
    for text in forged:
        with pytest.raises(LinkExpired):
            choose(town, text)
    assert [None, None] == [stored(town), stored(town, "director.school")]


def test_who_may_not_enter_sets_no_password(town: Town) -> None:
    """A closed door is closed to links given out before as well."""
    token = invite(town)
    town.do(ChangeActive(town.people[NEW], active=False), ADMIN)
    with pytest.raises(LinkExpired):
        choose(town, token)
    with pytest.raises(DoorClosed):
        invite(town)


def test_a_weak_password_leaves_the_link_alive(town: Town) -> None:
    """The rules are those of every password: what is known of the person is soon guessed."""
    token = invite(town)
    for weak in ("1234567", "password", NEW):
        with pytest.raises(PasswordWeak):
            choose(town, token, weak)
    assert choose(town, token)


def test_setting_a_password_ends_all_other_sessions(town: Town) -> None:
    """Whoever was in with the account is out; also the one this browser held before."""
    old = [town.do(OpenSession(town.people[NEW], where, "")) for where in (HOME, STRANGE)]
    mine = town.do(OpenSession(town.people["expert1"], HOME, ""))
    token = invite(town)
    fresh = choose_by_link(town.engine, token, GOOD, address=HOME, device="", replaces=mine)
    assert [None, None, None] == [person_in(town, secret) for secret in (*old, mine)]
    assert [(town.people[NEW],)] == town.rows(select(WebSession.person_id))
    assert town.people[NEW] == person_in(town, fresh)


def test_the_journal_tells_who_invited_and_who_chose(town: Town) -> None:
    """The administrator gave the link out; the password is the person's own."""
    choose(town, invite(town))
    doers = select(JournalEntry.event, JournalEntry.actor_id).order_by(JournalEntry.seq)
    assert [
        ("PersonInvited", town.people[ADMIN]),
        ("PasswordChanged", town.people[NEW]),
    ] == town.rows(doers)[-2:]


@pytest.mark.parametrize(
    "who",
    [
        "coordinator.office",
        "head.office",
        "director.school",
        NEW,
        "expert1",
        "administrator.far_office",
    ],
)
def test_only_an_administrator_of_the_place_invites(town: Town, who: str) -> None:
    """Another role, oneself, another municipality: nobody gets a link, and no letter leaves."""
    with pytest.raises((NotFound, Forbidden)):
        invite(town, NEW, who)
    assert [] == letters(town)


def test_who_works_in_two_towns_is_invited_by_a_letter_only(
    town: Town, settings: Settings, clock: FrozenClock
) -> None:
    """Either administrator may; neither sees the link, which opens the other town as well."""
    far = town.organisations["far school"]
    town.do(GrantRole(town.people[NEW], far, Role.TEACHER))
    with pytest.raises(LinkByPostOnly):
        invite(town, NEW, ADMIN)
    assert [] == letters(town)
    posting = open_engine(replace(settings, smtp_host="mail.example"), clock)
    for who in (ADMIN, "administrator.far_office"):
        assert "" == posting.do(InvitePerson(town.people[NEW]), town.actor(who))
        clock.advance(timedelta(minutes=1))
    posting.close()
    assert 2 == len(letters(town))
    with pytest.raises(NotFound):
        invite(town, NEW, "coordinator.office")


def test_who_belongs_nowhere_is_invited_by_nobody(town: Town) -> None:
    """First a role, then the door: else the key would be anybody's who makes people."""
    town.employ("nobody", "school")
    with pytest.raises(NotFound):
        invite(town, "nobody")


def test_nobody_gets_the_key_to_an_account_in_use(town: Town) -> None:
    """An administrator could enter as somebody else; so only the command line may."""
    choose(town, invite(town))
    with pytest.raises(HasPassword):
        invite(town)
    choose(town, invite(town, NEW, SYSTEM), OTHER)
    assert enter(town, OTHER)


def test_nobody_sets_a_password_by_the_link_of_another(town: Town) -> None:
    """The command itself is for the person of the link only."""
    hashed = passwords_of(town.engine.settings).hash(GOOD)
    with pytest.raises(NotFound):
        town.do(SetPasswordByLink(invite(town), hashed), town.actor("deputy.school"))
    assert stored(town) is None


# a forgotten password ---------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced(town: Town, clock: FrozenClock) -> None:
    """The link of the letter sets a new one; the old one opens nothing any more."""
    choose(town, invite(town))
    forget(town)
    choose(town, link_token(town), OTHER)
    with pytest.raises(WrongCredentials):
        enter(town, GOOD)
    assert enter(town, OTHER)


def test_who_asks_learns_nothing(town: Town) -> None:
    """Known or not, closed or not, the answer is the same; only the known get a letter."""
    town.do(ChangeActive(town.people["deputy.school"], active=False))
    answers = [
        town.do(SendLink(email, STRANGE))
        for email in (
            f"{NEW}@town.example",
            f" {NEW.upper()}@Town.Example ",
            "nobody@town.example",
            "deputy.school@town.example",
            "",
        )
    ]
    assert [None] * 5 == answers
    assert [("forgotten", town.people[NEW])] == [
        (row.payload["letter"], row.person_id) for row in letters(town)
    ]


@pytest.mark.parametrize("email", ["' OR 1=1 --", "a@b\r\nBcc: c@d", "ы" * 10_000, "\x00@town"])
def test_a_hostile_address_is_nobodys(town: Town, email: str) -> None:
    """It is looked for like any other, and what was typed is not kept."""
    town.do(SendLink(email, HOME))
    assert [] == letters(town)
    (account,) = town.rows(select(LoginAttempt.account_hash))
    assert re.fullmatch(r"[0-9a-f]{64}", account.account_hash)


def test_asking_waits_like_signing_in(town: Town, clock: FrozenClock) -> None:
    """A known and an unknown address alike; attempts of both kinds are counted together."""
    for who in (NEW, "nobody"):
        for _ in range(5):
            forget(town, who)
        with pytest.raises(TooManyAttempts):
            forget(town, who)
    with pytest.raises(TooManyAttempts):
        enter(town, GOOD)
    clock.advance(timedelta(seconds=1))
    forget(town)


def test_a_mailbox_is_not_filled(town: Town, clock: FrozenClock) -> None:
    """However many ask from wherever, one letter in ten minutes."""
    for machine in range(8):
        forget(town, NEW, f"203.0.113.{machine}")
    assert 1 == len(letters(town))
    clock.advance(ONE_LETTER_IN)
    forget(town)
    assert 2 == len(letters(town))


def test_only_the_page_asks(town: Town) -> None:
    """The command is the system's: nobody goes round the page and its counting."""
    with pytest.raises(Forbidden):
        town.do(SendLink(f"{NEW}@town.example", HOME), ADMIN)
