"""
Who may read what an expert has written.

Experts judge independently. What one of them observed and concluded is seen by himself; by the
others once every opinion is in, or once their own is and its term has passed.
"""

from typing import Final

from sqlalchemy import and_, exists, select

from engine.model.panels import PanelMember, panel_of
from engine.model.reviews import Opinion
from engine.model.tasks import Task
from engine.rules.access import Actor, Path, Right, Role, may
from engine.unit import Reader

BLIND: Final = frozenset({"opinion", "observation", "visit"})
"""Documents, and subjects of forms, that nobody else sees before their time."""
PERSONAL: Final = frozenset({"declaration"})
"""About a person: for himself, and for who answers for the panel."""
NOTES: Final = frozenset({"materials"})
"""An expert's own notes: for nobody else, ever."""


def all_in(reader: Reader, case_id: int) -> bool:
    """Tell whether every member of a panel has submitted his opinion."""
    opinion = and_(Opinion.case_id == case_id, Opinion.person_id == PanelMember.person_id)
    members = panel_of(case_id, "member")
    waiting = members.where(~exists().where(opinion))
    return reader.first(members) is not None and reader.first(waiting) is None


def may_read_others(reader: Reader, actor: Actor, case_id: int) -> bool:
    """Tell whether the opinions of others are open to the actor: invariant 1 of the cycle."""
    if all_in(reader, case_id):
        return True
    mine = (
        select(Task.due_at)
        .join(Opinion, Opinion.task_id == Task.id)
        .where(Opinion.case_id == case_id, Opinion.person_id == actor.person_id)
    )
    due_at = reader.value(mine)
    return due_at is not None and due_at < reader.now


def may_read_answers(
    reader: Reader, actor: Actor, case_id: int, path: Path, role: str, subject: str
) -> bool:
    """
    Tell whether the actor may read what another person has sent in.

    Args:
        reader: Of the page.
        actor: Who looks.
        case_id: The case.
        path: The organisation it belongs to, with all above.
        role: Whose task it was.
        subject: Of its form.
    """
    if subject in NOTES:
        return False
    if subject in PERSONAL:
        return may(actor, Right.PANEL, path)
    if subject in BLIND:
        watches = may(actor, Right.WATCH, path, case_id)
        return watches and may_read_others(reader, actor, case_id)
    return may(actor, Right.WATCH, path) or (
        role != Role.EXPERT and may(actor, Right.WATCH, path, case_id)
    )
