"""The database of the demo: made once, whole or not at all."""

import os
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import inspect, select

from engine.clock import SystemClock
from engine.database import Database
from engine.demo import make
from engine.model.people import IS_DEMO, Person
from engine.rehearsal.stage import hasty
from engine.settings import Settings
from web.migrating import migrate


def is_ready(settings: Settings) -> bool:
    """
    Tell whether the database of the settings is a demo already; False when it is empty.

    Raises:
        ClickException: It holds real people, and is left alone.
    """
    database = Database(settings.database_url)
    try:
        if not inspect(database.readers).has_table(Person.__tablename__):
            return False
        with database.readers.connect() as connection:
            if connection.scalar(IS_DEMO) is not None:
                return True
            if connection.scalar(select(Person.id).limit(1)) is None:
                return False
    finally:
        database.close()
    raise click.ClickException(
        "Эта база не демонстрационная. Запустите её командой «tsikl serve» "
        "или назовите другую в TSIKL_DATABASE_URL."
    )


def prepare(settings: Settings) -> None:
    """Make the demo as it stands now: beside an SQLite file first, which takes its name at last."""
    database = Database(settings.database_url)
    if database.is_sqlite:
        _prepare_file(settings, Path(str(database.url.database)))
        return
    migrate(settings)
    make(database, settings, SystemClock().now())
    database.close()


def _prepare_file(settings: Settings, path: Path) -> None:
    part = path.with_name(f"{path.name}.part")
    for left in (part, *part.parent.glob(f"{part.name}-*")):
        left.unlink(missing_ok=True)
    migrate(replace(settings, database_url=f"sqlite:///{part}"))
    database = hasty(part)
    make(database, settings, SystemClock().now())
    database.close()
    with part.open("rb") as file:
        os.fsync(file.fileno())
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink()
    part.rename(path)
