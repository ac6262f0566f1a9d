"""What the system itself knows of an expert's conflict of interest with a school."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from engine.rules.access import ROLE_NAMES, Path, Role, path_of

GROUNDS: Final = (
    "employed_here",
    "relative_here",
    "child_here",
    "paid_services_3y",
    "subordinate",
)
"""What a declaration asks about (domain 3, s2_coi), by the keys of its form."""
PAST: Final = timedelta(days=3 * 365)
"""So long a former employer is a payer: the declaration asks about three years."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role held in an organisation, or (``until``) held there once; ``path`` as it is stored."""

    role: str
    place: str
    path: str
    until: datetime | None

    @property
    def words(self) -> str:
        """Return it as a person reads it."""
        ended = f", до {self.until:%d.%m.%Y}" if self.until else ""
        return f"{ROLE_NAMES[Role(self.role)]}, {self.place}{ended}"


Known = Mapping[str, Sequence[Post]]
"""Posts by the ground that they are."""


def known_conflicts(posts: Iterable[Post], school: Path, now: datetime) -> Known:
    """
    Return the posts of a person that bar him from judging a school, by the ground.

    Who works there, who worked there within three years, and who heads an office above it.
    """
    found: dict[str, list[Post]] = {}
    for post in posts:
        ground = _ground(post, school, now)
        if ground:
            found.setdefault(ground, []).append(post)
    return found


def _ground(post: Post, school: Path, now: datetime) -> str:
    path = path_of(post.path)
    if post.until is None and post.role == Role.HEAD and school[: len(path)] == path:
        return "subordinate"
    if path != school or post.role == Role.EXPERT:
        return ""
    if post.until is None:
        return "employed_here"
    return "paid_services_3y" if now - post.until <= PAST else ""
