"""Pure calculation on values: no rows, no I/O, no imports upward."""
