"""What the host gives a form: lists, people, a beginning, and evidence to decide on."""

import re
from datetime import timedelta

import pytest

from engine.commands.closings import PostponeTask
from engine.commands.complaints import Complain
from engine.commands.subjects import RECORDERS
from engine.queries.choices import LISTS
from engine.queries.evidence import EVIDENCE, Sheet
from engine.queries.forms import Filled, filled
from engine.queries.proposals import PROPOSALS
from engine.queries.tasks import task_page
from engine.rules.forms import Form
from tests.diagrams.shipped import version
from tests.review import Review
from tests.reviews.conftest import At

FORMS = version().forms
SUBJECTS = {form.subject for form in FORMS.values()}


def given(review: Review, element: str) -> tuple[Form, Filled]:
    """Return the form of the first task at an element, and what it is filled with."""
    page, found = review.page(review.open(element)[0])
    assert page.form is not None
    return page.form, found


def titles(sheets: tuple[Sheet, ...]) -> list[str]:
    """Return the titles of sheets without what follows a colon."""
    return [sheet.title.partition(":")[0] for sheet in sheets]


# the registers ----------------------------------------------------------------------------------


def test_every_subject_of_a_form_is_recorded() -> None:
    """A form whose subject nobody knew could not be sent in."""
    assert SUBJECTS == set(RECORDERS) & SUBJECTS


def test_registers_name_only_subjects_of_forms() -> None:
    """Evidence and proposals for a subject that no form has would never be seen."""
    assert set() == (set(EVIDENCE) | set(PROPOSALS)) - SUBJECTS


def test_every_list_that_a_form_names_is_offered() -> None:
    """And every list that is offered is named by some form."""
    fields = [f for form in FORMS.values() for f in form.inputs]
    fields += [column for one in fields for column in one.columns]
    named = {name for one in fields for name in (one.choices, one.rows) if name}
    assert set(LISTS) == named


def test_rows_that_are_given_say_which_item_they_are_about() -> None:
    """Their first column is filled in by the host, from the same list."""
    for form in FORMS.values():
        for table in (one for one in form.inputs if one.rows):
            key = table.columns[0]
            assert (True, table.rows) == (key.readonly, key.choices), (form.id, table.key)


# at the stations --------------------------------------------------------------------------------

ELEMENTS = [
    "s1_source",
    "s1_analysis",
    "s1_tasks",
    "s1_selfassess",
    "s2_pedsovet",
    "s2_order",
    "s2_pool",
    "s2_team",
    "s2_program",
    "s3_materials",
    "s3_visit",
    "s3_opinion",
    "s4_choice",
    "s5_conclusion",
    "s5_sign",
    "s6_plan",
    "s6_done",
    "s7_remeasure",
    "s7_control",
    "s7_conclusion",
    "s8_decision",
    "measures_plan/mp_plan",
]


@pytest.mark.parametrize("element", ELEMENTS)
def test_a_form_is_filled_with_what_it_asks_for(at: At, element: str) -> None:
    """Each choice has options; each person can be found; values fit the fields; sheets are tables."""
    form, found = given(at(element), element)
    for one in form.inputs:
        for field in (one, *one.columns):
            if field.choices:
                assert found.choices[field.choices]
            if field.kind in ("person", "persons") and field.scope != "reserve":
                assert found.people[field.key]
    assert set(found.values) <= {one.key for one in form.inputs}
    for sheet in found.sheets:
        assert {len(sheet.columns)} == {len(row) for row in sheet.rows}
        assert all(cell for row in sheet.rows for cell in row)


@pytest.mark.parametrize(
    ("element", "sheets"),
    [
        ("s1_analysis", ["Данные мониторинга", "Сравнение с прошлым годом и с другими школами"]),
        ("s1_grounds", ["Ряд задач", "Самооценка"]),
        ("s2_order", ["Решения педсовета", "Ряд задач"]),
        ("s2_team", ["Эксперты"]),
        ("s3_visit", ["Программа"]),
        ("s5_conclusion", ["Сводная таблица оценок", "Индивидуальные заключения"]),
        ("s5_sign", ["Заключение первого этапа", "Сводная таблица оценок"]),
        ("s7_conclusion", ["Меры", "Листы контроля"]),
        ("s8_decision", ["Заключение первого этапа", "Меры", "Листы контроля"]),
        ("s8_publish", ["Решения директора"]),
    ],
)
def test_what_is_decided_on_stands_beside_the_form(at: At, element: str, sheets: list[str]) -> None:
    """The papers of the step before, as tables."""
    assert sheets == titles(given(at(element), element)[1].sheets)


def test_numbers_are_written_as_russians_write_them(at: At) -> None:
    """A comma, and a dash for what is not known."""
    (_, table) = given(at("s1_analysis"), "s1_analysis")[1].sheets
    cells = {cell for row in table.rows for cell in row}
    assert "3,6" in cells
    assert "—" in cells
    assert not [cell for cell in cells if re.fullmatch(r"\d+\.\d+", cell)]


def test_an_agenda_begins_with_a_day_that_will_do(at: At) -> None:
    """What is proposed is accepted as it is."""
    review = at("s2_agenda")
    review.finish("s2_agenda")
    assert review.open("s2_pedsovet")


def test_a_reworked_list_begins_with_the_old_one(at: At) -> None:
    """The deputy changes what the council asked for, and nothing else."""
    review = at("s2_pedsovet")
    review.finish("s2_pedsovet", decision="rework")
    _, found = given(review, "s1_tasks")
    assert ["З1", "З2"] == [row["code"] for row in found.values["tasks"]]


def test_amendments_are_read_before_they_are_signed_and_come_back_whole(at: At) -> None:
    """The director sees each; who reworks them does not type them anew."""
    review = at("s2_yearplan_sign")
    (sheet,) = given(review, "s2_yearplan_sign")[1].sheets
    assert "Поправки" == sheet.title
    review.finish("s2_yearplan_sign", yearplan="return", remarks="Кто отвечает?")
    _, found = given(review, "s2_yearplan")
    assert [row[0] for row in sheet.rows] == [row["item"] for row in found.values["changes"]]


def test_a_request_that_was_sent_back_begins_with_its_text(at: At) -> None:
    """Not with that of the council."""
    review = at("s2_request")
    review.finish("s2_request", text="Просим троих")
    review.finish("s2_order", sign="return", remarks="Не указан срок")
    assert "Просим троих" == given(review, "s2_request")[1].values["text"]


def test_a_complaint_and_a_request_are_shown_to_the_director(at: At) -> None:
    """He reads what he answers."""
    review = at("s3_materials")
    person = review.members()[1]
    review.town.do(Complain(review.case_id, person, "Дочь в 9Б"), "teacher.school")
    row = review.open("s3_materials")[0]
    until = (row.due_at + timedelta(days=5)).date()
    review.town.do(PostponeTask(row.id, until, "болен"), "deputy.school")
    (complaint,) = given(review, "eo_review")[1].sheets
    (request,) = given(review, "ep_approve")[1].sheets
    assert "Дочь в 9Б" == complaint.rows[0][1]
    assert ("Изучить материалы", "болен") == (request.rows[0][0], request.rows[0][3])


def test_an_ended_task_offers_nothing(at: At) -> None:
    """Its page shows what was sent in."""
    review = at("s1_grounds")
    (row,) = review.open("s1_grounds")
    review.finish("s1_grounds")
    actor = review.town.actor("deputy.school")
    with review.town.engine.read() as reader:
        assert Filled() == filled(reader, actor, row.id)
        assert "done" == task_page(reader, actor, row.id).state
