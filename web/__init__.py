"""The pages and the command line over the engine."""
