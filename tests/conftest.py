"""
Databases for tests: a fresh one for each test, on SQLite and on PostgreSQL.

The PostgreSQL server is the one named by TSIKL_TEST_DATABASE_URL (a database whose user may
create others), or else our own. Where neither can be had, tests fail: none is skipped.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.model import Base
from engine.settings import Settings
from tests.postgres import running_postgres
from tests.town import Town, build

BOTH = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch for long runs, ``pytest --fuzz 100000`` before a release, and for pictures."""
    parser.addoption("--fuzz", type=int, default=2_000, help="number of random diagrams")
    parser.addoption("--pictures", action="store_true", help="keep pictures of the demo in docs/")


@pytest.fixture
def fuzz_size(request: pytest.FixtureRequest) -> int:
    """Return how many random diagrams to play."""
    size: int = request.config.getoption("--fuzz")
    return size


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a database on a PostgreSQL server where others can be created."""
    if given := os.environ.get("TSIKL_TEST_DATABASE_URL"):
        yield given
    else:
        with running_postgres() as url:
            yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a database with all tables and no rows; runs the test on both kinds."""
    url: str = request.getfixturevalue(f"{request.param}_database_url")
    return url


@pytest.fixture(params=BOTH)
def blank_database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a database without tables; runs the test on both kinds."""
    url: str = request.getfixturevalue(f"blank_{request.param}_database_url")
    return url


@pytest.fixture
def sqlite_database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the URL of an SQLite file with all tables and no rows."""
    path = shutil.copyfile(sqlite_template, tmp_path / "tsikl.sqlite3")
    return f"sqlite:///{path}"


@pytest.fixture
def blank_sqlite_database_url(tmp_path: Path) -> str:
    """Return the URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'blank.sqlite3'}"


@pytest.fixture
def postgres_database_url(server: Connection, postgres_template: URL) -> Iterator[str]:
    """Yield the URL of a PostgreSQL database with all tables and no rows."""
    with _database(server, template=str(postgres_template.database)) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def blank_postgres_database_url(server: Connection) -> Iterator[str]:
    """Yield the URL of a PostgreSQL database without tables."""
    with _database(server) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def server(postgres_url: str) -> Iterator[Connection]:
    """Yield a connection that creates and drops databases."""
    engine = create_engine(postgres_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    _create_tables(make_url(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(server: Connection) -> Iterator[URL]:
    """Yield the URL of a database with all tables, to be copied."""
    with _database(server) as url:
        _create_tables(url)
        yield url


@pytest.fixture
def clock() -> FrozenClock:
    """Return a clock that stands on a working morning, Wednesday 25 November 2026."""
    return FrozenClock(datetime(2026, 11, 25, 6, 0, tzinfo=UTC))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Return the settings of a test: an empty database, and passwords that cost nothing."""
    return Settings(
        database_url=database_url,
        data_dir=str(tmp_path),
        secret_key="of tests",
        password_time_cost=1,
        password_memory_kib=64,
    )


@pytest.fixture
def engine(settings: Settings, clock: FrozenClock) -> Iterator[Engine]:
    """Yield an engine on an empty database of each kind."""
    opened = open_engine(settings, clock)
    yield opened
    opened.close()


@pytest.fixture
def town(engine: Engine) -> Town:
    """Return two municipalities with offices, schools and people, on each kind of database."""
    return build(engine)


@pytest.fixture(scope="session")
def chromium_path() -> Path | None:
    """Return the Chromium to drive; None: the one that Playwright has downloaded."""
    named = os.environ.get("TSIKL_CHROMIUM") or shutil.which("chromium")
    return Path(named) if named else None


def _create_tables(url: URL) -> None:
    engine = create_engine(url, poolclass=NullPool)
    Base.metadata.create_all(engine)
    engine.dispose()


@contextmanager
def _database(server: Connection, template: str = "template0") -> Iterator[URL]:
    """Create a database (copying files is the quickest way for one this small) and drop it."""
    name = f"tsikl_test_{uuid.uuid4().hex}"
    server.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
    try:
        yield server.engine.url.set(database=name)
    finally:
        server.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
