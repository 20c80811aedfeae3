"""Workers without the second that Python takes to import everything: a process that has, and forks one for each line.

Its argument is the module of what they run: the shop of worker.py, or the centre of centre.py. Reads lines of JSON,
``{"job": …, "log": path}``, and answers each with the process id. When its input ends, which is when the tests have,
its workers are killed.
"""

import tests.faults.worker  # isort: skip # noqa: F401 (makes everything green, so it comes first)

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from tests.faults.job import Job


def serve() -> None:
    main = importlib.import_module(sys.argv[1]).main
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are forgotten at once
    born = []
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(main, Job.read(order["job"]), order["log"])
        born.append(child)
        print(child, flush=True)  # noqa: T201 (the answer)
    for child in born:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _live(main: Callable[[Job], None], job: Job, log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    try:
        main(job)
    finally:
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    serve()
