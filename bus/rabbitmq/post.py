"""Many threads publish, one sends: what waits is published as one window, so that a confirm is waited for together."""

import contextlib
import threading
from collections import deque

from bus.rabbitmq.connection import ERRORS
from bus.rabbitmq.publisher import Parcel, Publisher

WINDOW = 200


class Post:
    """A publisher that threads share."""

    def __init__(self, uri: str, purpose: str) -> None:
        self._publisher = Publisher(uri, purpose)
        self._waiting: deque[_Item] = deque()
        self._sending = threading.Lock()

    def send(self, parcel: Parcel) -> bool:
        """Publish one message; whether it was confirmed. Waits for the sender before it, and then sends for all."""
        item = _Item(parcel)
        self._waiting.append(item)
        while item.confirmed is None:
            with self._sending:
                if item.confirmed is None:
                    self._send_waiting()
        return item.confirmed

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
