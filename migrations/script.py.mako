"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Bring the tables up to this release."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Bring them back to the release before."""
    ${downgrades if downgrades else "pass"}
