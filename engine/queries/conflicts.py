"""What the system itself knows of a candidate's conflicts of interest with a school."""

from engine.model.people import posts_of
from engine.queries.tasks import TaskPageRow
from engine.rules.conflicts import Known, Post, known_conflicts
from engine.unit import Reader


def conflicts(reader: Reader, page: TaskPageRow) -> Known:
    """Return the posts that bar the candidate of an open task, by the ground they are."""
    person = page.names.get("candidate", page.names.get("replacement"))
    if person is None:
        return {}
    posts = [Post(*row) for row in reader.rows(posts_of(int(person)))]
    return known_conflicts(posts, page.path, reader.now)
