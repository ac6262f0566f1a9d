"""What holds after every command of every test."""

from sqlalchemy import select

from engine import Engine
from engine.model.tasks import OPEN, Draft, Submission, Task
from engine.queries.consistency import differences
from engine.unit import Reader


def check(engine: Engine) -> None:
    """Fail when rows and states do not agree."""
    with engine.read() as reader:
        assert [] == differences(reader)
        assert [] == broken(reader)


def broken(reader: Reader) -> list[str]:
    """Return what no state knows of: reminders of ended tasks, submissions of open ones."""
    early = select(Submission.task_id).join(Task).where(Task.state == OPEN)
    late = select(Draft.task_id).join(Task).where(Task.state == 1, Draft.person_id == Task.done_by)
    return [
        *(f"task {row[0]} is open and has a submission" for row in reader.rows(early)),
        *(f"task {row[0]} is done and still has a draft of its doer" for row in reader.rows(late)),
    ]
