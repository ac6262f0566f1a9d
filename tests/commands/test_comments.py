"""What people write about a case or a task: who reads it, whom it calls."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.clock import FrozenClock
from engine.commands.comments import AddComment
from engine.commands.handovers import ReassignTask
from engine.commands.people import CreatePerson, GrantRole
from engine.errors import (
    CommentEmpty,
    CommentLong,
    CommentsTooOften,
    EngineError,
    Forbidden,
    NotFound,
)
from engine.model.cases import Case
from engine.model.comments import Comment, Mention
from engine.model.records import Notice
from engine.process.load import Bundle
from engine.queries.comments import (
    callable_in,
    comments,
    thread_of_case,
    thread_of_task,
)
from engine.queries.history import timeline
from engine.queries.tasks import task_page
from engine.rules.access import SYSTEM, Role
from engine.rules.comments import LONGEST, MOST
from tests.drawn import TWO, flows, panel, person_task, process, with_form, with_subject
from tests.town import Town

DEPUTY, DIRECTOR, COORDINATOR = "deputy.school", "director.school", "coordinator.office"
HOSTILE = "<script>alert(1)</script> & «кавычки»"


@pytest.fixture
def case(town: Town) -> int:
    """Return a case whose first task is the deputy's."""
    return town.case(town.cycle(TWO))


def judged() -> Bundle:
    """Return a process in which experts conclude side by side."""
    judge = person_task("judge", role="expert", performer="who", inner=panel("experts", "who"))
    drawing = process("judged", judge, flows("start", "judge", "end"))
    return with_form(
        drawing, "answer", with_subject("opinion").replace(b'"routes": true', b'"routes": true')
    )


@pytest.fixture
def opinion(town: Town) -> int:
    """Return the task of the first of two experts to write an opinion."""
    experts = [town.people["expert1"], town.people["expert2"]]
    case = town.case(town.cycle(judged()), experts=experts)
    return int(town.open_tasks(case, "judge")[0].id)


def say(town: Town, case: int, task: int | None, who: str, text: str, *to: str) -> int:
    """Let somebody write."""
    called = tuple(town.people[one] for one in to)
    return int(town.do(AddComment(case, task, text, called), who))


def read(town: Town, case: int, who: str) -> list[str]:
    """Return the comments of a case as somebody reads them."""
    with town.engine.read() as reader:
        return [row.text for row in comments(reader, town.actor(who), case)]


def called(town: Town) -> set[str]:
    """Return who was called by any comment."""
    names = {key: who for who, key in town.people.items()}
    return {names[row.person_id] for row in town.rows(select(Mention.person_id))}


def told(town: Town, who: str, kind: str = "mention") -> list[str]:
    """Return what the notices of a person say."""
    mine = select(Notice.sentence).where(Notice.person_id == town.people[who], Notice.kind == kind)
    return [row.sentence for row in town.rows(mine.order_by(Notice.id))]


# writing ----------------------------------------------------------------------------------------


def test_a_comment_is_kept_as_it_was_written(town: Town, case: int) -> None:
    """Text stays text; signs that nobody sees and empty lines in plenty go."""
    say(town, case, None, DEPUTY, f"  {HOSTILE}\r\n\n\n\n\u202eвторая\u200b строка\0  ")
    assert [f"{HOSTILE}\n\nвторая строка"] == read(town, case, DIRECTOR)


@pytest.mark.parametrize("text", ["", " \n\u200b "])
def test_an_empty_comment_is_refused(town: Town, case: int, text: str) -> None:
    """There is nothing to read."""
    with pytest.raises(CommentEmpty):
        say(town, case, None, DEPUTY, text)


def test_a_comment_has_a_bound(town: Town, case: int) -> None:
    """The last letter that fits, and the first that does not."""
    say(town, case, None, DEPUTY, "ж" * LONGEST)
    with pytest.raises(CommentLong, match=str(LONGEST)):
        say(town, case, None, DEPUTY, "ж" * (LONGEST + 1))


def test_nobody_floods_a_case(town: Town, case: int, clock: FrozenClock) -> None:
    """After many comments within minutes one waits; then one goes on."""
    for number in range(MOST):
        town.engine.do(AddComment(case, None, f"{number}"), town.actor(DEPUTY))
    with pytest.raises(CommentsTooOften):
        say(town, case, None, DEPUTY, "ещё")
    say(town, case, None, DIRECTOR, "ещё")
    clock.advance(timedelta(minutes=11))
    say(town, case, None, DEPUTY, "ещё")


def test_the_same_words_at_once_are_a_double_click(
    town: Town, case: int, clock: FrozenClock
) -> None:
    """They are one comment; later they are said again."""
    assert say(town, case, None, DEPUTY, "Готово") == say(town, case, None, DEPUTY, "Готово")
    clock.advance(timedelta(minutes=2))
    say(town, case, None, DEPUTY, "Готово")
    assert 2 == town.value(select(func.count()).select_from(Comment))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("teacher.school", NotFound), ("deputy.second", NotFound), ("expert1", NotFound)],
)
def test_who_does_not_see_the_case_does_not_write(
    town: Town, case: int, who: str, refusal: type[EngineError]
) -> None:
    """Neither about the case nor about a task of others, and reads nothing."""
    say(town, case, None, DEPUTY, "Готово")
    for task in (None, town.task(case, "first")):
        with pytest.raises(refusal):
            say(town, case, task, who, "Ну что?")
    assert [] == read(town, case, who)


def test_a_task_belongs_to_its_case(town: Town, case: int) -> None:
    """The task of another case is not found under this one."""
    other = town.case(town.value(select(Case.cycle_id)), "second")
    with pytest.raises(NotFound):
        say(town, case, town.task(other, "first"), COORDINATOR, "Где?")


