"""The tables of the first release."""

from alembic import op
from sqlalchemy import MetaData, text

from migrations.snapshot import stored

revision = "0001"
down_revision = None

KEPT = "alembic_version"


def upgrade() -> None:
    """Create them, with all constraints and indexes."""
    connection = op.get_bind()
    for statement in stored(connection.dialect.name):
        connection.execute(text(statement))


def downgrade() -> None:
    """Drop them."""
    connection = op.get_bind()
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection, [t for t in found.sorted_tables if t.name != KEPT])
