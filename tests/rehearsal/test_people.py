"""Invented people: plausible, all different, in domains that nobody owns."""

from itertools import islice
from random import Random

from sqlalchemy import func, select

from engine import Engine
from engine.model.people import Membership, Organisation, Person
from engine.rehearsal.people import SCHOOL_STAFF, Place, invented, mailbox, settle
from engine.rules.access import Role

PLACES = (
    Place("town", "municipality", "Округ", "Округ", "Asia/Yekaterinburg"),
    Place("school", "school", "Школа", "Школа", "Asia/Yekaterinburg", "town", SCHOOL_STAFF),
)


def test_the_same_seed_invents_the_same_people() -> None:
    """A rehearsal can be repeated, and another seed gives others."""
    first, again, other = (list(islice(invented(Random(seed)), 50)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_no_two_mailboxes_are_the_same() -> None:
    """Five hundred people of one place have five hundred addresses."""
    names = islice(invented(Random(1)), 500)
    assert 500 == len({mailbox(name, "school") for name in names})


def test_an_address_is_plain_and_of_nobody() -> None:
    """Latin letters in a domain that is kept free for examples."""
    assert "schukinafyu@school-1.example" == mailbox("Щукина Фаина Юрьевна", "school-1")


def test_a_school_is_filled_with_people(engine: Engine) -> None:
    """Every role of its staff is held by as many people as wanted, below the organisation above."""
    settled = settle(engine, PLACES, Random(1))
    with engine.read() as reader:
        counted = select(Membership.role, func.count().label("people")).group_by(Membership.role)
        held = {Role(row.role): row.people for row in reader.rows(counted)}
        path = reader.value(select(Organisation.path).where(Organisation.id == settled["school"]))
        passwords = reader.value(select(func.count(Person.password_hash)))
    assert SCHOOL_STAFF == held
    assert path.startswith(f"{settled['town']}/")
    assert 0 == passwords
