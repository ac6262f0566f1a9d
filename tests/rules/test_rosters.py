"""Lists of schools and people: what their lines say, and what becomes of them."""

import pytest

from engine.rules.access import Role
from engine.rules.rosters import Line, Sheet, lines_of, role_called
from engine.rules.verdicts import Fate, Known, Place, Somebody, Verdict, judge
from engine.rules.zones import zone_called

HEAD = ["ФИО", "Почта", "Роль", "Организация"]


def known() -> Known:
    """Return an office with two schools, one of them known by a short name, and a director."""
    places = [
        Place(1, "Управление", "УО", "office", None, "Asia/Omsk"),
        Place(2, "Школа № 2 имени Попова", "СОШ № 2", "school", 1, "Asia/Omsk"),
        Place(3, "Лицей", "Лицей", "school", 1, "Asia/Omsk"),
    ]
    people = {
        "dir@x.example": Somebody(7, "Ёлкин Пётр", near=True),
        "far@x.example": Somebody(8, "Дальний Олег", near=False),
    }
    held = {("dir@x.example", 2, Role.DIRECTOR)}
    return Known({place.id: place for place in places}, people, held)


def person(number: int = 2, /, **cells: str) -> Line:
    """Return a line about a new deputy, or about what is said instead."""
    usual = {"name": "Новая Анна", "email": "a@x.example", "role": "завуч", "place": "Лицей"}
    return Line(Sheet.PEOPLE, number, {**usual, **cells})


def school(number: int = 2, /, **cells: str) -> Line:
    """Return a line about a new school."""
    return Line(Sheet.SCHOOLS, number, {"name": "СОШ № 5", **cells})


def one(line: Line) -> Verdict:
    """Return the verdict on one line."""
    (verdict,) = judge([line], known())
    return verdict


# reading ----------------------------------------------------------------------------------------


def test_lines_are_found_below_their_headings() -> None:
    """A title above is skipped, empty lines too; numbers are those that Excel shows."""
    rows = [["Список на 2026 год"], [], HEAD, ["А", "a@x", "", ""], ["", ""], ["Б", "b@x"]]
    lines = lines_of(rows)
    assert lines is not None
    assert [(4, "А"), (6, "Б")] == [(line.number, line.cell("name")) for line in lines]


@pytest.mark.parametrize(
    ("head", "sheet"),
    [
        (["электронная ПОЧТА ", "Фамилия, имя, отчество*"], Sheet.PEOPLE),
        (["Наименование", "Учредитель"], Sheet.SCHOOLS),
        (["Название"], Sheet.SCHOOLS),
    ],
)
def test_headings_may_be_called_otherwise(head: list[str], sheet: Sheet) -> None:
    """In any order and case; the words that people use."""
    lines = lines_of([head, ["x", "y"]])
    assert lines is not None
    assert {sheet} == {line.sheet for line in lines}


@pytest.mark.parametrize("rows", [[], [["a", "b"]], [["Роль", "Организация"], ["x", "y"]]])
def test_a_sheet_without_our_headings_is_none_of_ours(rows: list[list[str]]) -> None:
    """A page of notes beside the list does not matter."""
    assert lines_of(rows) is None


# people -----------------------------------------------------------------------------------------


def test_a_new_person_gets_the_role() -> None:
    """By the word that people use for it, at the place by its short name."""
    verdict = one(person(place="сош №  2"))
    assert (Fate.CREATE, Role.DEPUTY, 2) == (
        verdict.fate,
        verdict.role,
        verdict.place and verdict.place.id,
    )
    assert "новый человек: заместитель директора по УВР, СОШ № 2" == verdict.words


def test_who_is_there_gets_another_role_or_nothing() -> None:
    """Known by the address; ё and capitals make no other name."""
    again = {"name": "ЕЛКИН Петр", "email": "DIR@x.example"}
    assert Fate.GRANT is one(person(**again)).fate
    assert Fate.SAME is one(person(**again, role="директор", place="СОШ № 2")).fate


