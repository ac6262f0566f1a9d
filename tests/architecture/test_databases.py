"""What every test on a database relies on."""

from sqlalchemy import create_engine, func, inspect, select

from engine.model import Base


def test_a_database_has_all_tables_and_no_rows(database_url: str) -> None:
    """A test starts with every table of the metadata, and each is empty."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = set(inspect(connection).get_table_names())
        rows = {
            t: connection.scalar(select(func.count()).select_from(t))
            for t in Base.metadata.sorted_tables
        }
    engine.dispose()
    assert set(Base.metadata.tables) == found
    assert dict.fromkeys(rows, 0) == rows


def test_a_blank_database_has_no_tables(blank_database_url: str) -> None:
    """A test of migrations starts with nothing."""
    engine = create_engine(blank_database_url)
    with engine.connect() as connection:
        found = inspect(connection).get_table_names()
    engine.dispose()
    assert found == []
