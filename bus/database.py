"""One service's database, SQLite or PostgreSQL: how a transaction begins, ends, and rings who waits for it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import psycopg2
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy import Transaction as EngineTransaction
from sqlalchemy.exc import DisconnectionError, OperationalError

from bus.failures import TransactionLost
from bus.times import UTCDateTime as UTCDateTime
from bus.transaction import Transaction

SQLITE_WAIT = 10.0  # seconds that a writer waits for a writer in another process
SQLITE_PAUSE = 0.01
POOL_SIZE = 10
IDLE = 1.0  # seconds after which a connection is tried before it is used
POSTGRES_LIMITS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    # A process that is paused in a transaction must not hold its locks for ever.
    "options": "-c statement_timeout=30s -c lock_timeout=15s -c idle_in_transaction_session_timeout=15s",
}


class Database:
    """A service's database, by its SQLAlchemy URI (``sqlite:///…`` or ``postgresql://…``)."""

    def __init__(self, uri: str, pool_size: int = POOL_SIZE) -> None:
        self.engine = _sqlite_engine(uri) if uri.startswith("sqlite") else _postgres_engine(uri, pool_size)
        # SQLite has one writer. Waiting for it in SQLite would stop every green thread, the writer among them.
        self._writer: AbstractContextManager[Any] = threading.Lock() if self.dialect == "sqlite" else nullcontext()
        self._bells: list[threading.Event] = []
        self._outbox_bells: list[threading.Event] = []
        self._own = threading.local()

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def ring_on_commit(self, bell: threading.Event) -> None:
        """Set ``bell`` after each write transaction of this process."""
        self._bells.append(bell)

    def ring_on_record(self, bell: threading.Event) -> None:
        """Set ``bell`` after each write transaction of this process that put something into the outbox."""
        self._outbox_bells.append(bell)

    def ignore_own_commits(self, bell: threading.Event) -> None:
        """Do not set ``bell`` after the transactions of this thread, which would only wake itself, for ever."""
        self._own.bell = bell

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A write transaction: committed at the end of the block, with the events recorded in it; or rolled back."""
        with self._writer, self.engine.connect() as connection, _begun(connection, self.dialect):
            tx = Transaction(connection)
            yield tx
            recorded = tx.flush()
        own = getattr(self._own, "bell", None)
        for bell in [*self._bells, *(self._outbox_bells if recorded else [])]:
            if bell is not own:
                bell.set()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A read-only view. On SQLite a snapshot; on PostgreSQL each statement sees what is committed."""
        with self.engine.connect() as connection:
            yield Transaction(connection, read_only=True)

    def close(self) -> None:
        self.engine.dispose()


def _begun(connection: Connection, dialect: str) -> EngineTransaction:
    """Begin to write, waiting in a way that lets other green threads go on."""
    if dialect != "sqlite":
        return connection.begin()
    connection.info["write"] = True
    give_up = time.monotonic() + SQLITE_WAIT
    while True:
        try:
            return connection.begin()
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > give_up:
                raise
            time.sleep(SQLITE_PAUSE)


def _postgres_engine(uri: str, pool_size: int) -> Engine:
    engine = create_engine(
        uri.replace("postgresql://", "postgresql+psycopg2://", 1),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        connect_args=POSTGRES_LIMITS,
        hide_parameters=True,  # errors end up in logs, parameters are personal data
    )
    event.listen(engine, "do_connect", look_up)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", _ping_when_idle)
    return engine


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _ping_when_idle(connection: Any, record: Any, _fairy: Any) -> None:
    """Ask whether the server is still there where that may have changed: before each transaction it costs too much."""
    used = record.info.get("used")
    if used is None or time.monotonic() - used < IDLE:
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error:
        raise DisconnectionError from None  # the pool opens another


def look_up(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
    """Look the server's name up before libpq does, which would stop every green thread for as long as it takes."""
    host = parameters.get("host")
    if not host or host.startswith("/") or "," in host:
        return
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise psycopg2.OperationalError(f"the name {host} leads nowhere ({error.strerror or error})") from None
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    parameters["host"] = ",".join([host] * len(addresses))  # libpq tries one after the other
    parameters["hostaddr"] = ",".join(addresses)


def _sqlite_engine(uri: str) -> Engine:
    engine = create_engine(
        uri,
        connect_args={"timeout": 0.2, "check_same_thread": False},
        pool_size=20,
        max_overflow=40,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "before_cursor_execute", _refuse_when_lost)
    event.listen(engine, "commit", _refuse_when_lost)
    event.listen(engine, "checkin", _forget_transaction)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.info["writing"] = False
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.get("write") else "BEGIN")
    connection.info["writing"] = connection.info.get("write", False)


def _refuse_when_lost(connection: Connection, *_: Any) -> None:
    """After SQLite has rolled back by itself, every statement would be a transaction of its own."""
    driver: Any = connection.connection.dbapi_connection
    if connection.info.get("writing") and not driver.in_transaction:
        raise TransactionLost


def _forget_transaction(_connection: Any, record: Any) -> None:
    record.info.pop("write", None)
    record.info.pop("writing", None)
