"""Letters: the deadline in the subject, a link in each line, and why they came."""

from datetime import UTC, date, datetime

from engine.rules.letters import (
    LONGEST,
    Digest,
    Line,
    assignment,
    case_link,
    digest,
    overdue,
    shortened,
    task_link,
)

SITE = "https://tsikl.example/"
TODAY = date(2026, 11, 25)
ZONE = "Asia/Yekaterinburg"


def line(number: int, day: int = 9) -> Line:
    """Return a line about a task due in December."""
    return Line(f"Задача {number}.", task_link(SITE, number), date(2026, 12, day))


def test_links_lead_to_the_pages() -> None:
    """A slash at the end of the site's address does not matter."""
    assert "https://tsikl.example/tasks/7" == task_link(SITE, 7)
    assert "https://tsikl.example/cases/7" == case_link("https://tsikl.example", 7)


def test_a_letter_about_one_task() -> None:
    """Subject with the deadline; the line with its link; why, and what comes next."""
    text = assignment([line(1)], TODAY, SITE)
    assert "Вам поручена задача, срок 9 декабря" == text.subject
    assert "• Задача 1.\n  https://tsikl.example/tasks/1\n" in text.body
    assert "потому что задачи поручены лично вам" in text.body
    assert text.body.startswith("Здравствуйте!")


def test_a_letter_about_several_tasks_names_the_nearest_deadline() -> None:
    """Not that of the first line."""
    lines = [line(1, 15), line(2, 9), line(3, 20)]
    assert "Вам поручены 3 задачи, ближайший срок 9 декабря" == (
        assignment(lines, TODAY, SITE).subject
    )
    assert "Срок прошёл: 3 задачи, с 9 декабря" == overdue(lines, TODAY, SITE).subject
    assert "Срок прошёл 9 декабря" == overdue([line(1)], TODAY, SITE).subject


def test_a_digest_has_only_the_sections_it_needs() -> None:
    """What is empty is not named."""
    text = digest(Digest(told=[line(1)]), TODAY, ZONE, SITE)
    assert "Сводка: 1 новость, ближайший срок 9 декабря" == text.subject
    assert "Что нового" in text.body
    assert "Новые задачи" not in text.body
    assert "Срок прошёл" not in text.body
    assert "запоздала" not in text.body


def test_a_digest_of_news_without_deadlines_names_none() -> None:
    """An incident has no deadline."""
    text = digest(Digest(told=[Line("Сбой.", SITE)]), TODAY, ZONE, SITE)
    assert "Сводка: 1 новость" == text.subject


def test_a_long_section_is_cut_and_says_so() -> None:
    """Nobody reads forty lines in a letter."""
    lines = [line(number) for number in range(LONGEST + 5)]
    body = digest(Digest(offered=lines), TODAY, ZONE, SITE).body
    assert LONGEST == body.count("•")
    assert "… и ещё 5, все — на сайте." in body


def test_a_late_digest_says_when_it_should_have_come() -> None:
    """The local day counts."""
    missed = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
    body = digest(Digest(told=[line(1)], should_have_come=missed), TODAY, ZONE, SITE).body
    assert "программа не работала (среда, 25 ноября 2026 года)" in body


def test_a_subject_is_one_short_line() -> None:
    """Line breaks become spaces; what is too long is cut."""
    assert "Срок 9 декабря" == shortened("Срок\r\n 9   декабря")
    assert "а" * 119 + "…" == shortened("а" * 300)
