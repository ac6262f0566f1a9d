"""
A worker process for fault tests: does one kind of due work over and over, until it is killed.

Arguments: the settings as JSON, the kind of work, and for a clock that stands, its moment.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import Engine, open_engine
from engine.clock import FrozenClock
from engine.commands.mailing import deliver_letters
from engine.commands.services import ServiceCall, service
from engine.commands.timers import FireTimers
from engine.rules.access import SYSTEM
from engine.scheduler import tick
from engine.settings import Settings
from engine.unit import Unit

PAUSE = 0.001


@service("deadly")
def deadly(_unit: Unit, _call: ServiceCall) -> dict[str, Any]:
    """Kill the process that runs it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


@service("harmless")
def harmless(_unit: Unit, _call: ServiceCall) -> dict[str, Any]:
    """Answer."""
    return {"answer": 1}


def fire(engine: Engine) -> None:
    """Fire a few timers in one transaction."""
    engine.do(FireTimers(batch=5), SYSTEM)


WORK: Mapping[str, Callable[[Engine], object]] = {
    "fire": fire,
    "mail": deliver_letters,
    "tick": tick,
}


def main(settings: str, kind: str, moment: str = "") -> None:
    """
    Say that the engine is open, and when told to go, work for ever.

    At a moment that stands, work once.
    """
    clock = FrozenClock(datetime.fromisoformat(moment)) if moment else None
    engine = open_engine(Settings(**json.loads(settings)), clock)
    engine.now()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    WORK[kind](engine)
    while clock is None:
        WORK[kind](engine)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main(*sys.argv[1:])
