"""ISO 8601 dates, durations and repetitions, in milliseconds UTC."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TimerRefused
from engine.process import timing

SECOND = 1_000
DAY = 86_400 * SECOND


def at(text: str) -> int:
    """Return a moment for comparison, read by the standard library."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-09-01T09:00:00Z", "2025-09-01T09:00:00+00:00"),
        ("2025-09-01T09:00:00+03:00", "2025-09-01T06:00:00+00:00"),
        ("2025-09-01T09:00+12:00", "2025-08-31T21:00:00+00:00"),
        ("1960-01-01T00:00:00.250Z", "1960-01-01T00:00:00.250+00:00"),
    ],
)
def test_a_moment_counts_from_utc(text: str, expected: str) -> None:
    """A date with an offset is one moment, to the millisecond, wherever it is read."""
    assert at(expected) == timing.moment(text)


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        ("2025-01-31T09:00:00Z", "P1M", "2025-02-28T09:00:00Z"),
        ("2024-01-31T09:00:00Z", "P1M", "2024-02-29T09:00:00Z"),
        ("2024-02-29T09:00:00Z", "P1Y", "2025-02-28T09:00:00Z"),
        ("2025-11-30T00:00:00Z", "P3M", "2026-02-28T00:00:00Z"),
        ("2025-12-01T00:00:00Z", "P1M", "2026-01-01T00:00:00Z"),
        ("2025-01-01T00:00:00Z", "P1Y2M3W4DT5H6M7S", "2026-03-26T05:06:07Z"),
        ("2025-01-01T00:00:00Z", "P2W", "2025-01-15T00:00:00Z"),
        ("2025-01-01T00:00:00Z", "PT36H", "2025-01-02T12:00:00Z"),
        ("2025-01-01T00:00:00Z", "PT0.5S", "2025-01-01T00:00:00.500Z"),
        ("2025-01-01T00:00:00Z", "PT1,25S", "2025-01-01T00:00:01.250Z"),
    ],
)
def test_months_go_by_the_calendar(start: str, duration: str, expected: str) -> None:
    """A month after the last day of January is the last day of February."""
    assert at(expected) == timing.add(timing.moment(start), duration)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2025-09-01T09:00:00", "смещение от UTC"),
        ("2025-09-01", "смещение от UTC"),
        ("next tuesday", "это не дата"),
        ("", "это не дата"),
        ("2025-13-01T00:00:00Z", "это не дата"),
        ("9" * 10_000, "это не дата"),
    ],
)
def test_a_date_without_offset_is_refused(text: str, why: str) -> None:
    """A naive date would mean whatever the server's clock means."""
    with pytest.raises(TimerRefused, match=why):
        timing.moment(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("P0D", "больше нуля"),
        ("PT0S", "больше нуля"),
        ("PT0.0001S", "больше нуля"),
        ("P", "не длительность"),
        ("PT", "не длительность"),
        ("P1DT", "не длительность"),
        ("-P1D", "не длительность"),
        ("P-1D", "не длительность"),
        ("P1.5D", "не длительность"),
        ("P1S", "не длительность"),
        ("1D", "не длительность"),
        ("p1d", "не длительность"),
        ("P1D ", "не длительность"),
        ("P1D\n", "не длительность"),
        ("P٣D", "не длительность"),
        ("P" + "9" * 5_000 + "D", "не длительность"),
        ("P9999Y", "слишком далеко"),
        ("P99999M", "слишком далеко"),
        ("P9999999D", "слишком далеко"),
        ("P9000YPT1S", "не длительность"),
    ],
)
def test_a_duration_without_length_is_refused(text: str, why: str) -> None:
    """What would pass at once, or never end, is no timer."""
    with pytest.raises(TimerRefused, match=why):
        timing.add(at("2025-01-01T00:00:00Z"), text)


@pytest.mark.parametrize(
    ("text", "firings", "start", "interval"),
    [
        ("R/P1D", timing.FOR_EVER, None, "P1D"),
        ("R3/P1M", 3, None, "P1M"),
        ("R3/2025-09-01T09:00:00Z/P1W", 3, "2025-09-01T09:00:00Z", "P1W"),
        ("R/2025-09-01T09:00:00+03:00/PT1H", -1, "2025-09-01T06:00:00Z", "PT1H"),
    ],
)
def test_a_repetition_has_three_parts(
    text: str, firings: int, start: str | None, interval: str
) -> None:
    """How often, from when, how far apart."""
    expected = timing.Repetition(firings, None if start is None else at(start), interval)
    assert expected == timing.repetition(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P1D",
        "R",
        "R/",
        "R0/P1D",
        "R-1/P1D",
        "R3/P0D",
        "R3/P9999Y",
        "R3/2025-09-01/P1D",
        "R3/P1D/2025-09-01T09:00:00Z",
        "R3/2025-09-01T09:00:00Z/2025-09-02T09:00:00Z",
        "R3/x/P1D",
        "0 0 9 * * ?",
        "R9999999999999/P1D",
    ],
)
def test_a_repetition_that_says_less_is_refused(text: str) -> None:
    """A cycle without interval, without length, naive or of another notation is refused."""
    with pytest.raises(TimerRefused):
        timing.repetition(text)


