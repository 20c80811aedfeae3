"""One process leads for each database: it relays the outbox, handles the inbox and purges. Another takes over."""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, NullPool, create_engine, event

from bus.database import POSTGRES_LIMITS, Database, look_up

LOCK = 7031
# A leader that is paused (a stopped virtual machine, a debugger) loses the lock after this; it looks once a second.
PAUSE_MAX = "15s"


class Leadership(Protocol):
    def take(self) -> bool:
        """Try to lead; True from the moment that this process does. Does not wait."""

    def held(self) -> bool:
        """Whether this process still leads; asks the database or the file, and never lies after a pause."""

    def give_up(self) -> None: ...


def leadership(database: Database) -> Leadership:
    return AdvisoryLock(database) if database.dialect == "postgresql" else FileLock(database)


class AdvisoryLock:
    """On PostgreSQL: a lock of the session, which the server frees when the session ends, however it ends."""

    def __init__(self, database: Database) -> None:
        limits = {**POSTGRES_LIMITS, "options": f"-c statement_timeout=5s -c idle_session_timeout={PAUSE_MAX}"}
        self._engine = create_engine(
            database.engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=limits
        )
        event.listen(self._engine, "do_connect", look_up)
        self._connection: Connection | None = None

    def take(self) -> bool:
        connection = self._engine.connect()
        try:
            if connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({LOCK})").scalar_one():
                self._connection = connection
                return True
        finally:
            if self._connection is not connection:
                connection.close()
        return False

    def held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except Exception:  # noqa: BLE001  # whatever it was, the session cannot be relied on
            self.give_up()
            return False
        return True

    def give_up(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # closes the session, and with it frees the lock
            self._connection = None


class FileLock:
    """On SQLite: a lock on a file beside the database, which the kernel frees when the process ends."""

    def __init__(self, database: Database) -> None:
        self._path = Path(f"{database.engine.url.database}.leader")
        self._descriptor: int | None = None

    def take(self) -> bool:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def held(self) -> bool:
        return self._descriptor is not None

    def give_up(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
