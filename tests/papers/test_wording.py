"""Names, dates and numbers as an office writes them."""

import pytest

from engine.papers.wording import bound, initials, long_date, number, position, short_date


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Приказ № 12", "Приказ №~12"),
        ("школа №12", "школа №~12"),
        ("5 % и 3 г. спустя", "5~% и~3~г. спустя"),
        ("И. П. Орлов", "И.~П.~Орлов"),
        ("цель — успех", "цель~— успех"),
        ("в школе", "в~школе"),
        ("слова без чисел", "слова без чисел"),
    ],
)
def test_what_belongs_together_stays_on_one_line(text: str, kept: str) -> None:
    """Number and sign, initials and name, a short word and the next one."""
    assert kept == bound(text).replace("\u00a0", "~")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Орешкин Иван Петрович", "И. П. Орешкин"),
        ("Ким Анна", "А. Ким"),
        ("Некто", "Некто"),
        ("Оглы 3 Мамед", "М. Оглы"),
    ],
)
def test_a_name_stands_under_a_document_with_initials(name: str, short: str) -> None:
    """One word has none; what does not begin with a letter gives none."""
    assert short == initials(name).replace("\u00a0", " ")


def test_dates_and_numbers_are_russian() -> None:
    """The comma, the month in letters, a dash for nothing."""
    assert "9 декабря 2026\u00a0г." == long_date("2026-12-09")
    assert "09.12.2026" == short_date("2026-12-09")
    assert ["3,5", "4", "—", "—"] == [number(value) for value in (3.5, 4.0, None, "")]


def test_a_capacity_is_a_role() -> None:
    """Who has none is the performer."""
    assert ("директор", "исполнитель") == (position("director"), position("performer"))
