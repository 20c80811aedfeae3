"""Processes that answer over HTTP, started for a measurement and stopped after it."""

import signal
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.servers.process import Process, new_folder, remove_folder


@contextmanager
def running(commands: Mapping[str, Sequence[object]], environ: Mapping[str, str]) -> Iterator[list[Process]]:
    """Run ``commands``, keyed by a URL that answers 200 when its process is ready, until the block ends."""
    folder = new_folder("benchmark")
    with ExitStack() as stack:
        stack.callback(remove_folder, folder)
        processes = []
        for number, (url, command) in enumerate(commands.items()):
            process = Process(command, log=folder / f"{number}.log", environ=environ)
            process.guard(signal.SIGKILL)
            stack.callback(process.end, signal.SIGTERM)
            process.await_ready(lambda url=url: _answers(url), " ".join(map(str, command)))  # type: ignore[misc]
            processes.append(process)
        yield processes


def memory(processes: Sequence[Process]) -> float:
    """Resident memory of ``processes`` and their children, in MiB; pages that they share are counted for each."""
    own = {process.pid for process in processes}
    kilobytes = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
        except (OSError, ValueError):  # it has just ended
            continue
        if own & {int(status.parent.name), int(fields.get("PPid", 0))}:
            kilobytes += int(fields.get("VmRSS", "0 kB").split()[0])
    return kilobytes / 1024


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
