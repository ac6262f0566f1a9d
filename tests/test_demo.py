"""The demo: real cases in every stage, made quickly, and only where nobody works."""

import time
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from sqlalchemy import func, select

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.commands.people import CreatePerson
from engine.commands.sessions import SignInAsDemo
from engine.demo import make
from engine.errors import NotEmpty
from engine.model import Base
from engine.model.cases import Case
from engine.model.people import Organisation, Person
from engine.model.records import Incident, JournalEntry
from engine.model.tasks import OPEN, Task
from engine.queries.consistency import differences
from engine.queries.people import demo_people, session_of
from engine.rehearsal.stage import hasty
from engine.rules.access import SYSTEM, Role
from engine.settings import Settings
from tests.serving import started
from web.demo import is_ready, prepare

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def _made(folder: Path, now: datetime) -> Engine:
    """Return the engine of a demo, as it stands at a moment."""
    database = hasty(folder / "demo.db")
    settings = Settings(database_url=str(database.url), data_dir=str(folder))
    Base.metadata.create_all(database.writers)
    make(database, settings, now)
    return Engine(database, settings, FrozenClock(now))


@pytest.mark.slow
def test_the_demo_shows_schools_at_work(tmp_path: Path) -> None:
    """One cycle is finished, others stand in different stages, one is overdue; nothing is broken."""
    engine = _made(tmp_path, NOW)
    with engine.read() as reader:
        cases = reader.rows(select(Case.status, Case.outcome, Case.stage))
        late = select(Task.element).where(Task.state == OPEN, Task.due_at < NOW)
        zones = reader.rows(select(Organisation.zone).where(Organisation.kind == "school"))
        assert [("completed", "end_ok")] == [
            (row.status, row.outcome) for row in cases if row.status != "running"
        ]
        assert len({row.stage for row in cases if row.status == "running"}) >= 3
        assert "s2_order" in {row.element for row in reader.rows(late)}
        assert {"Europe/Moscow", "Asia/Yekaterinburg", "Asia/Krasnoyarsk"} == {
            row.zone for row in zones
        }
        assert [] == differences(reader)
        assert [] == reader.rows(select(Incident.sentence))
        assert reader.value(select(func.max(JournalEntry.at))) <= NOW
        people = demo_people(reader)
    assert set(Role) - {Role.LEAD} == {person.role for person in people}
    waiting = [person.waiting for person in people if person.role is Role.DEPUTY]
    assert sorted(waiting, reverse=True) == waiting
    assert waiting[0] > 0
    engine.close()


@pytest.mark.slow
@pytest.mark.parametrize("now", ["2027-01-05", "2028-02-29"])
def test_the_demo_is_as_good_on_any_day(tmp_path: Path, now: str) -> None:
    """In the New Year holidays, on a leap day: a finished one, no incident."""
    engine = _made(tmp_path, datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    with engine.read() as reader:
        ended = select(func.count(Case.id)).where(Case.status == "completed")
        assert reader.value(ended) >= 1
        assert [] == reader.rows(select(Incident.sentence))
        assert [] == differences(reader)
    engine.close()


def test_a_database_with_people_is_left_alone(engine: Engine, settings: Settings) -> None:
    """Nothing is written into it, and whoever tries is told how to serve it."""
    engine.do(CreatePerson("Анна", "anna@example.ru"), SYSTEM)
    with pytest.raises(NotEmpty):
        make(engine.database, settings, NOW)
    with pytest.raises(click.ClickException, match="tsikl serve"):
        is_ready(settings)
    with engine.read() as reader:
        assert 1 == len(reader.rows(select(Person.id)))


def test_an_empty_database_is_to_be_made(settings: Settings, blank_database_url: str) -> None:
    """With tables or without."""
    assert not is_ready(settings)
    assert not is_ready(Settings(database_url=blank_database_url))


@pytest.mark.slow
def test_the_first_start_is_quick(tmp_path: Path) -> None:
    """An SQLite demo is made in less than 20 seconds of work, whole, and a second start finds it."""
    path = tmp_path / "var" / "tsikl.db"
    settings = Settings(database_url=f"sqlite:///{path}", data_dir=str(path.parent))
    begin = time.process_time()
    prepare(settings)
    assert time.process_time() - begin < 20
    assert is_ready(settings)
    assert [path] == list(path.parent.iterdir())


@pytest.mark.slow
def test_the_real_command_shows_the_demo(tmp_path: Path) -> None:
    """`tsikl demo` makes it, answers, and offers its people on the page of sign-in by role."""
    path = tmp_path / "tsikl.db"
    given = {"TSIKL_DATABASE_URL": f"sqlite:///{path}", "TSIKL_DATA_DIR": str(tmp_path)}
    with started("demo", settings=given) as page:
        shown = page("/sign-in")
    assert "заместитель директора по УВР" in shown
    assert "Лицей № 2" in shown
    engine = open_engine(Settings(database_url=f"sqlite:///{path}"))
    with engine.read() as reader:
        director = next(p for p in demo_people(reader) if p.role is Role.DIRECTOR)
    secret = engine.do(SignInAsDemo(director.person_id, "127.0.0.1", "test"), SYSTEM)
    with engine.read() as reader:
        found = session_of(reader, secret)
    assert found is not None
    assert director.name == found.name
    engine.close()
