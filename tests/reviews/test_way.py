"""The usual way of a review, on real rows of both databases."""

from engine import Engine
from engine.bundles import shipped
from engine.clock import FrozenClock
from engine.database import Database
from engine.rules.access import Role
from engine.settings import Settings
from tests.invariants import check
from tests.review import BEGIN, Review, Way
from tests.town import build


def test_the_way_passes_every_station(way: Way) -> None:
    """People who fill in what their forms offer bring a review to its end."""
    assert "end" in way.moments
    assert {"s1_source", "s2_coi", "s3_opinion", "s5_sign", "s6_done", "s7_control"} < set(
        way.moments
    )


def test_both_databases_carry_a_review_to_its_end(database_url: str) -> None:
    """The same commands, the same outcome; rows and states agree at the end."""
    clock = FrozenClock(BEGIN)
    engine = Engine(Database(database_url), Settings(database_url=database_url), clock)
    town = build(engine)
    for number in range(5, 9):
        town.employ(f"expert{number}", "town", Role.EXPERT)
    review = Review(town, clock, town.case(town.cycle(shipped("opeko"))))
    review.tick()
    assert ("completed", "end_ok") == review.to_the_end()
    check(engine)
    engine.close()
