"""Links that set a password: what stands in them, and when they are dead."""

from datetime import UTC, datetime, timedelta

import pytest

from engine.rules.links import (
    FORGOTTEN_FOR,
    INVITED_FOR,
    PasswordLink,
    is_genuine,
    link_for,
    link_in,
    signed,
)

NOW = datetime(2026, 11, 25, 6, 0, 0, 999_999, tzinfo=UTC)
LINK = link_for(12, NOW, INVITED_FOR)
KEY = "of tests"
TOKEN = signed(LINK, "stored", KEY)


def test_links_last_as_their_letters_say() -> None:
    """An invitation seven days, a forgotten password an hour."""
    assert (timedelta(days=7), timedelta(hours=1)) == (INVITED_FOR, FORGOTTEN_FOR)
    assert datetime(2026, 12, 2, 6, 0, tzinfo=UTC) == LINK.until


def test_a_token_says_whose_it_is_and_until_when() -> None:
    """What was signed is read back, to the second."""
    assert link_in(TOKEN) == LINK
    assert is_genuine(TOKEN, LINK, "stored", KEY)


def test_a_token_ends_in_a_sign_that_mail_programs_keep() -> None:
    """Digits and small letters only: a full stop after it stays outside, nothing is cut off."""
    assert TOKEN.replace("-", "").isalnum()
    assert TOKEN[-1] != "-"


@pytest.mark.parametrize(
    ("link", "stored", "key"),
    [
        (LINK, "another", KEY),
        (LINK, "", KEY),
        (LINK, "stored", "of another installation"),
        (PasswordLink(13, LINK.until), "stored", KEY),
        (PasswordLink(12, LINK.until + timedelta(seconds=1)), "stored", KEY),
    ],
)
def test_a_token_is_good_for_one_thing(link: PasswordLink, stored: str, key: str) -> None:
    """Another password, another installation, another person, a later end: it is dead."""
    assert not is_genuine(TOKEN, link, stored, key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        TOKEN[:-1],
        TOKEN + "0",
        TOKEN + "\n",
        TOKEN.upper(),
        TOKEN.replace("12-", "١٢-", 1),
        "0" + TOKEN,
        "-" + TOKEN,
        "9" * 10 + TOKEN[2:],
        "9" * 5000 + TOKEN[2:],
        "12-" + "9" * 5000 + TOKEN[13:],
        "12-99999999999-" + "я" * 64,
        "<script>alert(1)</script>",
    ],
)
def test_what_is_no_token_says_nothing(text: str) -> None:
    """Hostile addresses are turned away before anything is looked up."""
    assert link_in(text) is None


def test_the_largest_numbers_are_read() -> None:
    """What passes is a number that every database and the calendar can take."""
    found = link_in(f"{'9' * 9}-{'9' * 11}-{'0' * 64}")
    assert found is not None
    assert (10**9 - 1, 5138) == (found.person_id, found.until.year)


def test_nothing_is_signed_without_a_secret() -> None:
    """An empty key would be everybody's."""
    with pytest.raises(ValueError, match="secret key"):
        signed(LINK, "stored", "")
