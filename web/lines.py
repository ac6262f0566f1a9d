"""Break a text into lines of a width, for pictures, where no browser does it."""

from typing import Final

WIDE: Final = set("жмшщюыфМШЩЮЖФЫДЭЪЯЦХwmWM@%")
NARROW: Final = set(" .,:;!|'()[]-–гтrtfijlIёст1")


def width(text: str, size: float) -> float:
    """Return about how wide a text is in a system font of that size."""
    return sum(_share(letter) for letter in text) * size


def _share(letter: str) -> float:
    if letter in WIDE:
        return 0.84
    if letter in NARROW:
        return 0.44
    return 0.7 if letter.isupper() else 0.58


def wrap(text: str, room: float, most: int, size: float) -> tuple[str, ...]:
    """
    Return the text in lines.

    Args:
        text: What to break; spaces run together.
        room: The width of a line.
        most: How many lines there may be; the last one ends with «…» when more is left.
        size: The size of the font, in the same units as ``room``.
    """
    lines: list[str] = []
    for word in _pieces(text.split(), room, size):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, size) <= room:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], f"{lines[most - 1].rstrip('-')}…")


def _pieces(words: list[str], room: float, size: float) -> list[str]:
    """Return the words, those too long for a line cut with hyphens."""
    pieces: list[str] = []
    for word in words:
        rest = word
        while width(rest, size) > room and len(rest) > 5:
            cut = _cut(rest, room, size)
            pieces.append(f"{rest[:cut]}-")
            rest = rest[cut:]
        pieces.append(rest)
    return pieces


def _cut(word: str, room: float, size: float) -> int:
    """Return where to cut a word: as late as fits and leaves three letters, after a vowel."""
    most = len(word) - 3
    fits = next(n for n in range(most, 0, -1) if n < 3 or width(f"{word[:n]}-", size) <= room)
    vowels = [n for n in range(max(2, fits - 3), fits + 1) if word[n - 1] in "аеёиоуыэюя"]
    return vowels[-1] if vowels else max(fits, 1)
