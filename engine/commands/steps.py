"""
Let a case take one step.

Every command that moves a case does it here: the row is locked, a pure function makes the new
state, and `carry_out` writes the difference in the same transaction.
"""

from engine.commands.carry_out import carry_out
from engine.commands.locked import LockedCase
from engine.model.base import to_ms
from engine.process.orders import Command
from engine.process.step import step
from engine.unit import Unit


def advance(unit: Unit, case: LockedCase, order: Command, spent: int = 0) -> None:
    """
    Take a locked case one step on.

    Args:
        unit: The transaction of the command.
        case: From `lock_case` or `lock_task`; stands at its new state afterwards.
        order: What has happened.
        spent: The wait whose timer row the caller has taken already.

    Raises:
        NotOpen: The token or wait is gone.
        CaseNotRunning: The case is not in a status that takes this.
        Fault: The case cannot go on as it is drawn.
        Stale: Somebody else has written the case meanwhile.
    """
    language = case.language(unit.now)
    after, effects = step(case.process.definition, case.state, order, to_ms(unit.now), language)
    carry_out(unit, case, after, effects, language, spent)
