"""Publishing with confirms: a window in flight, and one that is not confirmed reopens the channel."""

import contextlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amqp import Message

from bus.rabbitmq.connection import ERRORS, closing, connect, drain

CONFIRM_TIMEOUT = 10.0  # seconds without any confirm


@dataclass(frozen=True)
class Parcel:
    """A message to publish. ``properties`` are those of AMQP 0-9-1."""

    exchange: str
    routing_key: str
    body: str
    properties: dict[str, Any]
    mandatory: bool = False


class Publisher:
    """One channel in confirm mode, used by one thread at a time. Opens its connection when it is needed."""

    def __init__(self, uri: str, purpose: str, patience: float = CONFIRM_TIMEOUT) -> None:
        self._uri = uri
        self._purpose = purpose
        self._patience = patience
        self._lock = threading.Lock()
        self._connection: Any = None
        self._channel: Any = None
        self._published = 0
        self._waiting: dict[int, int] = {}
        self._confirmed: set[int] = set()
        self._returned: set[str] = set()
        self._refused = False

    def publish(self, parcels: Sequence[Parcel]) -> set[int]:
        """Publish all, wait for the confirms; answers the indexes of those that are confirmed.

        A NACK, a time-out or a lost connection leaves the rest out, and the next call opens a new channel.
        """
        with self._lock:
            self._confirmed, self._refused = set(), False
            try:
                self._open()
                self._send(parcels)
                self._await_confirms()
            except ERRORS:
                self._drop()
                if not self._confirmed:
                    raise
            if self._refused:  # a channel with a NACK may never recover
                self._close()
            unroutable = {i for i, parcel in enumerate(parcels) if parcel.properties["message_id"] in self._returned}
            self._returned.clear()
            return self._confirmed - unroutable

    def close(self) -> None:
        with self._lock:
            self._close()

    def _open(self) -> None:
        if self._still_open():
            return
        self._connection = connect(self._uri, self._purpose)
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._published = 0
        self._waiting = {}

    def _still_open(self) -> bool:
        if self._connection is None:
            return False
        try:
            drain(self._connection, 0)  # a connection that the broker has closed says so here
            self._connection.heartbeat_tick()
        except ERRORS:
            self._drop()
            return False
        return True

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with closing(connection):
                pass

    def _drop(self) -> None:
        """Without the farewells: nobody may be there to answer them."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.collect()

    def _send(self, parcels: Sequence[Parcel]) -> None:
        for index, parcel in enumerate(parcels):
            message = Message(parcel.body, **parcel.properties)
            self._published += 1
            self._waiting[self._published] = index
            self._channel.basic_publish(message, parcel.exchange, parcel.routing_key, mandatory=parcel.mandatory)

    def _await_confirms(self) -> None:
        give_up = time.monotonic() + self._patience
        while self._waiting:
            if drain(self._connection, min(1.0, self._patience)):
                continue
            if time.monotonic() > give_up:
                raise TimeoutError("no confirm from the broker")

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:
        self._confirmed.update(self._settled(delivery_tag, multiple))

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:
        self._settled(delivery_tag, multiple)
        self._refused = True

    def _on_return(self, _error: Any, _exchange: str, _routing_key: str, message: Message) -> None:
        self._returned.add(message.properties["message_id"])

    def _settled(self, delivery_tag: int, multiple: bool) -> list[int]:
        tags = [tag for tag in self._waiting if tag <= delivery_tag] if multiple else [delivery_tag]
        return [self._waiting.pop(tag) for tag in tags if tag in self._waiting]
