"""Gathering: what comes alone goes at once, what comes in quick succession shares a commit."""

import threading
import time

SPACING = 0.05  # seconds between two small batches
ENOUGH = 50  # a batch of this size is worth a commit of its own, so that a backlog is worked off without a pause


class Pace:
    """For a thread that works in batches: call ``wait`` before each, and ``worked`` after it."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._next = 0.0

    def wait(self) -> None:
        """After a small batch: until ``SPACING`` has passed since, or the thread is to stop."""
        pause = self._next - time.monotonic()
        if pause > 0:
            self._stopping.wait(pause)

    def worked(self, size: int) -> None:
        self._next = time.monotonic() + SPACING if 0 < size < ENOUGH else 0.0
