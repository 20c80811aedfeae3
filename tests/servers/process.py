"""A server process with its log and its folder, that never outlives the process that started it."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.servers import warden
from tests.waiting import wait_until

START_TIMEOUT = 90.0  # seconds; a busy machine with two cores takes its time
STOP_TIMEOUT = 30.0


class ServerError(Exception):
    """A server cannot be started. The message ends with the last lines of its log."""


class Process:
    """One process group, started with ``argv`` as ``user`` (when we are root), writing to ``log``."""

    def __init__(self, argv: Sequence[object], *, log: Path, user: str = "", environ: Mapping[str, str] | None = None):
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [*as_user(user), *map(str, argv)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(os.environ if environ is None else environ),
                cwd="/",
                start_new_session=True,
            )
        self.pid = self._popen.pid

    def guard(self, polite: signal.Signals) -> None:
        """Have it ended with the signal ``polite`` should we die first."""
        _tell_warden(f"+ {self.pid} {int(polite)}")

    def running(self) -> bool:
        return self._popen.poll() is None

    def await_ready(self, ready: Callable[[], bool], what: str) -> None:
        """Wait until ``ready()``; raises ServerError when the process ends before, or does not get there."""

        def ready_or_dead() -> bool:
            if not self.running():
                raise ServerError(f"{what} ended with status {self._popen.returncode}\n{self.last_lines()}")
            return ready()

        try:
            wait_until(ready_or_dead, f"{what} to start", START_TIMEOUT, every=0.05)
        except TimeoutError as error:
            raise ServerError(f"{error}\n{self.last_lines()}") from None

    def end(self, number: signal.Signals) -> None:
        """Send a signal and wait for the process to be gone; after 30 seconds SIGKILL."""
        if self.running():
            os.killpg(self.pid, number)
            os.killpg(self.pid, signal.SIGCONT)
        try:
            self._popen.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self._popen.wait(STOP_TIMEOUT)
        _tell_warden(f"- {self.pid}")

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-25:])


def as_user(user: str) -> list[str]:
    """The command in front of another that makes root run it as ``user``; nothing when we are not root."""
    if not user or os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"]


def new_folder(name: str, user: str = "") -> Path:
    """A temporary folder that ``user`` owns, deleted with our process at the latest."""
    folder = Path(tempfile.mkdtemp(prefix=f"bottega-{name}-"))
    _tell_warden(f"folder {folder}")
    give(folder, user)
    return folder


def give(path: Path, user: str) -> None:
    """Make ``user`` the owner of a file or folder, when we are root and so run servers as that user."""
    if user and os.geteuid() == 0:
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


_warden: subprocess.Popen[bytes] | None = None


def _tell_warden(line: str) -> None:
    global _warden  # noqa: PLW0603  # one for each process: all its servers die together
    if _warden is None:
        _warden = subprocess.Popen(
            [sys.executable, "-I", "-S", warden.__file__], stdin=subprocess.PIPE, bufsize=0, start_new_session=True
        )
    if _warden.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            _warden.stdin.write(f"{line}\n".encode())
