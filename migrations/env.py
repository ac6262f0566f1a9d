"""
How alembic reaches the database: the one that the caller names, or that of the settings.

All steps of an upgrade are one transaction on both databases, so a step that fails leaves the
tables of the old release; and one program at a time makes them.
"""

from alembic import context
from sqlalchemy import Connection, text

from engine.database import Database
from engine.model import Base
from engine.settings import Settings

LOCK = 7_240_616
"""Any number that nothing else in the database locks."""


def migrate(connection: Connection) -> None:
    """Run the steps that are missing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run() -> None:
    """Open the database and migrate it."""
    given = context.config.attributes.get("url")
    database = Database(given or Settings.from_environment().database_url)
    with database.writers.connect() as connection, connection.begin():
        migrate(connection)
    database.close()


run()
