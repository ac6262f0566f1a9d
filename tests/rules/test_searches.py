"""Words that are looked for."""

import pytest

from engine.rules.searches import found_in, words_of


@pytest.mark.parametrize(
    "query",
    [
        "приказ",
        "ПРИКАЗ",
        "рик",
        "лицей приказ",
        "приказ  «лицей»",
        "Приказ № 7",
        "о проведении",
        "",
    ],
)
def test_every_word_stands_somewhere(query: str) -> None:
    """In any case, in any order, as a part, whatever the quotation marks."""
    assert found_in(words_of(query), "Приказ № 7 о проведении", "Лицей «Гармония»")


@pytest.mark.parametrize("query", ["протокол", "приказ протокол", "%", "_", "7 8"])
def test_a_word_that_stands_nowhere(query: str) -> None:
    """One missing word is enough; signs of databases mean themselves."""
    assert not found_in(words_of(query), "Приказ № 7", "Лицей")


def test_yo_is_found_by_ye() -> None:
    """And the other way round, composed or not."""
    for written in ("учёт", "учет", "уче\u0308т"):
        assert found_in(words_of(written), "Учёт")
        assert found_in(words_of(written), "Учет")


def test_words_do_not_run_across_texts() -> None:
    """The end of a title and the beginning of a school are no word."""
    assert not found_in(words_of("планшкола"), "план", "школа")


def test_an_endless_query_is_cut() -> None:
    """Ten thousand letters are looked for as two hundred."""
    assert 200 == len(words_of("я" * 10_000)[0])
