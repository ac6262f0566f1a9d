"""Names: Russian order and the kept form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.names import email_of, remark, sort_key, tidy

RUSSIAN = st.text(alphabet="абвеёжзийшщъыьэюя -№0123456789«»", max_size=20)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Ежова", "Ёлкина"),
        ("Ёлкина", "Емельянова"),
        ("яковлев", "Ялтинская"),
        ("Иванов Пётр", "Иванова Анна"),
        ("Лицей № 2", "Лицей № 10"),
        ("«Дружба»", "Лицей"),
        ("Семен", "Семён"),
        ("Семён", "Семен Второй"),
    ],
)
def test_names_stand_in_russian_order(earlier: str, later: str) -> None:
    """Case and quotation marks do not count, ё is е, numbers go by value."""
    assert sort_key(earlier) < sort_key(later)


@given(RUSSIAN)
def test_case_does_not_change_the_place(name: str) -> None:
    """A name typed in capitals stands where it stood."""
    assert sort_key(name) == sort_key(name.upper())


@given(RUSSIAN, RUSSIAN)
def test_the_letter_yo_only_breaks_ties(one: str, other: str) -> None:
    """Two names are ordered as if ё were е, whenever that orders them at all."""
    plain = [sort_key(name.replace("ё", "е")) for name in (one, other)]
    if plain[0] < plain[1]:
        assert sort_key(one) < sort_key(other)


def test_a_name_is_kept_tidy() -> None:
    """A letter typed as two marks becomes one, and spaces are single."""
    assert "Ёлкина Анна" == tidy("  Е\u0308лкина \u00a0 Анна ")


def test_an_address_is_kept_in_lower_case() -> None:
    """The same mailbox is the same account, however it was typed."""
    assert "anna@example.ru" == email_of(" Anna@Example.RU ")


def test_a_zero_sign_is_left_out() -> None:
    """No database is asked to keep or to look for what PostgreSQL cannot."""
    assert ("Анна", "anna@example.ru") == (tidy("Ан\0на"), email_of("\0anna@example.ru\0"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Карантин.\r\nBcc: a@b.example ", "Карантин. Bcc: a@b.example"),
        ("Отпуск...", "Отпуск"),
        ("я" * 10_000, "я" * 300),
        ("\0 . ", ""),
    ],
)
def test_a_remark_is_one_line_that_ends(typed: str, kept: str) -> None:
    """It stands in sentences of notices, letters and the journal."""
    assert kept == remark(typed)
