"""Filters under a name."""

import pytest

from engine.commands.filters import MOST, DeleteFilter, SaveFilter
from engine.errors import FilterRefused, Forbidden, NotFound
from engine.queries.saved_filters import places_to_share, saved_filters
from tests.town import Town

COORDINATOR = "coordinator.office"


def seen(town: Town, who: str, page: str = "tasks") -> list[tuple[str, str, bool]]:
    """Return the filters that somebody sees: name, query, and whether it is his own."""
    with town.engine.read() as reader:
        rows = saved_filters(reader, town.actor(who), page)
    return [(row.name, row.query, row.mine) for row in rows]


def test_a_filter_is_ones_own(town: Town) -> None:
    """Kept by page and name; nobody else sees it."""
    town.do(SaveFilter("tasks", "  Мои   поздние ", "late=yes"), "deputy.school")
    town.do(SaveFilter("cases", "Дела", "late=yes"), "deputy.school")
    assert [("Мои поздние", "late=yes", True)] == seen(town, "deputy.school")
    assert [("Дела", "late=yes", True)] == seen(town, "deputy.school", "cases")
    assert [] == seen(town, "deputy2.school")


def test_a_name_is_used_anew(town: Town) -> None:
    """Saving under the same name, or twice by a double click, replaces the filter."""
    first = town.do(SaveFilter("tasks", "А", "late=yes"), "deputy.school")
    again = town.do(SaveFilter("tasks", "А", "q=план"), "deputy.school")
    assert first == again
    assert [("А", "q=план", True)] == seen(town, "deputy.school")


def test_a_coordinator_shares_with_his_office(town: Town) -> None:
    """Everybody with a role there sees it, and only its owner deletes it."""
    office = town.organisations["office"]
    number = town.do(SaveFilter("tasks", "Общий", "late=yes", office), COORDINATOR)
    assert [("Общий", "late=yes", False)] == seen(town, "head.office")
    assert [] == seen(town, "deputy.school")
    with pytest.raises(NotFound):
        town.do(DeleteFilter(number), "head.office")
    town.do(DeleteFilter(number), COORDINATOR)
    assert [] == seen(town, "head.office")
    with pytest.raises(NotFound):
        town.do(DeleteFilter(number), COORDINATOR)


def test_where_one_may_share(town: Town) -> None:
    """A coordinator at his office; a deputy nowhere; nobody with a stranger's organisation."""
    with town.engine.read() as reader:
        office = town.organisations["office"]
        assert [(office, "office")] == list(places_to_share(reader, town.actor(COORDINATOR)))
        assert [] == list(places_to_share(reader, town.actor("deputy.school")))
    for who, place in (
        ("deputy.school", "school"),
        (COORDINATOR, "school"),
        (COORDINATOR, "far office"),
    ):
        with pytest.raises(Forbidden):
            town.do(SaveFilter("tasks", "А", "late=yes", town.organisations[place]), who)


@pytest.mark.parametrize(
    ("page", "name", "query", "why"),
    [
        ("tasks", "  ", "late=yes", "дайте ему название"),
        ("tasks", "я" * 61, "late=yes", "длиннее"),
        ("tasks", "А", " ", "выберите"),
        ("people", "А", "late=yes", "выберите"),
        ("tasks", "А", "q=" + "я" * 1000, "слишком много"),
    ],
)
def test_what_cannot_be_kept(town: Town, page: str, name: str, query: str, why: str) -> None:
    """Each refusal says what is wrong."""
    with pytest.raises(FilterRefused, match=why):
        town.do(SaveFilter(page, name, query), "deputy.school")


def test_there_is_an_end(town: Town) -> None:
    """So many are enough; a name among them can still be used anew."""
    for number in range(MOST):
        town.engine.do(SaveFilter("tasks", f"№ {number}", "late=yes"), town.actor("deputy.school"))
    with pytest.raises(FilterRefused, match="удалите"):
        town.do(SaveFilter("tasks", "Ещё", "late=yes"), "deputy.school")
    town.do(SaveFilter("tasks", "№ 3", "q=план"), "deputy.school")
