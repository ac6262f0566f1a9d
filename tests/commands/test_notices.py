"""What people do with their notices, and the page of them."""

from sqlalchemy import select

from engine.commands.handovers import ReassignTask
from engine.commands.notices import ReadNotices
from engine.model.records import Notice
from engine.queries.notices import NoticeRow, notices, unread
from tests.drawn import TWO
from tests.town import Town

WHO = "deputy2.school"


def noticed(town: Town) -> int:
    """Give somebody a task; return its id."""
    task = town.task(town.case(town.cycle(TWO)), "first")
    town.do(ReassignTask(task, town.people[WHO], "Отпуск"), "coordinator.office")
    return task


def listed(town: Town, who: str) -> list[NoticeRow]:
    """Return the notices of somebody."""
    with town.engine.read() as reader:
        return list(notices(reader, town.actor(who)).notices)


def counted(town: Town, who: str) -> int:
    """Return how many are new to somebody."""
    with town.engine.read() as reader:
        return unread(reader, town.actor(who)).all


def test_a_notice_says_what_it_is_about(town: Town) -> None:
    """The task and its school, and that it still waits."""
    task = noticed(town)
    (row,) = listed(town, WHO)
    assert (task, True, False, "school", "Asia/Yekaterinburg") == (
        row.task_id,
        row.task_open,
        row.read,
        row.organisation,
        row.zone,
    )


def test_what_was_shown_is_marked_as_read(town: Town) -> None:
    """What has come since stays new."""
    noticed(town)
    assert 1 == counted(town, WHO)
    (row,) = listed(town, WHO)
    assert 0 == town.do(ReadNotices(row.id - 1), WHO)
    assert 1 == town.do(ReadNotices(row.id), WHO)
    assert (0, [True]) == (counted(town, WHO), [one.read for one in listed(town, WHO)])


def test_nobody_marks_the_notices_of_another(town: Town) -> None:
    """Nor sees them."""
    noticed(town)
    assert 0 == town.do(ReadNotices(1000), "deputy.school")
    assert [] == listed(town, "deputy.school")
    assert [None] == [row.read_at for row in town.rows(select(Notice.read_at))]
