"""What may be left out: a task whose answers nothing else stands on."""

from typing import Final

from engine.rules.forms import Form

DISPENSABLE: Final = frozenset(
    {"achievements", "materials", "publication", "staff_request", "staff_training"}
)
"""Subjects of forms whose rows no later task, document or decision reads."""


def why_needed(form: Form | None) -> str:
    """
    Return why a case cannot do without the answers to a form, in Russian; empty when it can.

    A field that the process routes by and that must be filled in is a decision: nobody else may
    take it by leaving the task out. One that may be left blank counts as left blank.
    """
    if form is None:
        return ""
    decided = [one.label for one in form.inputs if one.routes and one.required]
    if decided:
        return f"по ответу «{decided[0]}» схема решает, куда идти дальше"
    if form.subject and form.subject not in DISPENSABLE:
        return "её ответы нужны следующим задачам и документам дела"
    return ""
