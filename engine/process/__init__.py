"""
From a diagram to the next step of a case: pure functions on values.

No rows, no clock, no I/O. Only ``load`` and ``decisions`` know SpiffWorkflow.
"""
