"""What a person chooses about how the product speaks to him: all of it his own affair."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import update

from engine.bus import Command, handles
from engine.errors import ChoiceUnknown
from engine.model.preferences import LANGUAGES, Channel, Preference
from engine.rules.channels import KINDS, NIGHT, Quiet
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Command[None]):
    """Choose the language of one's pages, by its code."""

    language: str


@handles(ChooseLanguage)
def choose_language(unit: Unit, command: ChooseLanguage) -> None:
    """
    Keep it.

    Raises:
        ChoiceUnknown: The product does not speak it.
    """
    unit.allow_anyone()
    if command.language not in LANGUAGES:
        raise ChoiceUnknown
    _keep(unit, {"language": command.language})


@dataclass(frozen=True, slots=True)
class ChooseChannels(Command[None]):
    """
    Choose the ways of one's notices by kind, and one's quiet hours.

    ``ways`` holds keys of `KINDS` with their ways; kinds that are not named stay as they are.
    """

    ways: Mapping[str, str]
    quiet: Quiet


@handles(ChooseChannels)
def choose_channels(unit: Unit, command: ChooseChannels) -> None:
    """
    Keep them.

    Raises:
        ChoiceUnknown: A kind, a way or an hour is none; nothing is kept.
    """
    unit.allow_anyone()
    _refuse_unknown(command)
    quiet = {"quiet_from": command.quiet.since, "quiet_until": command.quiet.until}
    _keep(unit, quiet)
    for kind, way in command.ways.items():
        row = {"person_id": unit.actor.person_id, "kind": kind, "way": way}
        unit.put(Channel, row)


def _refuse_unknown(command: ChooseChannels) -> None:
    offered = {(kind, str(way)) for kind, known in KINDS.items() for way in known.ways}
    hours = command.quiet.since, command.quiet.until
    if not offered >= set(command.ways.items()):
        raise ChoiceUnknown
    if hours[0] == hours[1] or not all(0 <= hour < 24 for hour in hours):
        raise ChoiceUnknown


def _keep(unit: Unit, changes: Mapping[str, object]) -> None:
    """Change the row of the actor, or write it with the defaults of what is not chosen."""
    mine = Preference.person_id == unit.actor.person_id
    if not unit.execute(update(Preference).where(mine).values(**changes)):
        night = {"quiet_from": NIGHT.since, "quiet_until": NIGHT.until}
        unit.put(Preference, {"person_id": unit.actor.person_id, **night, **changes})
