"""Files of a task: attached by who works at it, taken away while it is open, never another's."""

from typing import Any

import orjson
import pytest
from sqlalchemy import select

from engine.commands.attachments import MOST_FILES, AttachFile, RemoveFile
from engine.commands.handovers import ReassignTask
from engine.commands.tasks import ClaimTask, CompleteTask, SaveDraft
from engine.errors import FileKept, FileRefused, FormInvalid, NotFound, NotOpen
from engine.model.documents import Attachment
from engine.queries.files import attached, file
from tests.drawn import TWO, with_form
from tests.seen import count
from tests.town import Town

ME, OTHER = "deputy.school", "deputy2.school"
FILES: dict[str, Any] = {"type": "filepicker", "key": "files", "label": "Файлы"}
ITEMS = [{"value": "a", "label": "Положение"}]
LIST: dict[str, Any] = {"type": "evidence", "key": "list", "label": "Лист"}
FORM = {
    "id": "answer",
    "properties": {"title": "Работа"},
    "components": [FILES, {**LIST, "properties": {"items": ITEMS}}],
}


@pytest.fixture
def task(town: Town) -> int:
    """Return a task of the deputy directors whose form asks for files."""
    return town.task(town.case(town.cycle(with_form(TWO, "answer", orjson.dumps(FORM)))), "first")


def attach(town: Town, task: int, who: str = ME, content: bytes = b"%PDF") -> int:
    """Attach a file."""
    return int(town.do(AttachFile(task, "приказ.pdf", content), who))


def names(town: Town, task: int) -> list[str]:
    """Return the names of the files of a task."""
    with town.engine.read() as reader:
        return [row.name for row in attached(reader, task)]


def readable(town: Town, key: int, who: str) -> bool:
    """Tell whether somebody may read a file."""
    with town.engine.read() as reader:
        try:
            return file(reader, town.actor(who), key).content == b"%PDF"
        except NotFound:
            return False


def test_what_is_no_document_is_refused(town: Town, task: int) -> None:
    """In words, with the name; nothing is kept."""
    with pytest.raises(FileRefused, match="по содержанию это не PDF"):
        attach(town, task, content=b"MZ\x90\x00")
    assert 0 == count(town, Attachment)


def test_files_have_a_number(town: Town, task: int) -> None:
    """A slip of a script does not fill the disk."""
    for _ in range(MOST_FILES):
        town.engine.do(AttachFile(task, "а.pdf", b"%PDF"), town.actor(ME))
    with pytest.raises(FileRefused, match=f"уже {MOST_FILES}"):
        attach(town, task)


def test_a_file_is_taken_away_by_who_attached_it(town: Town, task: int) -> None:
    """A second press is harmless."""
    key = attach(town, task)
    for _ in range(2):
        town.do(RemoveFile(key, task), ME)
    assert [] == names(town, task)


def test_a_file_of_another_is_taken_away_by_the_holder_only(town: Town, task: int) -> None:
    """Two who look at one free task do not take each other's files."""
    key = attach(town, task)
    with pytest.raises(FileKept):
        town.do(RemoveFile(key, task), OTHER)
    town.do(ClaimTask(task), OTHER)
    town.do(RemoveFile(key, task), OTHER)
    assert [] == names(town, task)


@pytest.mark.parametrize("who", ["deputy.second", "teacher.school", "expert1"])
def test_strangers_take_nothing_away(town: Town, task: int, who: str) -> None:
    """To them neither the task nor its files are there."""
    key = attach(town, task)
    with pytest.raises(NotFound):
        town.do(RemoveFile(key, task), who)
    assert not readable(town, key, who)


def test_a_file_is_taken_away_through_its_own_task_only(town: Town, task: int) -> None:
    """Naming a task that one may work at opens no other."""
    key = attach(town, task)
    other = town.task(town.case(1, "second"), "first")
    town.do(RemoveFile(key, other), "deputy.second")
    assert ["приказ.pdf"] == names(town, task)


def test_what_was_sent_in_stays_whole(town: Town, task: int) -> None:
    """No file of a finished task can be taken away, by anybody."""
    key = attach(town, task)
    town.do(CompleteTask(task, {"files": [key]}), ME)
    with pytest.raises(NotOpen):
        town.do(RemoveFile(key, task), ME)


def test_a_file_goes_on_with_its_task(town: Town, task: int) -> None:
    """Who is given the task reads and sends in what was attached before him."""
    key = attach(town, task)
    town.do(SaveDraft(task, {"files": [str(key)]}), ME)
    assert not readable(town, key, OTHER)
    town.do(ReassignTask(task, town.people[OTHER], "Отпуск"), "coordinator.office")
    assert readable(town, key, OTHER)
    town.do(CompleteTask(task, {"files": [key]}), OTHER)
    assert readable(town, key, "coordinator.office")
    assert not readable(town, key, "director.second")


def test_a_foreign_file_is_refused_where_it_stands(town: Town, task: int) -> None:
    """In a row of a checklist too; nothing is sent in with it."""
    other = town.task(town.case(1, "second"), "first")
    foreign = attach(town, other, "deputy.second")
    rows = [{"item": "a", "verdict": "yes", "file": [foreign]}]
    with pytest.raises(FormInvalid) as refused:
        town.do(CompleteTask(task, {"files": [999], "list": rows}), ME)
    assert {"files", "list.0.file"} == set(refused.value.errors)
    assert {None} == {row.document_id for row in town.rows(select(Attachment.document_id))}