# calling ----------------------------------------------------------------------------------------


def test_a_name_after_the_sign_calls_its_person(town: Town, case: int) -> None:
    """A notice with the words and the school; the link leads to the task."""
    task = town.task(case, "first")
    say(town, case, task, DEPUTY, "@Некто coordinator.office, можно до пятницы?")
    assert {COORDINATOR} == called(town)
    (words,) = told(town, COORDINATOR)
    assert "Некто deputy.school обращается к вам, задача «Задача first» (school): «@Некто" in words
    assert task == town.value(select(Notice.task_id).where(Notice.kind == "mention"))


def test_one_may_choose_whom_to_call(town: Town, case: int) -> None:
    """From a list, without the sign; not oneself, and nobody who does not read it."""
    say(town, case, None, DEPUTY, "Посмотрите", DIRECTOR, DEPUTY, "teacher.school", "expert1")
    assert {DIRECTOR} == called(town)
    assert 1 == len(told(town, DIRECTOR))
    assert [] == told(town, "teacher.school")


def test_a_surname_will_do(town: Town, case: int) -> None:
    """Whatever its letters; namesakes are both meant."""
    for name, mail in (("Жёлудева Анна", "a"), ("Желудева Вера", "v"), ("Королёва Ия", "k")):
        person = town.engine.do(CreatePerson(name, f"{mail}@town.example"), SYSTEM)
        town.engine.do(GrantRole(person, town.organisations["school"], Role.DEPUTY), SYSTEM)
        town.people[mail] = person
    say(town, case, None, DIRECTOR, "@желудева посмотрите; почта x@Королёва.рф не вызов")
    assert {"a", "v"} == called(town)
    say(town, case, None, DIRECTOR, "@Королева Ия, и вы")
    assert {"a", "v", "k"} == called(town)


def test_the_holder_learns_what_is_written_about_his_task(town: Town, case: int) -> None:
    """Also uncalled; of what he writes himself he is not told."""
    task = town.claim(case, "first", DEPUTY)
    say(town, case, task, COORDINATOR, "Не хватает протокола")
    assert "пишет о вашей задаче" in told(town, DEPUTY, "comment")[0]
    say(town, case, task, DEPUTY, "Добавлю")
    assert 1 == len(told(town, DEPUTY, "comment"))


def test_who_can_be_called_is_who_reads(town: Town, case: int) -> None:
    """School and office with their roles, not oneself, not teachers, nobody from elsewhere."""
    actor = town.actor(DEPUTY)
    with town.engine.read() as reader:
        page = task_page(reader, actor, town.task(case, "first"))
        offered = callable_in(reader, actor, thread_of_case(case, page.path))
        assert offered == callable_in(reader, actor, thread_of_task(page))
    names = {row.name.removeprefix("Некто ") for row in offered}
    watching = {"director", "administration", "secretary", "deputy2"}
    assert {*(f"{who}.school" for who in watching), COORDINATOR, "head.office"} == names
    assert ["Некто coordinator.office"] == [row.name for row in offered if row.steers]


# the history ------------------------------------------------------------------------------------


def test_the_history_mentions_a_comment_in_one_line(town: Town, case: int) -> None:
    """Who and about what; the words stand beside, not in the journal."""
    say(town, case, town.task(case, "first"), DEPUTY, "Секрет")
    say(town, case, None, DIRECTOR, "Секрет")
    with town.engine.read() as reader:
        lines = [row.sentence for row in timeline(reader, town.actor(DEPUTY), case)][:2]
    assert [
        "Оставлен комментарий к делу.",
        "Оставлен комментарий к задаче «Задача first».",
    ] == lines


# blindness --------------------------------------------------------------------------------------


def test_an_expert_talks_about_his_opinion_with_the_coordinator_only(
    town: Town, opinion: int
) -> None:
    """Neither the school nor his colleagues read it, and nobody of them can write there."""
    case = opinion // 1_000_000
    say(town, case, opinion, "expert1", "Ставить ли ноль?", COORDINATOR, DIRECTOR, "expert2")
    assert {COORDINATOR} == called(town)
    say(town, case, opinion, COORDINATOR, "Ставьте")
    for who in ("expert1", COORDINATOR, "head.office"):
        assert ["Ставить ли ноль?", "Ставьте"] == read(town, case, who)
    for who in (DIRECTOR, DEPUTY, "expert2"):
        assert [] == read(town, case, who)
    with pytest.raises(Forbidden):
        say(town, case, opinion, DIRECTOR, "И я")
    with pytest.raises(NotFound):
        say(town, case, opinion, "expert2", "И я")


def test_an_expert_finds_no_other_expert_to_call(town: Town, opinion: int) -> None:
    """The list holds who steers the case, nobody else."""
    actor = town.actor("expert1")
    with town.engine.read() as reader:
        offered = callable_in(reader, actor, thread_of_task(task_page(reader, actor, opinion)))
    assert {"Некто coordinator.office", "Некто head.office"} == {row.name for row in offered}


def test_who_replaces_an_expert_does_not_read_what_he_thought(
    town: Town, opinion: int, clock: FrozenClock
) -> None:
    """Nor does he who was replaced read on; the coordinator reads all of it."""
    case = opinion // 1_000_000
    say(town, case, opinion, "expert1", "Ставить ли ноль?")
    clock.advance(timedelta(minutes=1))
    town.do(ReassignTask(opinion, town.people["expert3"], "Болезнь"), COORDINATOR)
    say(town, case, opinion, COORDINATOR, "Начните с документов")
    assert [] == read(town, case, "expert1")
    assert ["Начните с документов"] == read(town, case, "expert3")
    assert ["Ставить ли ноль?", "Начните с документов"] == read(town, case, COORDINATOR)
