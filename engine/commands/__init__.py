"""A command and its handler, side by side: a frozen dataclass, and below it what it does."""
