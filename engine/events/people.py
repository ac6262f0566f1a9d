"""What changes about people and organisations."""

from dataclasses import dataclass

from engine.events.kinds import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationCreated(Event):
    """Создана организация «{name}»."""

    organisation_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRenamed(Event):
    """Организация «{before}» теперь называется «{name}»."""

    organisation_id: int
    before: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCreated(Event):
    """Добавлен человек: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonInvited(Event):
    """Выдано приглашение: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    """Дана роль: {person}, {role}, {organisation}."""

    person_id: int
    role: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Event):
    """Снята роль: {person}, {role}, {organisation}."""

    person_id: int
    role: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorShut(Event):
    """Закрыт вход: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorOpened(Event):
    """Снова открыт вход: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRenamed(Event):
    """Изменено имя: {person}, раньше {before}."""

    person_id: int
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressChanged(Event):
    """Изменён адрес почты: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """Сменён пароль: {person}."""

    person_id: int
