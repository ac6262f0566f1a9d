"""Who may show a filter of his to all who hold a role in his organisation."""

from typing import Final

from engine.rules.access import Actor, Role

SHARING: Final = frozenset({Role.COORDINATOR, Role.HEAD, Role.ADMINISTRATOR})


def shareable(actor: Actor) -> tuple[int, ...]:
    """Return the organisations with which the actor may share, each once."""
    grants = actor.grants
    places = (g.organisation_id for g in grants if g.organisation_id and g.role in SHARING)
    return tuple(dict.fromkeys(places))
