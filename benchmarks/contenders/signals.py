"""How a contender's process and the one that measures it tell each other where they are.

The contender says READY when all is imported, waits for GO, and only then connects and works: starting Python is not
measured, connecting is. It imports nothing but the standard library, as eventlet must patch before anything else.
"""

import sys

READY = "READY"
LEADING = "LEADING"
DONE = "DONE"


def wait_for_go() -> None:
    say(READY)
    sys.stdin.readline()


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
