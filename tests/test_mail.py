"""Letters, and a real server that takes them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.mail import (
    Letter,
    LetterDelayed,
    LetterRefused,
    ServerAway,
    compose,
    connected,
)
from engine.settings import Settings
from tests.smtp import CERTIFICATE, Server, mail_server

LETTER = Letter(
    "anna@school.example",
    "Срок 9 декабря",
    "Здравствуйте!\n\nХод за вами.\n",
    "overdue:7:2026-12-10",
    datetime(2026, 12, 10, 3, 0, tzinfo=UTC),
)
SITE = "https://tsikl.example"


@pytest.fixture
def post_office() -> Iterator[Server]:
    """Yield a mail server that takes everything."""
    with mail_server() as running:
        yield running


@pytest.fixture
def settings(post_office: Server) -> Settings:
    """Return settings that name the server."""
    return Settings(
        smtp_host=post_office.host,
        smtp_port=post_office.port,
        smtp_tls="none",
        mail_from="tsikl@office.example",
        base_url=SITE,
    )


def send(settings: Settings, *letters: Letter) -> None:
    """Send letters over one connection."""
    with connected(settings) as post:
        for letter in letters:
            post.send(letter)


def test_a_letter_arrives_as_it_was_written(settings: Settings, post_office: Server) -> None:
    """Recipient, Russian subject and body come through; the sender is the installation."""
    send(settings, LETTER)
    (letter,) = post_office.letters
    assert "anna@school.example" == letter["To"]
    assert LETTER.subject == letter["Subject"]
    assert LETTER.body == letter.get_content().replace("\r\n", "\n")
    assert "Цикл <tsikl@office.example>" == str(letter["From"])
    assert "auto-generated" == letter["Auto-Submitted"]


def test_the_same_letter_has_the_same_bytes() -> None:
    """A repeat after a crash can be recognised: not even its date differs."""
    once, again = (compose(LETTER, "tsikl@office.example", SITE).as_bytes() for _ in range(2))
    assert once == again


def test_letters_are_told_apart_by_their_message_id() -> None:
    """Another key, or another installation with the same sender, gives another Message-ID."""
    other_key = replace(LETTER, key="overdue:7:2026-12-11")
    made = [
        compose(letter, "tsikl@office.example", site)["Message-ID"]
        for letter, site in ((LETTER, SITE), (other_key, SITE), (LETTER, "https://two.example"))
    ]
    assert 3 == len(set(made))
    assert all(name.endswith("@office.example>") for name in made)


@pytest.mark.parametrize(
    "letter",
    [
        replace(LETTER, subject="Срок\nBcc: all@school.example"),
        replace(LETTER, subject="Срок\r\nBcc: all@school.example"),
        replace(LETTER, recipient="anna@school.example\nBcc: all@school.example"),
        replace(LETTER, recipient="anna@school.example, all@school.example"),
        replace(LETTER, recipient="anna"),
        replace(LETTER, recipient=""),
        replace(LETTER, recipient="anna@" + "a" * 70 + ".example"),
    ],
)
def test_a_letter_that_smuggles_is_refused(
    letter: Letter, settings: Settings, post_office: Server
) -> None:
    """A line break in a header, or what is no single address, never reaches the server."""
    with pytest.raises(LetterRefused):
        send(settings, letter)
    assert [] == post_office.letters


def test_a_cyrillic_domain_needs_no_special_server(settings: Settings, post_office: Server) -> None:
    """The domain goes in its ASCII form, as every server understands it."""
    send(settings, replace(LETTER, recipient="anna@школа.рф"))
    assert ["anna@xn--80atdl2c.xn--p1ai"] == post_office.to


def test_a_name_no_server_can_take_is_refused(settings: Settings, post_office: Server) -> None:
    """A Cyrillic name before the @ needs an extension that this server lacks: for good."""
    with pytest.raises(LetterRefused):
        send(settings, replace(LETTER, recipient="анна@school.example"))
    assert [] == post_office.letters


def test_a_dot_alone_does_not_end_a_letter(settings: Settings, post_office: Server) -> None:
    """A body with a line of one dot, or of SMTP, arrives whole."""
    body = "до\n.\nпосле\n.QUIT\n"
    send(settings, replace(LETTER, body=body))
    assert body == post_office.letters[0].get_content().replace("\r\n", "\n")


def test_an_unknown_recipient_is_refused_for_good(settings: Settings, post_office: Server) -> None:
    """5xx means: not this letter, ever; the next one over the same connection passes."""
    post_office.rcpt["gone@school.example"] = "550 no such user"
    with connected(settings) as post:
        with pytest.raises(LetterRefused, match="550 no such user"):
            post.send(replace(LETTER, recipient="gone@school.example"))
        post.send(LETTER)
    assert ["anna@school.example"] == post_office.to


def test_a_greylisted_recipient_is_delayed(settings: Settings, post_office: Server) -> None:
    """4xx to one recipient means: this letter later; the next one passes."""
    post_office.rcpt["grey@school.example"] = "451 come back"
    with connected(settings) as post:
        with pytest.raises(LetterDelayed, match="451 come back"):
            post.send(replace(LETTER, recipient="grey@school.example"))
        post.send(LETTER)
    assert ["anna@school.example"] == post_office.to


def test_a_letter_refused_after_its_data_is_told_apart(
    settings: Settings, post_office: Server
) -> None:
    """Spam is refused for good, a full disk only for now."""
    post_office.data = "554 spam"
    with pytest.raises(LetterRefused):
        send(settings, LETTER)
    post_office.data = "452 disk full"
    with pytest.raises(LetterDelayed):
        send(settings, LETTER)


def test_a_server_that_is_leaving_is_away(settings: Settings, post_office: Server) -> None:
    """421 is said to everybody, whatever the letter."""
    post_office.data = "421 closing"
    with pytest.raises(ServerAway, match="421 closing"):
        send(settings, LETTER)


def test_a_server_that_hangs_up_is_away(settings: Settings, post_office: Server) -> None:
    """When the connection breaks after the data nobody knows: the letter is sent again."""
    post_office.hang_up = True
    with pytest.raises(ServerAway):
        send(settings, LETTER)
    post_office.hang_up = False
    send(settings, LETTER)
    assert 2 == len(post_office.letters)
    assert 1 == len(set(post_office.ids))


def test_a_server_that_is_not_there_is_away(settings: Settings) -> None:
    """A refused connection is no fault of any letter."""
    with mail_server() as other:
        closed = other.port
    with pytest.raises(ServerAway):
        send(replace(settings, smtp_port=closed), LETTER)


def test_a_server_that_says_nothing_is_away(
    settings: Settings, post_office: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer within the time limit counts as away."""
    monkeypatch.setattr("engine.mail.TIMEOUT", 0.2)
    post_office.delay = 2
    with pytest.raises(ServerAway):
        send(settings, LETTER)


