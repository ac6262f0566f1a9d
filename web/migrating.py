"""Bringing a database to the tables of this release."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config

from engine.settings import Settings


def migrate(settings: Settings) -> None:
    """Create the tables of an empty database, or change those of an older release."""
    with as_file(files("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.attributes["url"] = settings.database_url
        command.upgrade(config, "head")
