"""
What becomes of the lines of a list of schools and people.

Nothing here writes. A list is judged against what is known already, line by line and in order,
so that a school may stand above the people who work in it. Judging the same list again after it
was taken in finds nothing to do: a person is known by his e-mail, a school by its name where it
stands.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from engine.rules.access import ROLE_NAMES, Role
from engine.rules.names import email_of, is_address, likeness
from engine.rules.rosters import COLUMNS, Line, Sheet, role_called
from engine.rules.zones import ZONES, zone_called


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation; one that the list itself creates has a negative ``id``."""

    id: int
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    zone: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person who is there already; ``near``: whoever takes the list in may see his name."""

    id: int
    name: str
    near: bool


@dataclass(slots=True)
class Known:
    """
    What is there before a list is taken in, and grows as it is judged.

    ``places`` are those of the administrator, each below its own; ``people`` by e-mail;
    ``held`` are triples of e-mail, place and role.
    """

    places: dict[int, Place]
    people: dict[str, Somebody]
    held: set[tuple[str, int, Role]]
    named: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Of the people of the list itself: the line where an address stands first, and the name."""
    said: dict[tuple[str, ...], int] = field(default_factory=dict)
    """What lines say, with the number of the first line that says it."""

    _by_name: dict[str, list[Place]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places.values():
            self._index(place)

    def add(self, place: Place) -> None:
        """Know a place from now on."""
        self.places[place.id] = place
        self._index(place)

    def _index(self, place: Place) -> None:
        for name in {likeness(place.name), likeness(place.short_name)}:
            self._by_name.setdefault(name, []).append(place)

    def called(self, text: str, kinds: Collection[str] = ()) -> list[Place]:
        """Return the places with such a full or short name."""
        named = self._by_name.get(likeness(text), [])
        return [place for place in named if not kinds or place.kind in kinds]


# judging ----------------------------------------------------------------------------------------


class Fate(StrEnum):
    """What becomes of a line."""

    CREATE = "create"
    GRANT = "grant"
    SAME = "same"
    REPEAT = "repeat"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: found, expected, and how to mend it."""

    column: str
    found: str
    expected: str
    advice: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    A line with what becomes of it in words.

    ``place`` is where a school is created, or where the role is given; ``role`` is None for
    people without one.
    """

    line: Line
    fate: Fate
    words: str
    problems: tuple[Problem, ...] = ()
    place: Place | None = None
    role: Role | None = None


def judge(lines: Sequence[Line], known: Known) -> list[Verdict]:
    """Return the verdict on each line: schools first, since people may work in new ones."""
    schools = [_school(line, known) for line in lines if line.sheet is Sheet.SCHOOLS]
    people = [_person(line, known) for line in lines if line.sheet is Sheet.PEOPLE]
    return [*schools, *people]


def _wrong(line: Line, problems: Iterable[Problem]) -> Verdict:
    return Verdict(line, Fate.WRONG, "не принимается", tuple(problems))


def _repeated(line: Line, known: Known, *said: str) -> Verdict | None:
    """Return the verdict on a line that says what one above it has said."""
    first = known.said.setdefault((line.sheet, *said), line.number)
    if first == line.number:
        return None
    return Verdict(line, Fate.REPEAT, f"повторяет строку {first}: пропускается")


def _place(line: Line, known: Known, kinds: tuple[str, ...] = ()) -> Place | Problem:
    """Return the only place that a line names; a list of one place need not name it."""
    text, column = line.cell("place"), COLUMNS[line.sheet]["place"][0]
    if not text:
        fitting = [p for p in known.places.values() if not kinds or p.kind in kinds]
        if kinds and len(fitting) == 1:
            return fitting[0]
        return Problem(column, "пусто", "название организации", "Впишите её, как в «Организациях».")
    found = known.called(text, kinds)
    if len(found) == 1:
        return found[0]
    if not found:
        advice = "Проверьте название в «Организациях» или добавьте школу на листе «Школы»."
        return Problem(column, text, "ваша организация", advice)
    return Problem(column, text, "одна организация", "Таких несколько: впишите полное название.")


def _school(line: Line, known: Known) -> Verdict:
    name, names = line.cell("name"), COLUMNS[line.sheet]
    problems = []
    if not name:
        problems.append(Problem(names["name"][0], "пусто", "название школы", "Впишите название."))
    parent = _place(line, known, ("municipality", "office"))
    zone_text = line.cell("zone")
    zone = zone_called(zone_text)
    if zone_text and not zone:
        advice = "Впишите город пояса, как в списке, или оставьте пустым: будет пояс управления."
        problems.append(Problem(names["zone"][0], zone_text, "; ".join(ZONES.values()), advice))
    if isinstance(parent, Problem):
        problems.append(parent)
    if problems or isinstance(parent, Problem):
        return _wrong(line, problems)
    if repeated := _repeated(line, known, likeness(name), str(parent.id)):
        return repeated
    beside = (p for p in known.called(name) if p.parent_id == parent.id)
    if any(likeness(p.name) == likeness(name) for p in beside):
        return Verdict(line, Fate.SAME, "уже есть", place=parent)
    short_name = line.cell("short_name") or name
    new = Place(-line.number, name, short_name, "school", parent.id, zone or parent.zone)
    known.add(new)
    return Verdict(line, Fate.CREATE, f"новая школа, {parent.short_name}", place=new)


def _person(line: Line, known: Known) -> Verdict:
    name, email = line.cell("name"), email_of(line.cell("email"))
    problems = list(_identity(line, known, name, email))
    role_text = line.cell("role")
    role = role_called(role_text)
    place: Place | Problem | None = None
    if role_text or line.cell("place"):
        place = _place(line, known)
        if isinstance(place, Problem):
            problems.append(place)
        if role is None:
            expected = "; ".join(ROLE_NAMES.values())
            advice = "Впишите роль словом из списка."
            column = COLUMNS[line.sheet]["role"][0]
            problems.append(Problem(column, role_text or "пусто", expected, advice))
    if problems or isinstance(place, Problem):
        return _wrong(line, problems)
    known.named.setdefault(email, (line.number, name))
    if repeated := _repeated(line, known, email, str(place.id if place else 0), role or ""):
        return repeated
    return _fate(line, known, email, place, role)


def _identity(line: Line, known: Known, name: str, email: str) -> Iterator[Problem]:
    """Yield what is wrong with a name and an address."""
    names = COLUMNS[line.sheet]
    if not name:
        yield Problem(names["name"][0], "пусто", "фамилия, имя, отчество", "Впишите их.")
    if not is_address(email):
        found = email or "пусто"
        yield Problem(names["email"][0], found, "имя@школа.рф", "Исправьте адрес почты.")
        return
    first = known.named.get(email)
    if first is not None:
        if likeness(first[1]) != likeness(name):
            advice = f"Этот адрес стоит и в строке {first[0]}: у каждого человека — свой."
            expected = f"адрес, не занятый «{first[1]}»"
            yield Problem(names["email"][0], email, expected, advice)
        return
    there = known.people.get(email)
    if there is not None and likeness(there.name) != likeness(name):
        owner = f"имя «{there.name}», как в системе" if there.near else "имя, как в системе"
        advice = "Этот адрес уже у другого имени: исправьте адрес или имя."
        yield Problem(names["name"][0], name, owner, advice)


def _fate(line: Line, known: Known, email: str, place: Place | None, role: Role | None) -> Verdict:
    new = email not in known.people
    gives = place is not None and role is not None
    said = f"{ROLE_NAMES[role]}, {place.short_name}" if place and role else "без роли"
    if place and role:
        if (email, place.id, role) in known.held:
            return Verdict(line, Fate.SAME, f"уже есть: {said}", place=place, role=role)
        known.held.add((email, place.id, role))
    if new:
        known.people[email] = Somebody(0, line.cell("name"), near=True)
        return Verdict(line, Fate.CREATE, f"новый человек: {said}", place=place, role=role)
    if gives:
        return Verdict(line, Fate.GRANT, f"ещё роль: {said}", place=place, role=role)
    return Verdict(line, Fate.SAME, "уже есть")
