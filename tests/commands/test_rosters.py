"""Taking in lists: one transaction, the good lines only, and the second time nothing."""

from collections.abc import Sequence
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.commands.people import CreatePerson
from engine.commands.rosters import TakeInRoster, TakenIn, judged
from engine.errors import Forbidden, NotFound
from engine.model.people import Membership, Organisation, Person
from engine.model.records import JournalEntry, Outgoing
from engine.rules.access import Role
from engine.rules.rosters import MOST, Line, Sheet
from engine.rules.verdicts import Fate
from tests.town import Town

ADMIN = "administrator.office"


def person(number: int, name: str, email: str, role: str = "завуч", place: str = "Лицей") -> Line:
    """Return a line about a person."""
    cells = {"name": name, "email": email, "role": role, "place": place}
    return Line(Sheet.PEOPLE, number, cells)


LIST = (
    Line(
        Sheet.SCHOOLS, 2, {"name": "Лицей имени Попова", "short_name": "Лицей", "place": "office"}
    ),
    person(2, "Новая Анна", "anna@x.example"),
    person(3, "Новая Анна", "anna@x.example", "учитель", "school"),
    person(4, "Некто teacher.school", "teacher.school@town.example", "эксперт", "office"),
    person(5, "Никто", "нет адреса"),
    person(6, "Новая Анна", "anna@x.example"),
)


def take(town: Town, lines: Sequence[Line] = LIST, *, invite: bool = False) -> TakenIn:
    """Take a list in as the administrator."""
    done: TakenIn = town.do(TakeInRoster(tuple(lines), invite), ADMIN)
    return done


def rows(town: Town) -> list[Any]:
    """Count everything that a list could add to."""
    tables = (Organisation, Person, Membership, JournalEntry, Outgoing)
    return [town.value(select(func.count()).select_from(table)) for table in tables]


def test_the_good_lines_are_taken_and_the_wrong_left_out(town: Town) -> None:
    """A school, a person with two roles, a role for somebody known; all as if made by hand."""
    assert TakenIn(schools=1, people=1, roles=3, invited=0, wrong=1) == take(town)
    school = town.value(select(Organisation.id).where(Organisation.short_name == "Лицей"))
    anna = town.value(select(Person.id).where(Person.email == "anna@x.example"))
    held = town.rows(select(Membership.organisation_id, Membership.role).filter_by(person_id=anna))
    places = {(school, Role.DEPUTY), (town.organisations["school"], Role.TEACHER)}
    assert places == {tuple(row) for row in held}
    events = [row.event for row in town.rows(select(JournalEntry.event))]
    assert 1 == events[-5:].count("OrganisationCreated")


def test_the_same_list_again_changes_nothing(town: Town) -> None:
    """Not a row, not a line of the journal, not a letter."""
    take(town, invite=True)
    before = rows(town)
    assert TakenIn(0, 0, 0, 0, 1) == take(town, invite=True)
    assert before == rows(town)


def test_new_people_are_invited_if_wanted(town: Town) -> None:
    """Only those whom the list has created; a letter stands in the outbox for each."""
    assert 1 == take(town, invite=True).invited
    (letter,) = town.rows(select(Outgoing.dedup_key, Person.email).join(Person))
    assert "anna@x.example" == letter.email
    assert letter.dedup_key.startswith("invitation:")


def test_looking_writes_nothing(town: Town) -> None:
    """The report is the same before and after somebody looks."""
    before = rows(town)
    with town.engine.read() as reader:
        verdicts = judged(reader, town.actor(ADMIN), LIST)
    fates = [Fate.CREATE, Fate.CREATE, Fate.GRANT, Fate.GRANT, Fate.WRONG, Fate.REPEAT]
    assert fates == [verdict.fate for verdict in verdicts]
    assert before == rows(town)


def test_what_changed_since_the_report_counts(town: Town) -> None:
    """Somebody else has added the person meanwhile: she is not added twice."""
    with town.engine.read() as reader:
        judged(reader, town.actor(ADMIN), LIST)
    town.do(CreatePerson("Новая Анна", "anna@x.example"))
    assert TakenIn(schools=1, people=0, roles=3, invited=0, wrong=1) == take(town)


def test_no_line_reaches_another_town(town: Town) -> None:
    """A place of others is as unknown as one that is not there."""
    lines = [
        person(2, "Новая", "a@x.example", place="far school"),
        Line(Sheet.SCHOOLS, 2, {"name": "Новая", "place": "far office"}),
    ]
    assert 2 == take(town, lines).wrong


@pytest.mark.parametrize("who", ["coordinator.office", "head.office", "director.school", "expert1"])
def test_only_administrators_take_lists_in(town: Town, who: str) -> None:
    """Neither taking nor looking."""
    with pytest.raises(NotFound):
        town.do(TakeInRoster(LIST), who)
    with town.engine.read() as reader, pytest.raises(Forbidden):
        judged(reader, town.actor(who), LIST)


def test_the_longest_list_is_taken_in_seconds(town: Town) -> None:
    """Two thousand people; nobody else can write on SQLite meanwhile, so it must not take long."""
    lines = [
        person(n, f"Человек {n}", f"p{n}@x.example", "учитель", "school")
        for n in range(2, MOST + 2)
    ]
    began = monotonic()
    assert MOST == town.engine.do(TakeInRoster(tuple(lines)), town.actor(ADMIN)).roles
    assert monotonic() - began < 30
