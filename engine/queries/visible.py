"""What an actor may see: the one condition that every query of cases begins with."""

from sqlalchemy import ColumnElement, false, or_, true

from engine.model.cases import Case
from engine.model.people import Organisation
from engine.rules.access import Actor, Right, may


def visible_to(actor: Actor, right: Right = Right.WATCH) -> ColumnElement[bool]:
    """
    Return the condition of the cases on which the actor has a right.

    Args:
        actor: Who asks.
        right: What for.

    Returns:
        For a statement that joins the case with its organisation.
    """
    if actor.is_system:
        return true()
    places = {g.organisation_id for g in actor.grants if g.organisation_id}
    seats = {g.case_id for g in actor.grants if may(actor, right, (), g.case_id)}
    below = (_below(place) for place in places if may(actor, right, (place,)))
    return or_(false(), *below, Case.id.in_(seats) if seats else false())


def _below(organisation_id: int) -> ColumnElement[bool]:
    """Return the condition of the organisation itself and all below it."""
    step = f"{organisation_id}/"
    return or_(Organisation.path.startswith(step), Organisation.path.contains(f"/{step}"))
