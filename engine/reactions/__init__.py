"""One consequence per function; importing a module here subscribes it to `recorded`."""
