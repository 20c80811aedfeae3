"""What a worker is told to do, and the worker as a test holds it. Imports nothing of the bus, which must come green."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class Fault:
    """Send ourselves ``signal``, ``when`` the function ``at`` ("module:Class.name") is called the ``call``-th time."""

    at: str
    when: Literal["before", "after"]
    call: int = 1
    signal: int = signal.SIGKILL


@dataclass(frozen=True)
class Job:
    """``databases`` has the URI of each service to run; without ``brokers``, their AMQP URIs, they run embedded.

    The shop sells numbers 1 to ``sales``, each in a transaction of its own. ``constants`` are set before the start.
    The centre (centre.py) has its settings in ``environ``, and carries out ``asks``: commands of booking, by their
    names in ``contracts.booking``, with their arguments.
    """

    databases: dict[str, str]
    brokers: dict[str, str] = field(default_factory=dict)
    sales: int = 0
    fault: Fault | None = None
    constants: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    asks: list[list[Any]] = field(default_factory=list)

    @classmethod
    def read(cls, text: str) -> "Job":
        values = json.loads(text)
        fault = values.pop("fault")
        return cls(**values, fault=Fault(**fault) if fault else None)


class Nursery:
    """Where workers come from (nursery.py); ``program`` is the module of what they run."""

    def __init__(self, program: str = "tests.faults.worker") -> None:
        argv = [sys.executable, "-W", "ignore", "-m", "tests.faults.nursery", program]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, env=environ, cwd=ROOT)

    def start(self, job: Job, log: Path) -> int:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the nursery has no pipes")
        print(json.dumps({"job": json.dumps(asdict(job)), "log": str(log)}), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


class Worker:
    """A process that does a job. It does not outlive the tests."""

    def __init__(self, nursery: Nursery, job: Job, log: Path) -> None:
        self.log = log
        log.touch()
        self._pid = nursery.start(job, log)

    def await_running(self) -> None:
        self._await(lambda: "running\n" in self.log.read_text(), "the worker to run")

    def await_death(self) -> None:
        """Wait until the fault has killed it."""
        self._await(lambda: not self._lives(), "the worker to die")

    def await_pause(self) -> None:
        """Wait until the fault has stopped it (SIGSTOP)."""
        state = Path(f"/proc/{self._pid}/stat")
        self._await(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", "the worker to be stopped")

    def go_on(self) -> None:
        self._send(signal.SIGCONT)

    def await_words(self, words: str) -> None:
        """Wait until its log has these words."""
        self._await(lambda: words in self.log.read_text(), f"the worker to say {words!r}")

    def stop(self) -> None:
        """As an operator does: it ends when it has finished what it has in hand."""
        self._send(signal.SIGTERM)
        self._await(lambda: not self._lives(), "the worker to end")

    def kill(self) -> None:
        self._send(signal.SIGKILL)
        self._await(lambda: not self._lives(), "the worker to be gone")

    def _send(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, number)

    def _lives(self) -> bool:
        return Path(f"/proc/{self._pid}").exists()

    def _await(self, condition: Callable[[], bool], what: str) -> None:
        try:
            wait_until(condition, what, PATIENCE)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.log.read_text()[-3000:]}") from None
