"""The tables of every release, one step after another; `alembic` runs them by number."""
