"""What is armed when a case moves to another version, and what stays as it was."""

from engine.process.orders import Set
from tests.process.drawing import (
    catch,
    condition,
    cycle,
    diagram,
    handler,
    message,
    signal,
    timer,
    user,
)
from tests.process.moving import chain, moved, timed
from tests.process.playing import DAY, HOUR, NOON, Case


def test_a_new_boundary_timer_is_armed_from_now() -> None:
    """Not from when the task was opened."""
    case = Case(chain("u")).start()
    case.now += HOUR
    moved(case, timed(timer("P1D")))
    assert [NOON + HOUR + DAY] == [wait.due for wait in case.waits("timer")]


def test_a_removed_boundary_timer_is_disarmed() -> None:
    """Nothing fires any more."""
    case = Case(timed(timer("P1D"))).start()
    moved(case, chain("u"))
    assert [] == case.waiting


def test_a_changed_period_keeps_the_due_moment() -> None:
    """What was promised stays; an identical diagram changes nothing."""
    case = Case(timed(cycle("R/P1D"))).start()
    case.sleep(DAY)
    for xml in (timed(cycle("R/P7D")), timed(cycle("R/P1D"))):
        moved(case, xml)
        assert [NOON + 2 * DAY] == [wait.due for wait in case.waits("timer")]


def test_another_form_of_timer_is_another_event() -> None:
    """A single deadline that becomes a repetition is armed from now."""
    case = Case(timed(timer("P1D"))).start()
    case.now += HOUR
    moved(case, timed(cycle("R/P2D")))
    assert [(NOON + HOUR + 2 * DAY, -1)] == [(w.due, w.left) for w in case.waits("timer")]


def test_a_spent_reminder_stays_spent() -> None:
    """Nobody is reminded again because a diagram was changed."""
    case = Case(timed(timer("P1D"))).start()
    case.sleep(DAY)
    moved(case, timed(timer("P1D")).replace(b'name="r"', b'name="mail"'))
    assert [] == case.waiting


def test_a_renamed_event_keeps_its_moment() -> None:
    """The mapping names events as well as tasks."""
    case = Case(timed(timer("P1D"))).start()
    case.now += HOUR
    moved(case, timed(timer("P1D"), "late"), {"b": "late"})
    assert [("late", NOON + DAY)] == [(w.at, w.due) for w in case.waits("timer")]


def test_correlation_keys_are_those_of_the_new_version() -> None:
    """The case listens with the values that the new diagram names."""

    def drawn(path: str) -> bytes:
        key = (
            '<message id="order" name="order"/><correlationProperty id="cp" name="school">'
            '<correlationPropertyRetrievalExpression messageRef="order">'
            f"<messagePath>{path}</messagePath>"
            "</correlationPropertyRetrievalExpression></correlationProperty>"
        )
        xml = diagram(catch("c", message("order")), chain="start > c > end")
        return xml.replace(b"<process ", key.encode() + b"<process ", 1)

    case = Case(drawn("school")).start(school="17", number="0042")
    assert [["17"]] == [wait.keys for wait in case.waits("message")]
    moved(case, drawn("number"))
    assert [["0042"]] == [wait.keys for wait in case.waits("message")]


def test_an_event_sub_process_is_added_and_removed() -> None:
    """Armed from now, disarmed at once."""
    with_handler = diagram(user("u"), handler("h", message()), chain="start > u > end")
    case = Case(chain("u")).start()
    moved(case, with_handler)
    assert ["on_h"] == case.waiting
    moved(case, chain("u"))
    assert [] == case.waiting


def test_an_interrupted_scope_is_not_armed_again() -> None:
    """While its handler works it starts no other one."""
    parts = (user("u"), handler("h", message(), user("h_h")))
    case = Case(diagram(*parts, chain="start > u > end")).start()
    case.deliver("on_h")
    moved(case, diagram(*parts, handler("k", signal()), chain="start > u > end"))
    assert ([], ["h_h"]) == (case.waiting, case.open)


def test_a_condition_that_holds_in_the_new_version_fires_at_once() -> None:
    """The agenda runs once; the host hears of it."""
    case = Case(timed(condition("x > 5"), interrupting=True)).start(x=3)
    moved(case, timed(condition("x > 1"), interrupting=True))
    assert (["r"], "completed") == (case.trace, case.status)
    assert [("close", "u"), ("ended", "p")] == case.kinds()


def test_a_suspended_case_moves_and_rests() -> None:
    """It acts when it is resumed."""
    case = Case(timed(condition("x > 5"), interrupting=True)).start(x=3)
    case.do(Set("suspended"))
    moved(case, timed(condition("x > 1"), interrupting=True))
    assert [] == case.trace
    case.do(Set("running"))
    assert ["r"] == case.trace