@pytest.mark.parametrize(
    ("form", "text", "due", "firings"),
    [
        ("timeDate", "2025-10-01T00:00:00Z", "2025-10-01T00:00:00Z", 1),
        ("timeDuration", "P1M", "2025-10-01T00:00:00Z", 1),
        ("timeCycle", "R2/P1D", "2025-09-02T00:00:00Z", 2),
        ("timeCycle", "R/2025-09-05T00:00:00Z/P1D", "2025-09-05T00:00:00Z", -1),
    ],
)
def test_a_timer_is_armed_by_its_form(form: str, text: str, due: str, firings: int) -> None:
    """A date as it is, a duration and a cycle from now, a cycle with a start from there."""
    assert (at(due), firings) == timing.first(form, text, at("2025-09-01T00:00:00Z"))


def test_the_next_firing_counts_from_the_last() -> None:
    """A cycle does not drift with the clock that fires it: the year has twelve first days."""
    due = at("2025-01-31T00:00:00Z")
    assert at("2025-02-28T00:00:00Z") == timing.following("R/P1M", due)
    starts = at("2025-01-01T00:00:00Z")
    for _ in range(12):
        starts = timing.following("R/2024-01-01T00:00:00Z/P1M", starts)
    assert at("2026-01-01T00:00:00Z") == starts


@pytest.mark.parametrize(
    ("text", "since"), [("R/2025-01-31T00:00:00Z/P1M", None), ("R/P1M", "2025-01-31T00:00:00Z")]
)
def test_months_are_counted_from_where_the_repetition_begins(text: str, since: str | None) -> None:
    """After the shorter months it comes back to the 31st; a leap day returns in its year."""
    start = None if since is None else at(since)
    due, days = at("2025-01-31T00:00:00Z"), []
    for _ in range(12):
        due = timing.following(text, due, start)
        days.append((timing.EPOCH + due * timing.MILLISECOND).day)
    assert [28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31] == days
    leap = at("2024-02-29T00:00:00Z")
    assert at("2028-02-29T00:00:00Z") == timing.following("R/P1Y", at("2027-02-28T00:00:00Z"), leap)


def test_a_repetition_of_hours_goes_on_from_its_last_moment() -> None:
    """However long ago it began."""
    due = at("2025-03-01T10:00:00Z")
    assert due + 3_600_000 == timing.following("R/2020-01-01T00:30:00Z/PT1H", due)


@pytest.mark.parametrize("value", [None, 5, 1.5, True, [], {}, ["P1D"]])
def test_what_is_no_text_is_no_timer(value: object) -> None:
    """An expression may give anything; only a text is a timer."""
    with pytest.raises(TimerRefused, match="текстом"):
        timing.first("timeDuration", value, 0)
    with pytest.raises(TimerRefused, match="текстом"):
        timing.following(value, 0)


@pytest.mark.parametrize(
    ("form", "text"), [("timeDate", "P1D"), ("timeDuration", "R/P1D"), ("timeCycle", "P1D")]
)
def test_a_timer_of_another_form_is_refused_at_deploy(form: str, text: str) -> None:
    """A duration is no date, a cycle no duration."""
    with pytest.raises(TimerRefused):
        timing.check(form, text)


MOMENTS = st.integers(at("1970-01-01T00:00:00Z"), at("2200-01-01T00:00:00Z"))


@given(MOMENTS, st.integers(1, 10_000), st.integers(0, 23), st.integers(0, 3_600))
def test_days_and_hours_are_exact(moment: int, days: int, hours: int, seconds: int) -> None:
    """Days, hours and seconds have a length of their own, to the millisecond."""
    length = timedelta(days=days, hours=hours, seconds=seconds) // timedelta(milliseconds=1)
    assert moment + length == timing.add(moment, f"P{days}DT{hours}H{seconds}S")


@given(MOMENTS, st.integers(1, 600))
def test_months_keep_the_day_or_end_the_month(moment: int, months: int) -> None:
    """Some months later it is the same day and hour, or the last day of a shorter month."""
    before = timing.EPOCH + moment * timing.MILLISECOND
    after = timing.EPOCH + timing.add(moment, f"P{months}M") * timing.MILLISECOND
    assert (before.time(), 0) == (
        after.time(),
        (after.year * 12 + after.month - before.year * 12 - before.month) - months,
    )
    assert after.day == before.day or (after + timedelta(days=1)).day == 1


@given(st.text("PRTYMWDHS0123456789/-:+.Z ", max_size=30))
def test_any_text_is_a_timer_or_refused(text: str) -> None:
    """No text makes the reader fall over or go back in time."""
    now = at("2025-01-01T00:00:00Z")
    for form in ("timeDuration", "timeCycle"):
        try:
            due, firings = timing.first(form, text, now)
        except TimerRefused:
            continue
        assert firings == timing.FOR_EVER or firings > 0
        assert due > now or "/" in text


def test_moments_are_aware() -> None:
    """The epoch is in UTC."""
    assert UTC is timing.EPOCH.tzinfo
