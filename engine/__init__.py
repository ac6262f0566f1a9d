"""The workflow engine: knows nothing of HTTP."""
