"""
The tables of the first release as SQL, one file for each database.

Until that release `python -m migrations.snapshot` writes them anew from the models; from then on
they stay as they are, and every change of the models is a step of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.schema import CreateIndex, CreateTable

from engine.model import Base

FOLDER = Path(__file__).parent / "versions"
_KINDS: Mapping[str, Callable[..., Dialect]] = {"sqlite": SQLiteDialect, "postgresql": PGDialect}
# Named parameters, so that a percent sign in a check stays single.
DIALECTS = {name: kind(paramstyle="named") for name, kind in _KINDS.items()}
END = ";\n\n"


def statements(dialect: Dialect) -> Iterator[str]:
    """Yield what creates the tables of the models and their indexes, in order."""
    for table in Base.metadata.sorted_tables:
        yield _text(CreateTable(table), dialect)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield _text(CreateIndex(index), dialect)


def _text(element: CreateTable | CreateIndex, dialect: Dialect) -> str:
    lines = str(element.compile(dialect=dialect)).strip().splitlines()
    return "\n".join(line.rstrip().expandtabs(2) for line in lines)


def stored(name: str) -> list[str]:
    """Return the statements of the first release for a database."""
    return (FOLDER / f"0001_{name}.sql").read_text(encoding="utf-8").split(END)[:-1]


def write() -> None:
    """Write the statements anew."""
    for name, dialect in DIALECTS.items():
        text = "".join(f"{statement}{END}" for statement in statements(dialect))
        (FOLDER / f"0001_{name}.sql").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
