"""A process that outlives its parent by a moment, to end the servers that the parent can no longer end itself.

It reads lines from standard input: ``+ PGID SIGNAL`` (end this process group), ``- PGID`` (it has ended),
``folder PATH`` (delete it at the end). At the end of input, which is when the parent has died by whatever means, it
does what is left to do. Run as a script, with no import of ours, so that it starts in no time.
"""

import contextlib
import os
import shutil
import signal
import sys
import time

GRACE = 15.0  # seconds from the polite signal to SIGKILL


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    groups: dict[int, int] = {}
    folders: list[str] = []
    for line in sys.stdin:
        verb, *words = line.rstrip("\n").split(" ", 2)
        if verb == "+":
            groups[int(words[0])] = int(words[1])
        elif verb == "-":
            groups.pop(int(words[0]), None)
        elif verb == "folder":
            folders.append(" ".join(words))
    end(groups)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def end(groups: dict[int, int]) -> None:
    for group, number in groups.items():
        send(group, number)
        send(group, signal.SIGCONT)  # one that a test had stopped hears nothing otherwise
    deadline = time.monotonic() + GRACE
    while any(send(group, 0) for group in groups) and time.monotonic() < deadline:
        time.sleep(0.1)
    for group in groups:
        send(group, signal.SIGKILL)


def send(group: int, number: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    main()
