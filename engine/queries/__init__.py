"""One screen, one function: what may be seen, as frozen rows. Nothing here writes."""
