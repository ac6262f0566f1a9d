"""Who reads what is written about a case or a task, and whom a text calls by name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from engine.rules.access import Actor, Path, Right, may, may_take

LONGEST: Final = 4_000
"""Letters of one comment."""
MOST: Final = 20
"""Comments that one person may write in one case within `WITHIN` minutes."""
WITHIN: Final = 10

CLOSED: Final = frozenset({"opinion", "observation", "visit", "materials", "declaration"})
"""
Subjects of forms about which an expert talks with his coordinator only.

What he asks there may give away what he thinks, so neither the school nor his colleagues on the
panel read it, not even when all opinions are in.
"""


class Offered(Protocol):
    """What has to be known of a task to tell whom it is offered to."""

    @property
    def role(self) -> str:
        """Whose work it is, in the organisation."""
        ...

    @property
    def organisation_id(self) -> int:
        """Whose work it is, with the role."""
        ...

    @property
    def personal(self) -> bool:
        """Whether it was given to somebody by name."""
        ...


@dataclass(frozen=True, slots=True)
class Thread:
    """
    What is talked about: a case, or one of its tasks.

    ``path`` is the school's; ``hands`` are those who hold, delegated or did the task; ``role``
    and ``organisation_id`` say to whom a free task is offered, empty and 0 for no one;
    ``subject`` is that of its form.
    """

    case_id: int
    path: Path
    hands: frozenset[int] = frozenset()
    role: str = ""
    organisation_id: int = 0
    subject: str = ""

    @property
    def closed(self) -> bool:
        """Tell whether only its people and who steers the case read it."""
        return self.subject in CLOSED


def thread_of(
    case_id: int, path: Path, task: Offered, hands: Iterable[int | None], subject: str
) -> Thread:
    """Return what is talked about on the page of a task."""
    who = frozenset(hand for hand in hands if hand is not None)
    if task.personal:
        return Thread(case_id, path, who, subject=subject)
    return Thread(case_id, path, who, task.role, task.organisation_id, subject)


def may_read(actor: Actor, thread: Thread) -> bool:
    """Tell whether somebody reads, and may write, the comments of a thread."""
    if actor.is_system or actor.person_id in thread.hands:
        return True
    right = Right.STEER if thread.closed else Right.WATCH
    if may(actor, right, thread.path, 0 if thread.closed else thread.case_id):
        return True
    return bool(thread.role) and may_take(actor, thread.role, thread.organisation_id)


_CALL: Final = re.compile(r"(?<![\w@])@(?=[^\W\d_])")


def calls(text: str, people: Mapping[int, str]) -> list[tuple[int, int, tuple[int, ...]]]:
    """
    Return where a text calls people by name: begin, end, and who is meant.

    A full name counts before a surname; namesakes are all meant. What names nobody is no call.

    Args:
        text: As it was written: «@Орешкин, посмотрите».
        people: Names by the id of the person, surname first.
    """
    names: dict[str, set[int]] = {}
    for person_id, name in people.items():
        for known in (name, name.split()[0] if name.split() else ""):
            names.setdefault(_plain(known), set()).add(person_id)
    longest = sorted((name for name in names if name), key=len, reverse=True)
    plain = _plain(text)
    found = []
    for call in _CALL.finditer(text):
        begin = call.end()
        called = next((name for name in longest if _stands(plain, begin, name)), "")
        if called:
            found.append((call.start(), begin + len(called), tuple(sorted(names[called]))))
    return found


def _stands(text: str, begin: int, name: str) -> bool:
    """Tell whether a name stands there, and does not go on."""
    end = begin + len(name)
    return text.startswith(name, begin) and not text[end : end + 1].isalnum()


def _plain(text: str) -> str:
    """Return a text of the same length, so that «ё» and capitals make no difference."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text).replace(
        "ё", "е"
    )


def kept(text: str) -> str:
    """Return a comment as it is kept: no control characters, no more than one blank line."""
    lines = [_clean(line).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_UNSEEN: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
"""Control characters, and those that turn the direction of a text or have no width."""


def _clean(line: str) -> str:
    return _UNSEEN.sub("", line)
