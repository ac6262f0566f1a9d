"""People and organisations to choose from: in order, and only for whom they concern."""

import pytest

from engine import Engine
from engine.commands.doors import ChangeActive
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.model.cases import Case, Cycle
from engine.model.definitions import Definition
from engine.model.panels import PanelMember
from engine.queries.people import actor_of, organisations, people
from engine.rules.access import SYSTEM, Actor, Grant, Role

URAL = "Asia/Yekaterinburg"


def found(engine: Engine, kind: str, name: str, parent: int | None = None) -> int:
    """Found an organisation."""
    return engine.do(CreateOrganisation(kind, name, URAL, parent), SYSTEM)


def hire(engine: Engine, name: str, *places: tuple[int, Role]) -> int:
    """Create a person with roles."""
    person = engine.do(CreatePerson(name, f"{name.replace(' ', '.')}@example.ru"), SYSTEM)
    for organisation, role in places:
        engine.do(GrantRole(person, organisation, role), SYSTEM)
    return person


@pytest.fixture
def town(engine: Engine) -> int:
    """Return a municipality with an office and schools 10, 2 and Ёлочка; and another beside it."""
    town = found(engine, "municipality", "Кировград")
    office = found(engine, "office", "Управление", town)
    for name in ("СОШ № 10", "СОШ № 2", "Ёлочка"):
        found(engine, "school", name, office)
    found(engine, "school", "Чужая", found(engine, "municipality", "Пелым"))
    return town


def names(engine: Engine, actor: Actor) -> list[tuple[int, str]]:
    """Return depth and name of the organisations that an actor sees."""
    with engine.read() as reader:
        return [(row.depth, row.name) for row in organisations(reader, actor)]


def test_organisations_stand_as_a_tree_in_russian_order(engine: Engine, town: int) -> None:
    """Each below its own, ё with е, numbers by value; another municipality is not shown."""
    actor = Actor(1, "", (Grant(Role.COORDINATOR, town),))
    assert [
        (0, "Кировград"),
        (1, "Управление"),
        (2, "Ёлочка"),
        (2, "СОШ № 2"),
        (2, "СОШ № 10"),
    ] == names(engine, actor)


def test_a_school_sees_itself_only(engine: Engine, town: int) -> None:
    """What stands above or beside is not shown."""
    with engine.read() as reader:
        by_name = {row.name: row.id for row in organisations(reader, SYSTEM)}
    actor = Actor(1, "", (Grant(Role.DIRECTOR, by_name["СОШ № 2"]),))
    assert [(0, "СОШ № 2")] == names(engine, actor)


def test_the_system_sees_all_and_a_stranger_nothing(engine: Engine, town: int) -> None:
    """Seven organisations for the command line, none for somebody without a role."""
    assert 7 == len(names(engine, SYSTEM))
    assert [] == names(engine, Actor(9))


def test_people_of_a_school_and_above_are_offered(engine: Engine, town: int) -> None:
    """Namesakes are told apart by role and place; each person stands once; strangers are absent."""
    school = found(engine, "school", "СОШ № 3", town)
    beside = found(engine, "school", "СОШ № 4", town)
    hire(engine, "Яшин Олег", (school, Role.TEACHER))
    ezhova = hire(engine, "Ёжова Анна", (school, Role.DEPUTY), (town, Role.EXPERT))
    hire(engine, "Жукова Анна", (beside, Role.TEACHER))
    hire(engine, "Емцов Пётр", (town, Role.EXPERT))
    gone = hire(engine, "Абрамов Яков", (school, Role.TEACHER))
    engine.do(ChangeActive(gone, active=False), SYSTEM)
    with engine.read() as reader:
        actor = Actor(ezhova, "", (Grant(Role.DEPUTY, school),))
        shown = people(reader, actor, school)
        experts = people(reader, actor, school, (Role.EXPERT,))
    assert ["Ёжова Анна", "Емцов Пётр", "Яшин Олег"] == [row.name for row in shown]
    assert "эксперт, Кировград; заместитель директора по УВР, СОШ № 3" == shown[0].about
    assert ["Ёжова Анна", "Емцов Пётр"] == [row.name for row in experts]


def test_names_are_no_concern_of_strangers(engine: Engine, town: int) -> None:
    """Somebody from another school gets nobody; a member of the panel of the case gets the list."""
    school = found(engine, "school", "СОШ № 3", town)
    hire(engine, "Яшин Олег", (school, Role.TEACHER))
    stranger = Actor(99, "", (Grant(Role.TEACHER, school + 1), Grant(Role.EXPERT, case_id=5)))
    with engine.read() as reader:
        assert [] == people(reader, stranger, school)
        assert [] == people(reader, stranger, school, case_id=6)
        assert ["Яшин Олег"] == [row.name for row in people(reader, stranger, school, case_id=5)]


def case(engine: Engine, school: int) -> int:
    """Write the rows of a case, without running anything."""
    with engine.unit(SYSTEM) as unit:
        definition = {"key": "k", "number": 1, "hash": "0" * 64, "name": "К", "main_file": "k"}
        version = unit.insert(Definition, {**definition, "deployed_at": unit.now})
        cycle = {"organisation_id": school, "definition_key": "k", "school_year": 2026}
        opened = {**cycle, "name": "Ц", "settings": {}, "created_at": unit.now}
        row = {
            "cycle_id": unit.insert(Cycle, opened),
            "organisation_id": school,
            "definition_id": version,
            "number": 1,
            "status": "running",
            "version": 1,
            "state": b"",
            "started_at": unit.now,
        }
        return unit.insert(Case, row)


@pytest.mark.parametrize(
    ("state", "role"),
    [
        ("candidate", None),
        ("recused", None),
        ("reserve", None),
        ("withdrawn", None),
        ("member", Role.EXPERT),
        ("member", Role.LEAD),
    ],
)
def test_only_members_of_a_panel_reach_its_case(
    engine: Engine, town: int, state: str, role: Role | None
) -> None:
    """A member is an expert of that case, one of them its lead; nobody else on the list is."""
    person = hire(engine, "Ясный Пётр")
    reviewed = case(engine, town)
    seat = {"case_id": reviewed, "person_id": person, "kind": "public", "competence": "физика"}
    with engine.unit(SYSTEM) as unit:
        unit.add(
            PanelMember, {**seat, "state": state, "is_lead": role is Role.LEAD, "since": unit.now}
        )
    with engine.read() as reader:
        grants = actor_of(reader, person).grants
    assert (() if role is None else (Grant(role, case_id=reviewed),)) == grants
