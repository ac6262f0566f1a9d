"""Who composes the text of a document, by what its form is about."""

from collections.abc import Callable, Mapping
from typing import Final

from engine.papers import councils, orders, reviews
from engine.papers.bodies import Body
from engine.papers.said import Said

COMPOSERS: Final[Mapping[str, Callable[[Said], Body]]] = {
    "order": orders.review,
    "team": orders.team,
    "year_plan_order": orders.year_plan,
    "plan_order": orders.plan,
    "own_plan_order": orders.own_plan,
    "decision": orders.decision,
    "agenda": councils.agenda,
    "council": councils.council,
    "staff_training": councils.training,
    "reconciliation": councils.reconciliation,
    "request": councils.request,
    "staff_request": councils.staff_request,
    "declaration": reviews.declaration,
    "programme": reviews.programme,
    "visit": reviews.observation,
    "opinion": reviews.opinion,
    "dissent": reviews.dissent,
    "signature": reviews.dissent,
    "conclusion": reviews.conclusion,
    "control_conclusion": reviews.control_conclusion,
    "control_sheet": reviews.control,
    "measures": reviews.plan,
    "adjustment": reviews.plan,
    "own_measures": reviews.plan,
    "goals": reviews.goals,
}


def body_of(said: Said) -> Body:
    """Return the text of a document; a subject that nobody composes is printed field by field."""
    composer = COMPOSERS.get(said.form.subject)
    return composer(said) if composer else Body(said.blocks())