def test_a_server_without_encryption_is_not_trusted(
    settings: Settings, post_office: Server
) -> None:
    """Who wants STARTTLS does not send in the clear."""
    with pytest.raises(ServerAway):
        send(replace(settings, smtp_tls="starttls"), LETTER)
    assert [] == post_office.letters


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_an_encrypted_connection_signs_in(
    tls: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a certificate that the machine trusts, user and password go over TLS, and the letter."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with mail_server(Server(tls=tls, users={"tsikl": "secret"})) as office:
        known = replace(settings, smtp_port=office.port, smtp_tls=tls, smtp_user="tsikl")
        with pytest.raises(ServerAway):
            send(replace(known, smtp_password="wrong"), LETTER)
        send(replace(known, smtp_password="secret"), LETTER)
    assert ["anna@school.example"] == office.to


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_stranger_between_us_and_the_server_is_not_trusted(tls: str, settings: Settings) -> None:
    """A certificate that nobody vouches for ends the conversation before any word of a letter."""
    with (
        mail_server(Server(tls=tls)) as office,
        pytest.raises(ServerAway, match="certificate verify failed"),
    ):
        send(replace(settings, smtp_port=office.port, smtp_tls=tls), LETTER)
    assert [] == office.letters


def test_a_server_that_wants_no_password_gets_none(settings: Settings, post_office: Server) -> None:
    """A server that offers no sign-in, when the settings name a user, is away: not sent as is."""
    with pytest.raises(ServerAway):
        send(replace(settings, smtp_user="tsikl", smtp_password="secret"), LETTER)
    assert [] == post_office.letters


def test_an_installation_without_an_address_sends_nothing(settings: Settings) -> None:
    """A sender that is no address is the administrator's affair, not a letter's."""
    with pytest.raises(ServerAway):
        send(replace(settings, mail_from="цикл@" + "a" * 70), LETTER)
