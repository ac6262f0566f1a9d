"""
Printing: the file of an edition, made when somebody first asks for it and kept from then on.

Nothing is printed inside a transaction. Who is killed between making and keeping has lost
nothing: what an edition says stands in the database, and the next one who asks makes the same.
"""

from dataclasses import dataclass, replace

from engine.bus import Engine
from engine.commands.renditions import KeepRendition
from engine.papers.content import restored, stored
from engine.papers.docx import docx
from engine.papers.nameless import nameless
from engine.papers.pdf import pdf
from engine.papers.printing import file_name, printed
from engine.queries.documents import PaperRow, experts_of, paper
from engine.rules.access import SYSTEM, Actor


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A document as a file, under the name that a person saves it by."""

    name: str
    content: bytes


def print_paper(
    engine: Engine, actor: Actor, document_id: int, form: str, version: int = 0
) -> PaperFile:
    """
    Return the file of an edition, by default of the newest one.

    Args:
        engine: Of the installation.
        actor: Who wants to read it.
        document_id: The document.
        form: ``docx`` or ``pdf``.
        version: Of the edition; 0 for the newest.

    Raises:
        NotFound: There is no such edition, or the actor may not know of it.
    """
    found = _looked(engine, actor, document_id, form, version)
    if found.made is None:
        content = made_of(found, form)
        engine.do(KeepRendition(document_id, found.version, form, content), SYSTEM)
        # Another process may have been first: everybody gets the file that is kept.
        found = _looked(engine, actor, document_id, form, found.version)
    edition = 0 if found.newest else found.version
    return PaperFile(file_name(restored(found.content), form, edition), found.made or b"")


def print_nameless(engine: Engine, actor: Actor, document_id: int, form: str) -> PaperFile:
    """
    Return the newest edition without the names of experts and without signatures; not kept.

    Raises:
        NotFound: There is no such document, or the actor may not know of it.
    """
    with engine.read() as reader:
        found = paper(reader, actor, document_id, form)
        hidden = nameless(restored(found.content), experts_of(reader, document_id))
    copy = replace(found, content=stored(hidden), signatures=())
    name = file_name(hidden, form).replace(f".{form}", f" (без имён).{form}")
    return PaperFile(name, made_of(copy, form))


def made_of(row: PaperRow, form: str) -> bytes:
    """Return the file that an edition makes."""
    whole = printed(restored(row.content), row.signatures, row.zone)
    return docx(whole, row.template) if form == "docx" else pdf(whole, row.at)


def _looked(engine: Engine, actor: Actor, document_id: int, form: str, version: int) -> PaperRow:
    with engine.read() as reader:
        return paper(reader, actor, document_id, form, version)
