"""What the same task was answered the year before, for the fields of a form that begin with it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from engine.model.cases import Case, Cycle
from engine.model.tasks import Submission, Task
from engine.queries.choices import Options
from engine.queries.tasks import TaskPageRow
from engine.rules.access import Role
from engine.rules.fields import Field
from engine.rules.forms import Form
from engine.rules.shown import is_blank
from engine.unit import Reader

Offered = Mapping[str, Options]

_FRESH: Final = frozenset({"date", "files", "computed"})
"""Kinds that belong to one year: the days of its papers, its files."""


def answered_before(
    reader: Reader, page: TaskPageRow, form: Form, lists: Offered, people: Offered
) -> dict[str, Any]:
    """
    Return the answers of the year before, by field; none for experts, who judge anew.

    They come from the case that this one repeats, or else from the last one of the same process
    that the school has completed. Options and people that are not on offer any more are left out.

    Args:
        reader: Of the page.
        page: The task.
        form: Its form.
        lists: What there is to choose from, by the name of a list.
        people: Whom each field may name, ``table.column`` for a column.
    """
    wanted = [one for one in form.inputs if one.prefill]
    if not wanted or page.role == Role.EXPERT:
        return {}
    before = reader.value(_before(page)) or {}
    carried = {
        one.key: _carried(one, one.key, before.get(one.key), lists, people) for one in wanted
    }
    return {key: value for key, value in carried.items() if not is_blank(value)}


def _before(page: TaskPageRow) -> Select[*tuple[Any, ...]]:
    """Select what was sent in at the same step of the case before."""
    this, that = aliased(Case), aliased(Case)
    its_cycle, that_cycle = aliased(Cycle), aliased(Cycle)
    is_repeated = that.id == func.coalesce(this.previous_id, 0)
    is_like_it = and_(
        that.status == "completed",
        that.started_at < this.started_at,
        that_cycle.definition_key == its_cycle.definition_key,
    )
    return (
        select(Submission.fields)
        .select_from(this)
        .join(its_cycle, its_cycle.id == this.cycle_id)
        .join(that, and_(that.organisation_id == this.organisation_id, that.id != this.id))
        .join(that_cycle, that_cycle.id == that.cycle_id)
        .join(Submission, Submission.case_id == that.id)
        .join(Task, Task.id == Submission.task_id)
        .where(this.id == page.case_id, or_(is_repeated, is_like_it))
        .where(Submission.element == page.element, Task.item == page.item)
        .order_by(is_repeated.desc(), that.started_at.desc(), Submission.at.desc())
        .limit(1)
    )


def _carried(one: Field, path: str, value: Any, lists: Offered, people: Offered) -> Any:
    """Return an answer as far as it may stand again, None for what may not."""
    if one.kind in _FRESH or is_blank(value):
        return None
    if one.kind == "table":
        return [row for row in (_row(one, each, lists, people) for each in value) if row]
    known = {option.value for option in one.options or lists.get(one.choices, ())}
    if one.kind in ("person", "persons"):
        known = {option.value for option in people.get(path, ())}
    elif one.kind not in ("radio", "select", "checklist", "taglist"):
        return value
    if isinstance(value, list):
        return [each for each in value if str(each) in known]
    return value if str(value) in known else None


def _row(one: Field, row: Mapping[str, Any], lists: Offered, people: Offered) -> dict[str, Any]:
    paths = {column.key: f"{one.key}.{column.key}" for column in one.columns}
    cells = {
        column.key: _carried(column, paths[column.key], row.get(column.key), lists, people)
        for column in one.columns
    }
    return {key: cell for key, cell in cells.items() if not is_blank(cell)}
