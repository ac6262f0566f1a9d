"""Organisations, people and roles."""

import pytest
from sqlalchemy import select

from engine import Engine
from engine.commands.doors import ChangeActive
from engine.commands.people import (
    CreateOrganisation,
    CreatePerson,
    GrantRole,
    MarkAsDemo,
    RevokeRole,
)
from engine.commands.sessions import OpenSession
from engine.errors import (
    EmailRefused,
    EmailTaken,
    Forbidden,
    NameMissing,
    NotEmpty,
    NotFound,
    OrganisationTaken,
    PlacementRefused,
    ZoneUnknown,
)
from engine.model.people import Organisation
from engine.queries.people import actor_of, session_of
from engine.rules.access import SYSTEM, Actor, Grant, Role

URAL = "Asia/Yekaterinburg"


def actor(engine: Engine, person_id: int) -> Actor:
    """Return the person with all he may do."""
    with engine.read() as reader:
        return actor_of(reader, person_id)


def path(engine: Engine, organisation_id: int) -> str:
    """Return the stored path of an organisation."""
    with engine.read() as reader:
        return str(
            reader.value(select(Organisation.path).where(Organisation.id == organisation_id))
        )


@pytest.fixture
def town(engine: Engine) -> int:
    """Return a municipality."""
    return engine.do(CreateOrganisation("municipality", "Кировградский ГО", URAL), SYSTEM)


@pytest.fixture
def administrator(engine: Engine, town: int) -> Actor:
    """Return the administrator of the municipality."""
    person = engine.do(CreatePerson("Админова Анна", "admin@kgo.example"), SYSTEM)
    engine.do(GrantRole(person, town, Role.ADMINISTRATOR), SYSTEM)
    return actor(engine, person)


# organisations ----------------------------------------------------------------------------------


def test_a_path_leads_from_the_root_down(engine: Engine, town: int) -> None:
    """The path of a school holds the municipality, the office and itself."""
    office = engine.do(CreateOrganisation("office", "Управление", URAL, town), SYSTEM)
    school = engine.do(CreateOrganisation("school", "СОШ № 1", URAL, office), SYSTEM)
    assert f"{town}/{office}/{school}/" == path(engine, school)


def test_the_short_name_is_the_name_unless_given(engine: Engine, town: int) -> None:
    """Lists always have something to show."""
    school = engine.do(CreateOrganisation("school", "  СОШ   № 1 ", URAL, town), SYSTEM)
    with engine.read() as reader:
        row = reader.one(select(Organisation).where(Organisation.id == school))
    assert ("СОШ № 1", "СОШ № 1") == (row.name, row.short_name)


@pytest.mark.parametrize(
    ("kind", "above"),
    [
        ("municipality", "municipality"),
        ("office", None),
        ("office", "school"),
        ("school", None),
        ("school", "school"),
        ("planet", None),
    ],
)
def test_a_wrong_placement_is_refused(
    engine: Engine, town: int, kind: str, above: str | None
) -> None:
    """A municipality stands alone; an office or a school stands below it, nothing below a school."""
    school = engine.do(CreateOrganisation("school", "СОШ № 1", URAL, town), SYSTEM)
    parent = {"municipality": town, "school": school, None: None}[above]
    with pytest.raises(PlacementRefused):
        engine.do(CreateOrganisation(kind, "Другая", URAL, parent), SYSTEM)


def test_the_same_name_beside_it_is_refused(engine: Engine, town: int) -> None:
    """Two schools of one place have two names, also two municipalities, which have none above."""
    engine.do(CreateOrganisation("school", "СОШ № 1", URAL, town), SYSTEM)
    with pytest.raises(OrganisationTaken):
        engine.do(CreateOrganisation("school", "СОШ  № 1", URAL, town), SYSTEM)
    with pytest.raises(OrganisationTaken):
        engine.do(CreateOrganisation("municipality", "Кировградский ГО", URAL), SYSTEM)


@pytest.mark.parametrize("zone", ["", "MSK", "Asia/Kirovgrad", "../../etc/passwd", "/etc/passwd"])
def test_an_unknown_zone_is_refused(engine: Engine, town: int, zone: str) -> None:
    """Deadlines are local dates, so the zone must be one that is known; it is no path either."""
    with pytest.raises(ZoneUnknown):
        engine.do(CreateOrganisation("school", "СОШ № 1", zone, town), SYSTEM)


def test_an_administrator_creates_below_himself_only(
    engine: Engine, town: int, administrator: Actor
) -> None:
    """He makes schools in his municipality; another municipality does not exist for him."""
    assert engine.do(CreateOrganisation("school", "СОШ № 1", URAL, town), administrator)
    other = engine.do(CreateOrganisation("municipality", "Пелым", URAL), SYSTEM)
    with pytest.raises(NotFound):
        engine.do(CreateOrganisation("school", "СОШ № 1", URAL, other), administrator)
    with pytest.raises(Forbidden):
        engine.do(CreateOrganisation("municipality", "Третий", URAL), administrator)


# people -----------------------------------------------------------------------------------------


