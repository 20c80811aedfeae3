"""Many threads publish, one sends: what waits is published as one window, so that a confirm is waited for together."""

import contextlib
import threading
import time
from collections import deque

from bus.rabbitmq.connection import ERRORS
from bus.rabbitmq.publisher import Parcel, Publisher

WINDOW = 200


class Post:
    """A publisher that threads share."""

    def __init__(self, uri: str, purpose: str, patience: float) -> None:
        self._publisher = Publisher(uri, purpose, patience)
        self._waiting: deque[_Item] = deque()
        self._sending = threading.Lock()

    def send(self, parcel: Parcel, timeout: float) -> bool:
        """Publish one message; whether it was confirmed.

        Waits at most ``timeout`` seconds for the sender before it, and then sends for all.
        """
        item, give_up = _Item(parcel), time.monotonic() + timeout
        self._waiting.append(item)
        while item.confirmed is None:
            if not self._sending.acquire(timeout=max(0.0, give_up - time.monotonic())):
                return self._given_up(item)
            try:
                if item.confirmed is None:
                    self._send_waiting()
            finally:
                self._sending.release()
        return item.confirmed

    def _given_up(self, item: "_Item") -> bool:
        with contextlib.suppress(ValueError):  # it is being sent at this moment
            self._waiting.remove(item)
        return bool(item.confirmed)

    def close(self) -> None:
        self._publisher.close()

    def _send_waiting(self) -> None:
        window = [self._waiting.popleft() for _ in range(min(WINDOW, len(self._waiting)))]
        confirmed: set[int] = set()
        try:
            with contextlib.suppress(*ERRORS):
                confirmed = self._publisher.publish([item.parcel for item in window])
        finally:  # whatever happened, nobody waits for ever
            for index, item in enumerate(window):
                item.confirmed = index in confirmed


class _Item:
    def __init__(self, parcel: Parcel) -> None:
        self.parcel = parcel
        self.confirmed: bool | None = None
