"""Monitoring: what the sources give is kept by indicator, compared, and measured again."""

from sqlalchemy import select

from engine.model.goals import SchoolUnit
from engine.model.indicators import Achievement, Comparison, Dataset, IndicatorValue, values_of
from tests.review import ROWS
from tests.reviews.conftest import At

ROW = ROWS[0]


def test_a_source_becomes_values_by_indicator(at: At) -> None:
    """Each cell is one value; those below the threshold become a share of all."""
    review = at("s1_source")
    review.finish("s1_source")
    values = {(v.measure, v.value, v.students) for v in review.rows(select(IndicatorValue))}
    assert {("mean", 3.6, 40), ("quality", 45.0, 40), ("failed", 5.0, 40)} == values


def test_a_row_without_a_value_is_refused(at: At) -> None:
    """A subject alone says nothing."""
    said = at("s1_source").refused("s1_source", rows=[{"subject": "химия"}])
    assert ["rows.0.mean"] == list(said)


def test_more_failures_than_students_are_refused(at: At) -> None:
    """A slip of the keyboard, or the number of students is missing."""
    review = at("s1_source")
    for row in ({**ROW, "threshold_fail": 41}, {"subject": "химия", "threshold_fail": 1}):
        assert ["rows.0.threshold_fail"] == list(review.refused("s1_source", rows=[row]))


def test_one_subject_of_a_grade_stands_once(at: At) -> None:
    """Two rows of one subject and grade cannot both be right."""
    assert ["rows.1.subject"] == list(at("s1_source").refused("s1_source", rows=[ROW, ROW]))


def test_a_mandatory_source_without_a_reason_is_asked_again_alone(at: At) -> None:
    """Of nine sources only the silent one comes back."""
    review = at("s1_source")
    rows = review.open("s1_source")
    exam = next(n for n, row in enumerate(rows) if row.item == "ЕГЭ")
    review.finish("s1_source", exam, not_available=True)
    for _ in range(len(rows) - 1):
        review.finish("s1_source")
    assert ["ЕГЭ"] == [row.item for row in review.open("s1_source")]
    review.finish("s1_source", not_available=True, why="экзамен не проводился")
    assert [] == review.open("s1_source")
    states = {d.state for d in review.rows(select(Dataset).where(Dataset.source == "ege"))}
    assert {"missing", "waived"} == states


def test_an_optional_source_may_be_silent(at: At) -> None:
    """What is not mandatory does not hold the review up."""
    review = at("s1_source")
    rows = review.open("s1_source")
    other = next(n for n, row in enumerate(rows) if row.item == "ООО «Школа»")
    review.finish("s1_source", other, not_available=True)
    for _ in range(len(rows) - 1):
        review.finish("s1_source")
    assert [] == review.open("s1_source")


def test_achievements_are_kept_without_names(at: At) -> None:
    """What a class has achieved; a class without achievements says so."""
    review = at("s1_achieve")
    review.finish("s1_achieve")
    review.finish("s1_achieve", none=True, achievements=[])
    assert {"9 классы"} == {row.class_name for row in review.rows(select(Achievement))}


def test_classes_and_associations_are_those_of_the_school(at: At) -> None:
    """What the school has described goes before the setting; its head gets the task by name."""
    review = at("s1_source")
    place, head = review.town.organisations["second"], review.town.people["teacher.second"]
    for kind, name in (("class", "5А"), ("association", "МО физиков")):
        row = {"organisation_id": place, "kind": kind, "name": name, "head_id": head}
        review.write(SchoolUnit, row)
    review.case_id = review.town.case(1, "second")
    review.tick()
    (task,) = review.open("s1_achieve")
    assert ("5А", head) == (task.item, task.assignee_id)


def test_the_comparison_stands_on_last_year_and_on_peers(at: At) -> None:
    """Without an earlier year there is nothing to compare with, and that is said."""
    review = at("s1_analysis")
    rows = review.rows(select(Comparison))
    assert 27 == len(rows)
    assert {("none", 0, None)} == {(r.verdict, r.peers, r.percentile) for r in rows}


def test_another_school_of_the_municipality_is_a_peer(at: At) -> None:
    """Its values give mean, median and percentile; the own school is no peer of itself."""
    review = at("s1_analysis")
    review.case_id = review.town.case(1, "second")
    review.tick()
    review.until("s1_analysis")
    rows = review.rows(select(Comparison).where(Comparison.case_id == review.case_id))
    assert {(1, 50.0)} == {(row.peers, row.percentile) for row in rows}
    assert all(row.peer_mean == row.value == row.peer_median for row in rows)


def test_the_same_indicators_are_measured_again(at: At) -> None:
    """Only those of the goals, in a round of their own beside the first values."""
    review = at("s7_remeasure")
    review.finish("s7_remeasure")
    (again,) = review.rows(values_of(review.case_id, 1))
    assert ("oge", "mean", 4.1) == (again.source, again.measure, again.value)
    assert 27 == len(review.rows(values_of(review.case_id, 0)))


def test_a_remeasurement_leaves_no_indicator_out(at: At) -> None:
    """A goal without its value could not be judged."""
    assert ["rows"] == list(at("s7_remeasure").refused("s7_remeasure", rows=[]))


def test_a_share_is_no_more_than_all(at: At) -> None:
    """101 per cent is a slip; two indicators of one source make one data set."""
    review = at("s1_tasks")
    goals = [
        {"title": measure, "priority": "low", "indicator": f"oge|математика|9|{measure}"}
        for measure in ("quality", "mean")
    ]
    review.finish("s1_tasks", tasks=goals)
    review.until("s1_selfassess")
    for _ in range(2):
        answers = review.answers(review.open("s1_selfassess")[0])["answers"]
        review.finish("s1_selfassess", answers=[{**a, "know_how": "no"} for a in answers])
    review.until("s7_remeasure")
    rows = review.answers(review.open("s7_remeasure")[0])["rows"]
    wrong = [{**row, "value": 101} for row in rows]
    assert ["rows.0.value"] == list(review.refused("s7_remeasure", rows=wrong))
    review.finish("s7_remeasure", rows=[{**row, "value": 50} for row in rows])
    assert 2 == len(review.rows(values_of(review.case_id, 1)))
    assert 1 == len(review.rows(select(Dataset).where(Dataset.round == 1)))
