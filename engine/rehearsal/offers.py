"""What the page of a task offers, for who fills it in without a page."""

from engine.queries.choices import choices, people
from engine.queries.proposals import proposed
from engine.queries.tasks import TaskPageRow
from engine.rehearsal.answers import Offer
from engine.unit import Reader


def offer(reader: Reader, page: TaskPageRow) -> Offer:
    """Return what the form of a task begins with, and the lists that it offers."""
    if page.form is None:
        return Offer()
    lists = choices(reader, page, page.form)
    named = people(reader, page, page.form)
    return Offer(
        people={key: [int(option.value) for option in found] for key, found in named.items()},
        lists={key: [option.value for option in found] for key, found in lists.items()},
        begun=proposed(reader, page, page.form, lists),
    )