def test_a_person_may_come_without_a_role() -> None:
    """The role is given later."""
    assert Fate.CREATE is one(person(role="", place="")).fate


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "ФИО"),
        ({"email": "нет"}, "Почта"),
        ({"email": ""}, "Почта"),
        ({"email": "a@x.example, b@x.example"}, "Почта"),
        ({"role": "король"}, "Роль"),
        ({"role": ""}, "Роль"),
        ({"place": ""}, "Организация"),
        ({"place": "Чужая школа"}, "Организация"),
        ({"name": "Другое Имя", "email": "dir@x.example"}, "ФИО"),
        ({"name": "=1+1", "email": "=cmd|' /C calc'!A0"}, "Почта"),
    ],
)
def test_a_wrong_cell_is_told_with_the_way_out(cells: dict[str, str], column: str) -> None:
    """What was found, what was expected, and how to mend it."""
    verdict = one(person(**cells))
    assert Fate.WRONG is verdict.fate
    (problem,) = verdict.problems
    assert column == problem.column
    assert all((problem.found, problem.expected, problem.advice))


def test_the_name_of_somebody_elsewhere_is_not_told() -> None:
    """That the address is taken, but not by whom."""
    (problem,) = one(person(email="far@x.example")).problems
    assert "Дальний" not in f"{problem.expected}{problem.advice}"


def test_a_line_that_repeats_another_is_passed_over() -> None:
    """Told with the number of the first one; another role of the same person is no repetition."""
    lines = [person(2), person(3, email="A@X.example "), person(4, role="учитель")]
    assert [Fate.CREATE, Fate.REPEAT, Fate.GRANT] == [v.fate for v in judge(lines, known())]
    assert "строку 2" in judge(lines, known())[1].words


def test_one_address_is_one_person() -> None:
    """Two names under one address are told, with the line of the first."""
    first, second = judge([person(2), person(3, name="Иная Вера")], known())
    assert (Fate.CREATE, Fate.WRONG) == (first.fate, second.fate)
    (problem,) = second.problems
    assert "Этот адрес стоит и в строке 2" in problem.advice


# schools ----------------------------------------------------------------------------------------


def test_a_new_school_stands_below_the_only_office() -> None:
    """With the zone of the office, unless a city is named."""
    assert "Asia/Omsk" == (one(school()).place or known().places[2]).zone
    named = one(school(zone="екатеринбург", place="УО")).place
    assert named is not None
    assert ("Asia/Yekaterinburg", 1) == (named.zone, named.parent_id)


def test_people_may_work_in_a_school_of_the_same_list() -> None:
    """Wherever its line stands."""
    lines = [person(2, place="СОШ № 5"), school(2)]
    assert {Fate.CREATE} == {verdict.fate for verdict in judge(lines, known())}


@pytest.mark.parametrize("cells", [{"name": ""}, {"zone": "Марс"}, {"place": "Лицей"}])
def test_a_wrong_school_is_told(cells: dict[str, str]) -> None:
    """Without a name, in no zone, or inside another school."""
    assert Fate.WRONG is one(school(**cells)).fate


def test_a_school_is_known_by_its_name_where_it_stands() -> None:
    """There already, or twice in the list."""
    assert Fate.SAME is one(school(name="Лицей")).fate
    assert [Fate.CREATE, Fate.REPEAT] == [v.fate for v in judge([school(2), school(3)], known())]


def test_of_two_places_of_one_name_neither_is_guessed() -> None:
    """The full name tells them apart."""
    told = known()
    told.add(Place(4, "Лицей имени Гагарина", "Лицей", "school", 1, "Asia/Omsk"))
    by_short, by_full = judge([person(2), person(3, place="Лицей имени Гагарина")], told)
    assert (Fate.WRONG, Fate.CREATE) == (by_short.fate, by_full.fate)


# words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("ЗАВУЧ", Role.DEPUTY),
        ("  директор ", Role.DIRECTOR),
        ("Начальник управления образования", Role.HEAD),
        ("", None),
        ("deputy", None),
    ],
)
def test_roles_are_called_as_people_call_them(text: str, role: Role | None) -> None:
    """By the names of the product and some others."""
    assert role is role_called(text)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Омск", "Asia/Omsk"),
        ("Москва (МСК)", "Europe/Moscow"),
        ("asia/omsk", "Asia/Omsk"),
        ("", ""),
    ],
)
def test_zones_are_called_by_their_cities(text: str, zone: str) -> None:
    """Or by the name of the list, or as computers do."""
    assert zone == zone_called(text)
