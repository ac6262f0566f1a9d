"""The pictures of versions, each read once: a version never changes."""

from flask import current_app

from web import current
from web.diagram import Picture, read_picture

KEPT = "pictures"


def picture_of(definition_id: int) -> Picture:
    """
    Return the picture of the main diagram of a version.

    Raises:
        NotFound: There is no such version.
    """
    kept: dict[int, Picture] = current_app.extensions.setdefault(KEPT, {})
    if definition_id not in kept:
        version = current.engine().definitions.get(definition_id)
        kept[definition_id] = read_picture(version.files[version.main], version.main)
    return kept[definition_id]
