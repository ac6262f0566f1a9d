"""
A cycle played through with invented people on a throw-away database.

Stands on commands, queries and the scheduler, and does nothing that a person could not do.
"""
