"""Text broken into lines of a picture."""

from hypothesis import given
from hypothesis import strategies as st

from web.lines import width, wrap


def test_words_stay_whole_while_they_fit() -> None:
    """A line takes as many words as its width allows."""
    assert ("Сбор данных", "мониторинга") == wrap("Сбор данных мониторинга", 90, 5, 12)


def test_a_word_too_long_for_a_line_is_hyphenated_after_a_vowel() -> None:
    """The rest of the word is never shorter than three letters."""
    assert ("самообследова-", "нию") == wrap("самообследованию", 108, 5, 11.5)


def test_what_does_not_fit_is_marked() -> None:
    """The last allowed line says that there is more."""
    assert ("один", "два…") == wrap("один два три", 30, 2, 12)


def test_nothing_has_no_lines() -> None:
    """A name of spaces draws nothing."""
    assert () == wrap("  \n ", 100, 5, 12)


@given(st.text(max_size=300), st.integers(40, 200), st.integers(1, 6))
def test_no_line_leaves_its_box(text: str, room: int, most: int) -> None:
    """Whatever the text, lines are few and as wide as allowed; five letters may stand out."""
    lines = wrap(text, room, most, 12)
    assert len(lines) <= most
    assert all(width(line.rstrip("…"), 12) <= max(room, width("Щ" * 6, 12)) for line in lines)
