"""What may be given to a colleague, and what everybody answers for himself."""

from typing import Final

from engine.rules.access import Role

OWN_ROLES: Final = frozenset({Role.EXPERT, Role.LEAD})
"""Experts are named one by one and judge in their own name."""
OWN_SUBJECTS: Final = frozenset(
    {"declaration", "opinion", "signature", "dissent", "self_assessment"}
)
"""Forms that speak for one person whoever he is: a declaration, a vote, a signature."""


def is_own_work(role: str, subject: str) -> bool:
    """Tell whether work of a role, with a form about a subject, cannot be delegated."""
    return role in OWN_ROLES or subject in OWN_SUBJECTS
