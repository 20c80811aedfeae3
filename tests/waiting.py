"""Waiting for the thing itself, with a deadline, instead of sleeping and hoping."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], what: str, timeout: float = 15.0, every: float = 0.02) -> T:
    """Call ``condition`` until its result is true, and return that result.

    ``what`` completes "waited N seconds for …". Raises TimeoutError when ``timeout`` seconds have passed; what
    ``condition`` itself raises goes through.
    """
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout:g} seconds for {what}")
        time.sleep(every)
