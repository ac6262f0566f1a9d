"""Worker processes: started, killed without warning, and waited for."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from engine.settings import Settings

ROOT = Path(__file__).parents[2]


@dataclass
class Worker:
    """One process of `tests/faults/worker.py`."""

    process: subprocess.Popen[str]

    @classmethod
    def start(
        cls, settings: Settings, kind: str, moment: datetime | None = None, *, held: bool = False
    ) -> "Worker":
        """Start a process for a kind of work; one that is held waits for `go`."""
        command = [sys.executable, "-m", "tests.faults.worker", json.dumps(asdict(settings)), kind]
        command += [moment.isoformat()] if moment else []
        pipe = subprocess.PIPE
        worker = cls(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
        if not held:
            worker.go()
        return worker

    def go(self) -> None:
        """Let it begin to work as soon as it is ready."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def ready(self) -> "Worker":
        """Wait until it has opened its engine and begins to work."""
        assert self.process.stdout is not None
        assert "ready\n" == self.process.stdout.readline()
        return self

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.wait()

    def wait(self) -> int:
        """Return how it ended: 0, or the negative number of the signal that killed it."""
        code = self.process.wait(60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code
