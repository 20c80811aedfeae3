"""What a use case is given: the connection to its tables, and the outbox beside them."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import uuid_utils.compat as uuid_utils
from sqlalchemy import Connection, insert, text

from bus.context import current_correlation
from bus.tables import outbox
from bus.times import now, written
from contracts.wire import Command, EventType, instance

if TYPE_CHECKING:
    from bus.envelope import Event

SUBJECT_LOCKS = 1024
SUBJECT_LOCK_CLASS = 7030

# Built once: SQLAlchemy takes longer to build them than to run them.
_RECORD = insert(outbox)
_LOCK_SUBJECTS = text("SELECT pg_advisory_xact_lock(:class, key) FROM unnest(CAST(:keys AS int[])) AS key")


class ReadOnly(Exception):
    """A query tried to record an event or to send a command."""


class InvalidEvent(Exception):
    """A service recorded an event that does not fit its own schema; the message names the fields."""


class Transaction:
    """A transaction of a service's database. ``connection`` is SQLAlchemy's; ``record`` and ``send`` go to the outbox.

    What is recorded is written when the transaction ends, in the order in which it was recorded.
    """

    def __init__(self, connection: Connection, read_only: bool = False) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self._read_only = read_only
        self._cause: Event | None = None
        self._recorded: list[dict[str, Any]] = []
        self._wrote = False

    def record(self, event: EventType, *, subject: str, data: dict[str, Any], partner: str | None = None) -> None:
        """Record that ``event`` happened to ``subject`` (``reservation/<id>``); ``data`` is JSON as its schema says."""
        self._add(
            target=event.exchange,
            routing_key=event.name,
            subject=subject,
            partner=partner,
            data=_checked(event, data),
            is_command=False,
        )

    def send(self, command: Command, *, idempotency_key: str, deadline: datetime, **arguments: Any) -> None:
        """Send a command that needs no answer, as surely as an event. Its row is deleted once it is delivered.

        ``deadline`` (aware, UTC) is when it is no longer worth carrying out.
        """
        body = {**arguments, "idempotency_key": idempotency_key, "deadline": written(deadline)}
        self._add(
            target=command.service,
            routing_key=command.routing_key,
            subject=f"command/{idempotency_key}",
            partner=None,
            data=json.dumps(body, ensure_ascii=False),
            is_command=True,
        )

    @contextmanager
    def caused_by(self, event: "Event") -> Iterator[None]:
        """What is recorded in the block names ``event`` as its cause."""
        self._cause = event
        try:
            yield
        finally:
            self._cause = None

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that can fail alone: an exception in it undoes it, with what it recorded, and is raised."""
        kept = len(self._recorded)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self._recorded[kept:]
            raise

    def flush(self) -> bool:
        """Write what was recorded; answers whether this transaction recorded anything. Called before the commit."""
        if not self._recorded:
            return self._wrote
        if self.dialect == "postgresql":
            self._lock_subjects()
        self.connection.execute(_RECORD, self._recorded)
        self._recorded = []
        self._wrote = True
        return True

    def _add(self, **row: Any) -> None:
        if self._read_only:
            raise ReadOnly
        self._recorded.append(
            {
                "event_id": str(uuid_utils.uuid7()),
                "correlationid": current_correlation(),  # that of the cause, where it is well formed
                "causationid": self._cause.id if self._cause else None,
                "recorded_at": now(),
                **row,
            }
        )

    def _lock_subjects(self) -> None:
        """Two transactions with events of one subject get their sequence in the order in which they commit."""
        keys = sorted({zlib.crc32(row["subject"].encode()) % SUBJECT_LOCKS for row in self._recorded})
        self.connection.execute(_LOCK_SUBJECTS, {"class": SUBJECT_LOCK_CLASS, "keys": keys})


def _checked(event: EventType, data: dict[str, Any]) -> str:
    wrong = instance(event.schema).validate(data)
    if wrong:
        raise InvalidEvent(f"{event.name}: {', '.join(sorted(map(str, wrong)))}")
    return json.dumps(data, ensure_ascii=False)