def test_an_address_is_one_account(engine: Engine) -> None:
    """The same address in other letters is the same person."""
    engine.do(CreatePerson("Анна", "Anna@Example.ru"), SYSTEM)
    with pytest.raises(EmailTaken):
        engine.do(CreatePerson("Другая Анна", " anna@example.RU "), SYSTEM)


@pytest.mark.parametrize(
    "email", ["", "anna", "@x.ru", "anna@", "a b@x.ru", "a@x.ru\nBcc: b@x.ru", "a@b@c", "<a@x.ru>"]
)
def test_what_is_no_address_is_refused(engine: Engine, email: str) -> None:
    """Nothing that could not receive a letter, or could smuggle a header into one."""
    with pytest.raises(EmailRefused):
        engine.do(CreatePerson("Анна", email), SYSTEM)


@pytest.mark.parametrize("email", ["анна@школа.рф", "a.b+c@mail.school-1.example", "a@localhost"])
def test_an_unusual_address_is_taken(engine: Engine, email: str) -> None:
    """Cyrillic addresses and names without a dot receive letters too."""
    assert engine.do(CreatePerson("Анна", email), SYSTEM)


def test_nobody_is_nameless(engine: Engine) -> None:
    """Spaces are no name."""
    with pytest.raises(NameMissing):
        engine.do(CreatePerson("  ", "a@example.ru"), SYSTEM)


def test_only_administrators_create_people(engine: Engine, town: int, administrator: Actor) -> None:
    """An administrator does; a coordinator of the same place does not."""
    assert engine.do(CreatePerson("Новый", "new@example.ru"), administrator)
    coordinator = Actor(7, "К", (Grant(Role.COORDINATOR, town),))
    with pytest.raises(NotFound):
        engine.do(CreatePerson("Чужой", "other@example.ru"), coordinator)


# roles ------------------------------------------------------------------------------------------


def test_a_role_is_given_once(engine: Engine, town: int, administrator: Actor) -> None:
    """Giving it again is harmless and says so."""
    person = engine.do(CreatePerson("Анна", "a@example.ru"), SYSTEM)
    grant = GrantRole(person, town, Role.COORDINATOR)
    assert [True, False] == [engine.do(grant, administrator) for _ in range(2)]
    assert (Grant(Role.COORDINATOR, town),) == actor(engine, person).grants


def test_a_role_elsewhere_cannot_be_given(engine: Engine, administrator: Actor) -> None:
    """An administrator cannot make himself one of another municipality."""
    other = engine.do(CreateOrganisation("municipality", "Пелым", URAL), SYSTEM)
    with pytest.raises(NotFound):
        engine.do(GrantRole(administrator.person_id, other, Role.ADMINISTRATOR), administrator)


def test_a_role_taken_away_ends_the_sessions(
    engine: Engine, town: int, administrator: Actor
) -> None:
    """Who loses a right is signed out at once, and has it no more."""
    person = engine.do(CreatePerson("Анна", "a@example.ru"), SYSTEM)
    engine.do(GrantRole(person, town, Role.HEAD), SYSTEM)
    secret = engine.do(OpenSession(person, "192.0.2.1", "Firefox"), SYSTEM)
    revoke = RevokeRole(person, town, Role.HEAD)
    assert [True, False] == [engine.do(revoke, administrator) for _ in range(2)]
    with engine.read() as reader:
        assert session_of(reader, secret) is None
    assert () == actor(engine, person).grants


def test_who_is_kept_out_is_nobody(engine: Engine, town: int, administrator: Actor) -> None:
    """An inactive person has no session and no actor; active again, both return."""
    person = engine.do(CreatePerson("Анна", "a@example.ru"), SYSTEM)
    engine.do(GrantRole(person, town, Role.HEAD), SYSTEM)
    secret = engine.do(OpenSession(person, "192.0.2.1", "Firefox"), SYSTEM)
    engine.do(ChangeActive(person, active=False), administrator)
    with engine.read() as reader:
        assert session_of(reader, secret) is None
    with pytest.raises(NotFound):
        actor(engine, person)
    engine.do(ChangeActive(person, active=True), administrator)
    assert "Анна" == actor(engine, person).name


def test_who_works_elsewhere_too_is_not_kept_out_by_one_administrator(
    engine: Engine, town: int, administrator: Actor
) -> None:
    """Only who administers all places of a person may shut him out."""
    other = engine.do(CreateOrganisation("municipality", "Пелым", URAL), SYSTEM)
    person = engine.do(CreatePerson("Анна", "a@example.ru"), SYSTEM)
    for place in (town, other):
        engine.do(GrantRole(person, place, Role.EXPERT), SYSTEM)
    with pytest.raises(NotFound):
        engine.do(ChangeActive(person, active=False), administrator)


# the demo mark ----------------------------------------------------------------------------------


def test_a_database_with_people_never_becomes_a_demo(engine: Engine) -> None:
    """The mark that opens the door without a password is refused once anybody is in."""
    engine.do(CreatePerson("Анна", "a@example.ru"), SYSTEM)
    with pytest.raises(NotEmpty):
        engine.do(MarkAsDemo(), SYSTEM)


def test_nobody_marks_a_demo_from_the_web(engine: Engine, administrator: Actor) -> None:
    """Not even an administrator does."""
    with pytest.raises(Forbidden):
        engine.do(MarkAsDemo(), administrator)
