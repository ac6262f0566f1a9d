"""Files made of editions: each is kept once, and never changed."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from engine.bus import Command, handles
from engine.model.documents import Edition, Rendition
from engine.unit import Unit


@dataclass(frozen=True, slots=True)
class KeepRendition(Command[None]):
    """Keep the file that was made of an edition; one that is there already stays."""

    document_id: int
    version: int
    form: str
    content: bytes


@handles(KeepRendition)
def keep_rendition(unit: Unit, command: KeepRendition) -> None:
    """Write the file unless another process was first; the edition is locked meanwhile."""
    unit.allow_system()
    key = {"document_id": command.document_id, "version": command.version}
    unit.one(select(Edition.version).filter_by(**key).with_for_update())
    if unit.first(select(Rendition.form).filter_by(**key, form=command.form)) is not None:
        return
    row = {
        **key,
        "form": command.form,
        "digest": hashlib.sha256(command.content).hexdigest(),
        "content": command.content,
        "at": unit.now,
    }
    unit.insert(Rendition, row)
