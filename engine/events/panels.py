"""What changes in a panel by hand."""

from dataclasses import dataclass

from engine.events.kinds import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertAdded(Event):
    """В экспертную группу включён эксперт: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertWithdrawn(Event):
    """Из экспертной группы выведен эксперт: {person}. Причина: {reason}."""

    person_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAppointed(Event):
    """Руководителем экспертной группы назначен эксперт: {person}."""

    person_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintMade(Event):
    """Поступило обращение о независимости эксперта: {person}."""

    person_id: int
    complaint_id: int
