"""The compiled versions of processes: each made once per program, shared by all threads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, select

from engine.database import Database
from engine.errors import Finding, NotFound
from engine.model.definitions import Definition as StoredDefinition
from engine.model.definitions import DefinitionFile
from engine.process.decisions import Tables
from engine.process.language import ClosedLanguage
from engine.process.load import Bundle, Loaded, load
from engine.process.model import Definition
from engine.process.orders import Language
from engine.rules.deadlines import FUNCTIONS
from engine.rules.forms import Form

HOUSE_FUNCTIONS: Final = frozenset({*FUNCTIONS, "setting"})
"""What expressions of a diagram may call beyond the language itself."""


@dataclass(frozen=True, slots=True)
class Version:
    """
    One version of a process, ready to run.

    ``forms`` by the name that tasks call them; ``defaults`` are the settings as the diagram
    declares them; ``stages`` their places in order; ``files`` what the version is made of;
    ``warnings`` what runs as drawn but is probably not meant so.
    """

    definition: Definition
    decisions: Tables
    forms: Mapping[str, Form]
    defaults: Mapping[str, Any]
    stages: Mapping[str, int]
    main: str
    files: Mapping[str, bytes]
    warnings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, loaded: Loaded, main: str) -> "Version":
        """Return what the front door has loaded, with what running needs at hand."""
        definition = loaded.definition
        return cls(
            definition,
            loaded.decisions,
            {name: Form.parse(raw) for name, raw in loaded.forms.items()},
            {setting.name: setting.value for setting in definition.settings},
            {stage.key: place for place, stage in enumerate(definition.stages)},
            main,
            loaded.files,
            loaded.warnings,
        )

    def language(self, functions: Mapping[str, Callable[..., Any]]) -> Language:
        """Return the language of this version, with the functions of one command."""
        return ClosedLanguage(functions, self.decisions)


class Versions:
    """
    The one cache of the engine. A version never changes, so nothing here is ever outdated.

    Args:
        database: Where the files of the versions are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: dict[int, Version] = {}
        self._lock = Lock()

    def get(self, definition_id: int) -> Version:
        """
        Return a version, compiled.

        Raises:
            NotFound: There is no such version.
        """
        if (found := self._made.get(definition_id)) is not None:
            return found
        with self._lock:
            if definition_id not in self._made:
                with self._database.readers.connect() as connection:
                    self._made[definition_id] = _made(bundle_of(connection, definition_id))
        return self._made[definition_id]


def _made(bundle: Bundle) -> Version:
    """
    Return a stored version, compiled.

    It was checked when it was deployed; a service that has been renamed since must not hide
    the cases that still stand elsewhere.
    """
    loaded = load(bundle, services=None, functions=HOUSE_FUNCTIONS)
    return Version.of(loaded, bundle.main)


def bundle_of(connection: Connection, definition_id: int) -> Bundle:
    """
    Return the files of a version as they were deployed.

    Raises:
        NotFound: There is no such version.
    """
    stored = StoredDefinition
    main = connection.scalar(select(stored.main_file).where(stored.id == definition_id))
    if main is None:
        raise NotFound
    files = select(DefinitionFile.name, DefinitionFile.content).where(
        DefinitionFile.definition_id == definition_id
    )
    return Bundle(main, {row.name: row.content for row in connection.execute(files)})
