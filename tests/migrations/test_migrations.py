"""The tables that migrations make are those of the models."""

from collections.abc import Mapping

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from engine.model import Base
from migrations import snapshot

OWN = "alembic_version"


def upgraded(url: str) -> None:
    """Run all migrations."""
    command.upgrade(_config(url), "head")


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(snapshot.FOLDER.parent))
    config.attributes["url"] = url
    return config


def found(connection: Connection) -> dict[str, object]:
    """Return all that the database knows of its tables, table by table."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": [
                {k: str(v) for k, v in column.items()} for column in inspector.get_columns(table)
            ],
            "primary key": inspector.get_pk_constraint(table),
            "checks": sorted(inspector.get_check_constraints(table), key=str),
            "unique": sorted(inspector.get_unique_constraints(table), key=str),
            "foreign keys": sorted(inspector.get_foreign_keys(table), key=str),
            "indexes": sorted(_plain(index) for index in inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != OWN
    }


def _plain(index: Mapping[str, object]) -> str:
    """Return an index as text, the condition of a partial one included."""
    options = index.get("dialect_options")
    where = {k: str(v) for k, v in options.items()} if isinstance(options, dict) else {}
    return str({**index, "dialect_options": where})


def test_alembic_finds_no_difference(blank_database_url: str) -> None:
    """An upgraded database needs nothing more to be that of the models."""
    upgraded(blank_database_url)
    engine = create_engine(blank_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert [] == differences


def test_the_tables_are_made_alike(blank_database_url: str) -> None:
    """Migrations and models make the same columns, checks, keys and indexes."""
    engine = create_engine(blank_database_url)
    upgraded(blank_database_url)
    with engine.connect() as connection:
        migrated = found(connection)
    command.downgrade(_config(blank_database_url), "base")
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        made = found(connection)
    engine.dispose()
    assert made == migrated


def test_an_upgrade_can_be_taken_back(blank_database_url: str) -> None:
    """Down to nothing and up again."""
    upgraded(blank_database_url)
    command.downgrade(_config(blank_database_url), "base")
    engine = create_engine(blank_database_url)
    with engine.connect() as connection:
        assert {OWN} == set(inspect(connection).get_table_names())
    engine.dispose()
    upgraded(blank_database_url)


def test_a_second_upgrade_changes_nothing(blank_database_url: str) -> None:
    """Every start may upgrade: what is there already stays."""
    upgraded(blank_database_url)
    engine = create_engine(blank_database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO installation (name, value) VALUES ('kept', '1')"))
    upgraded(blank_database_url)
    with engine.connect() as connection:
        assert 1 == connection.scalar(text("SELECT count(*) FROM installation"))
    engine.dispose()


@pytest.mark.parametrize("name", list(snapshot.DIALECTS))
def test_the_snapshot_is_that_of_the_models(name: str) -> None:
    """Until the first release the tables of the models are the first ones: write them anew."""
    assert snapshot.stored(name) == list(snapshot.statements(snapshot.DIALECTS[name]))
