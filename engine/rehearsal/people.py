"""Invented people and organisations: who they are, and how they come into a database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from engine.bus import Engine
from engine.commands.people import CreateOrganisation, CreatePerson, GrantRole
from engine.rules.access import SYSTEM, Role


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SURNAMES = _words(
    "Абросимов Белозёров Вершинин Горелов Дубравин Ерёмин Жаворонков Заречнев Ильин Калинин "
    "Лаптев Мещеряков Незнамов Орешкин Перелесов Родников Северин Тихомиров Уваров Филин "
    "Хворостов Цветков Чистяков Шорохов Щукин Юрасов Ясенев Берёзкин Воробьёв Гречихин Ельников "
    "Звонарёв Кленов Ледков Малинин Осинин Полянин Рябинин Снегов Травин"
)
_WOMEN = _words(
    "Анна Мария Елена Ольга Наталья Светлана Ирина Татьяна Людмила Галина Вера Надежда Любовь "
    "Алёна Дарья Ксения Зоя Раиса"
)
_MEN = _words(
    "Алексей Борис Виктор Глеб Дмитрий Егор Иван Кирилл Леонид Максим Николай Олег Пётр Роман "
    "Семён Тимофей Фёдор Юрий"
)
_FATHERS = _words(
    "Андрее Борисо Викторо Глебо Денисо Егоро Ивано Кирилло Леонидо Максимо Николае Олего Петро "
    "Романо Семёно Тимофее Фёдоро Юрье"
)
_WOMEN_SHARE = 0.75
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        _words("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch _ y _ e yu ya"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation to be founded; ``above`` is the key of the one it stands below."""

    key: str
    kind: str
    name: str
    short_name: str
    zone: str
    above: str = ""
    staff: Mapping[Role, int] | None = None


SCHOOL_STAFF: Mapping[Role, int] = {
    Role.DIRECTOR: 1,
    Role.DEPUTY: 1,
    Role.ADMINISTRATION: 1,
    Role.SECRETARY: 1,
    Role.TEACHER: 4,
}
OFFICE_STAFF: Mapping[Role, int] = {Role.COORDINATOR: 1, Role.HEAD: 1, Role.EXPERT: 9}
TOP_STAFF: Mapping[Role, int] = {Role.ADMINISTRATOR: 1}


def invented(random: Random) -> Iterator[str]:
    """Yield full names, no surname twice with the same initials; every one is made up."""
    seen: set[tuple[str, str, str]] = set()
    while True:
        woman = random.random() < _WOMEN_SHARE
        surname, father = random.choice(_SURNAMES), random.choice(_FATHERS)
        first = random.choice(_WOMEN if woman else _MEN)
        initials = (surname, first[0], father[0])
        if initials not in seen:
            seen.add(initials)
            yield f"{surname}{'а' * woman} {first} {father}{'вна' if woman else 'вич'}"


def mailbox(name: str, place: str) -> str:
    """Return an address for an invented person, in a domain that nobody owns (RFC 2606)."""
    surname, first, father = (part.lower() for part in name.split())
    latin = "".join(_LATIN[letter] for letter in f"{surname}{first[0]}{father[0]}")
    return f"{latin.replace('_', '')}@{place}.example"


def settle(engine: Engine, places: Sequence[Place], random: Random) -> dict[str, int]:
    """Found organisations and fill them with people, as the system; return their ids by key."""
    organisations: dict[str, int] = {}
    names = invented(random)
    for place in places:
        above = organisations.get(place.above)
        founding = CreateOrganisation(place.kind, place.name, place.zone, above, place.short_name)
        organisations[place.key] = engine.do(founding, SYSTEM)
        for role, wanted in (place.staff or {}).items():
            for _ in range(wanted):
                name = next(names)
                person = engine.do(CreatePerson(name, mailbox(name, place.key)), SYSTEM)
                engine.do(GrantRole(person, organisations[place.key], role), SYSTEM)
    return organisations
