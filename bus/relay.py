"""From the outbox to the transport: in order, confirmed, marked only when confirmed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, delete, select, update

from bus import metrics
from bus.database import Database
from bus.envelope import Event, encoded
from bus.tables import outbox
from bus.times import UTCDateTime, now, written

WINDOW = 500


@dataclass(frozen=True)
class Outgoing:
    """A row of the outbox as the transport gets it: an event's envelope or a command's keyword arguments."""

    position: int
    event_id: str
    target: str
    routing_key: str
    is_command: bool
    correlationid: str
    body: str


Publish = Callable[[Sequence[Outgoing]], set[int]]


class Relay:
    """Publishes one service's events, or its ``commands``. ``publish`` answers the positions that are confirmed.

    Apart, as commands for a service that is not there pile up, and must not hold up the events.
    """

    def __init__(self, service: str, database: Database, publish: Publish, *, commands: bool = False) -> None:
        self._service = service
        self._database = database
        self._publish = publish
        self._unsent = _unsent(commands)

    def drain(self) -> int:
        """Publish one window of rows; answers how many were confirmed. Raises what the transport raises.

        Selects by state, never by a cursor: positions commit out of order. A window holds one row for each subject, so
        that a row which is not confirmed can never be overtaken by a later one of its subject.
        """
        with self._database.reading() as tx:
            rows = tx.connection.execute(self._unsent, {"most": WINDOW}).all()
        window = _first_of_each_subject(rows)
        if not window:
            return 0
        confirmed = self._publish([_outgoing(row, self._service) for row in window])
        if confirmed:
            self._mark(window, confirmed)
        if len(confirmed) < len(window):
            raise NotConfirmed(f"{len(window) - len(confirmed)} of {len(window)} messages were not confirmed")
        return len(confirmed)

    def _mark(self, window: list[Row[Any]], confirmed: set[int]) -> None:
        """Events stay for a while, to be looked at; commands go at once, as they carry personal data."""
        events = [row.position for row in window if row.position in confirmed and not row.is_command]
        commands = [row.position for row in window if row.position in confirmed and row.is_command]
        with self._database.transaction() as tx:
            if events:
                tx.connection.execute(_MARK_SENT, {"positions": events, "moment": now()})
            if commands:
                tx.connection.execute(_DELETE_SENT, {"positions": commands})
        metrics.events_out.labels(self._service).inc(len(confirmed))


class NotConfirmed(Exception):
    """The transport did not take all; the rest stays in the outbox."""


# Built once: SQLAlchemy takes longer to build them than to run them.
_THESE = outbox.c.position.in_(bindparam("positions", expanding=True))
_MARK_SENT = update(outbox).where(_THESE).values(sent_at=bindparam("moment", type_=UTCDateTime))
_DELETE_SENT = delete(outbox).where(_THESE)


def _unsent(commands: bool) -> Select[Any]:
    wanted = outbox.c.is_command if commands else ~outbox.c.is_command
    return (
        select(outbox)
        .where(outbox.c.sent_at.is_(None), wanted)
        .order_by(outbox.c.position)
        .limit(bindparam("most", type_=Integer))
    )


def _first_of_each_subject(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    seen: set[str] = set()
    return [row for row in rows if not (row.subject in seen or seen.add(row.subject))]  # type: ignore[func-returns-value]


def _outgoing(row: Row[Any], service: str) -> Outgoing:
    return Outgoing(
        position=row.position,
        event_id=row.event_id,
        target=row.target,
        routing_key=row.routing_key,
        is_command=row.is_command,
        correlationid=row.correlationid,
        body=row.data if row.is_command else encoded(_event(row, service)),
    )


def _event(row: Row[Any], service: str) -> Event:
    return Event(
        id=row.event_id,
        source=service,
        type=row.routing_key,
        time=written(row.recorded_at),
        subject=row.subject,
        sequence=row.position,
        data=json.loads(row.data),
        correlationid=row.correlationid,
        causationid=row.causationid,
        partner=row.partner,
    )
