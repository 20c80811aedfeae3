"""Connections to RabbitMQ, and loops that keep one open for as long as it takes."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from amqp import Message
from amqp.exceptions import AMQPError
from amqp.serialization import PROPERTY_CLASSES, decode_properties_basic
from amqp.spec import Basic
from kombu.connection import Connection
from kombu.exceptions import KombuError

from bus import failures

log = structlog.get_logger(__name__)

HEARTBEAT = 10  # seconds; a dead peer is noticed after two
CONNECT_TIMEOUT = 5.0
CLOSE_TIMEOUT = 2.0
TICK = 0.3  # seconds: how long a stop waits for a loop that has nothing to do
BACK_OFF_MIN = 0.2
BACK_OFF_MAX = 15.0
ERRORS = (AMQPError, KombuError, OSError)


def _readable_properties(buffer: Any, offset: int) -> tuple[dict[str, Any], int]:
    """As py-amqp reads the properties of a message; none where it cannot, instead of an end of the connection.

    What cannot be read would come again on the next connection, for ever.
    """
    try:
        properties: tuple[dict[str, Any], int] = decode_properties_basic(buffer, offset)
    except Exception:  # noqa: BLE001  # text that is not UTF-8, a time that Python does not know, an unknown type
        return {}, offset
    return properties


PROPERTY_CLASSES[Basic.CLASS_ID] = _readable_properties


def connect(uri: str, purpose: str) -> Any:
    """An open py-amqp connection. Raises one of ERRORS."""
    transport = Connection(  # type: ignore[no-untyped-call]
        uri,
        heartbeat=HEARTBEAT,
        connect_timeout=CONNECT_TIMEOUT,
        transport_options={"client_properties": {"connection_name": f"bottega {purpose}"}},
    )
    return transport.transport.establish_connection()  # kombu's own ``connection`` pauses, and tries a second time


def open_channel(connection: Any) -> Any:
    """A channel that gives bodies as the bytes that travelled, whatever encoding a stranger says they have."""
    channel = connection.channel()
    channel.auto_decode = False
    return channel


def body_of(message: Message) -> bytes:
    """The bytes of a message that came over such a channel; py-amqp gives an empty one as text."""
    return bytes(message.body or b"")


@contextmanager
def closing(connection: Any) -> Iterator[Any]:
    try:
        yield connection
        with contextlib.suppress(*ERRORS):
            connection.transport.sock.settimeout(CLOSE_TIMEOUT)
            connection.close()
    finally:
        with contextlib.suppress(Exception):  # it may be broken; the socket goes in any case
            connection.collect()


def drain(connection: Any, timeout: float) -> bool:
    """Read what the broker sent, for at most ``timeout`` seconds; False when there was nothing."""
    try:
        connection.drain_events(timeout=timeout)
    except TimeoutError:
        return False
    return True


class Loop:
    """A thread that runs ``use(connection)`` on an open connection, and opens another when that one fails."""

    def __init__(self, uri: str, purpose: str, use: Callable[[Any], None]) -> None:
        self._uri = uri
        self._purpose = purpose
        self._use = use
        self._stopping = threading.Event()
        self.problem: str | None = "not connected yet"
        self._thread = threading.Thread(target=self._run, name=purpose, daemon=True)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        wait = BACK_OFF_MIN
        while not self.stopping:
            began = time.monotonic()
            try:
                with closing(connect(self._uri, self._purpose)) as connection:
                    self._use(connection)
            except Exception as error:  # noqa: BLE001  # a database that is gone, a broker that refuses: try again
                self.problem = f"{self._purpose}: {explained(error)}"
                log.warning("connection lost", purpose=self._purpose, error=explained(error))
            if time.monotonic() - began > BACK_OFF_MAX:  # it did work for a while
                wait = BACK_OFF_MIN
            self._stopping.wait(wait)
            wait = min(wait * 2, BACK_OFF_MAX)


def explained(error: BaseException) -> str:
    """What an operator needs to know of an error of the broker: it names no person, only queues and exchanges."""
    if isinstance(error, AMQPError):
        return str(error)[: failures.ERROR_MAX]
    return failures.summary(error)
