"""A contender in a process of its own: started, let go, and stopped."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from benchmarks.contenders.signals import READY

STOP_TIMEOUT = 30.0  # seconds
LIFE = 600.0  # seconds; one that takes longer hangs


class ContenderError(Exception):
    """A contender ended early, or did not do all of its work exactly once: there is nothing to compare."""


class Contender:
    """``python -m benchmarks.contenders.NAME ARGUMENTS``. Ready when this returns; ended when the block is left."""

    def __init__(self, name: str, *arguments: object) -> None:
        self._name = name
        command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.contenders.{name}", *map(str, arguments)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self._limit = threading.Timer(LIFE, self._process.kill)  # whoever reads from it reads the end then
        self._limit.start()

    def __enter__(self) -> Self:
        self.await_line(READY)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            if error is None:
                self._stop()
        finally:
            self._limit.cancel()
            self._process.kill()
            self._process.communicate()

    def go(self) -> float:
        """Let it begin; the moment (monotonic, seconds)."""
        assert self._process.stdin is not None
        moment = time.monotonic()
        with contextlib.suppress(BrokenPipeError):  # it has ended, which whoever waits for it will notice
            self._process.stdin.write("GO\n")
        return moment

    def check(self) -> None:
        """Raise ContenderError when it has ended."""
        if self._process.poll() is not None:
            raise ContenderError(f"{self._name} ended with status {self._process.returncode}")

    def await_line(self, line: str) -> float:
        """Wait until it says ``line``; the moment (monotonic, seconds)."""
        for said in self.lines():
            if said == line:
                return time.monotonic()
        raise ContenderError(f"{self._name} ended without saying {line}")

    def lines(self) -> Iterator[str]:
        """What it says, until it ends."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield line.rstrip("\n")

    def _stop(self) -> None:
        """As an operator stops it, so that what it has in hand is acknowledged. It may have ended by itself."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            raise ContenderError(f"{self._name} did not stop") from None
