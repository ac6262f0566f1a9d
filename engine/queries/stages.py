"""Names of what a diagram declares, for the rows that carry only its keys."""

from engine.unit import Reader


def stage_name(reader: Reader, definition_id: int, key: str) -> str:
    """Return the name of a stage in a version; of none, nothing."""
    stages = reader.versions.get(definition_id).definition.stages if key else ()
    return next((stage.name for stage in stages if stage.key == key), "")


def outcome_name(reader: Reader, definition_id: int, element: str) -> str:
    """Return the name of the end event that closed a case; of none, nothing."""
    node = reader.versions.get(definition_id).definition.nodes.get(element) if element else None
    return node.name if node else ""
