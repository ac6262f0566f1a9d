"""
Positions for a diagram that has none: one band per stage, readable on a page.

``grid`` puts the elements into lines, columns and rows; ``routes`` leads the flows through the
gaps between them; ``drawing`` writes both as BPMN DI.
"""

from engine.process.layout.drawing import lay_out

__all__ = ["lay_out"]
