"""What stands around the form of a task: why, what for, what before and after, who can help."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.queries.colleagues import WordRow, colleagues, last_word
from engine.queries.context import Context, context
from engine.queries.documents import DocumentRow, documents_of_task
from engine.queries.extensions import ExtensionRow, extensions_of
from engine.queries.people import PersonRow
from engine.queries.tasks import TaskPageRow
from web import current
from web.desks import is_postponable
from web.talks import Talk, talk_of_task


@dataclass(frozen=True, slots=True)
class Around:
    """
    The surroundings of a task.

    ``requests`` are those for a later deadline; ``colleagues`` could do it for the reader;
    ``word`` is what a colleague said when he delegated it or gave it back; ``postponable``: a
    later deadline is asked of the director. ``papers`` are the documents that came of it.
    """

    context: Context
    talk: Talk
    requests: Sequence[ExtensionRow]
    colleagues: Sequence[PersonRow]
    word: WordRow | None
    postponable: bool
    papers: Sequence[DocumentRow] = ()

    @property
    def pending(self) -> ExtensionRow | None:
        """Return the request that waits for an answer."""
        return next((one for one in self.requests if one.state == "open"), None)

    @property
    def declined(self) -> Sequence[ExtensionRow]:
        """Return the requests that were declined; of those granted the deadline tells."""
        return [one for one in self.requests if one.state == "declined"]


def around_of(task: TaskPageRow) -> Around:
    """Return what stands around a task."""
    actor = current.actor()
    with current.engine().read() as reader:
        found = context(reader, actor, task)
        requests = extensions_of(reader, task.task_id) if task.state == "open" else ()
        could = colleagues(reader, actor, task)
        word = last_word(reader, task) if task.state == "open" else None
        done = task.state == "done"
        papers = documents_of_task(reader, actor, task.task_id) if done else ()
    talk = talk_of_task(task)
    return Around(found, talk, requests, could, word, is_postponable(task), papers)
