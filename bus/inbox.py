"""What arrives: recorded first, handled afterwards in group commits, retried, parked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Integer, Row, Select, and_, bindparam, func, insert, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bus import failures, metrics
from bus.context import correlated
from bus.database import Database
from bus.envelope import ACCEPTED_TYPES, BODY_MAX, Event, Unreadable, decoded
from bus.tables import PARKED, PENDING, inbox, quarantine
from bus.times import UTCDateTime, now
from bus.transaction import Transaction
from contracts.wire import EventType, instance

log = structlog.get_logger(__name__)

BATCH = 200
BROKEN_AFTER = 10  # failures in a row, of different events, after which one at a time is tried
PROBE_EVERY = 2.0  # seconds

Handler = Callable[[Transaction, Event], None]


@dataclass(frozen=True)
class Arrival:
    """A message as it came from the transport. ``user_id`` is what the broker vouches for."""

    body: bytes
    exchange: str
    routing_key: str
    content_type: str | None
    user_id: str | None


class Overtaken(Exception):
    """Another process handled the batch meanwhile; ours is rolled back."""


class Inbox:
    """The inbox of one service. ``operators`` maps a source to the broker account that may speak for it."""

    def __init__(self, service: str, database: Database, operators: dict[str, str] | None = None) -> None:
        self.service = service
        self.handlers: dict[tuple[str, str], tuple[EventType, Handler]] = {}
        self._database = database
        self._operators = operators or {}
        self._failed_in_a_row = 0

    @property
    def subscriptions(self) -> list[tuple[str, str]]:
        """Pairs of exchange and routing key."""
        return [(f"{source}.events", name) for source, name in self.handlers]

    # Arriving

    def record(self, arrivals: Sequence[Arrival]) -> None:
        """Keep what arrived, in one commit: events to be handled, the rest in quarantine. Twice is once."""
        events, unreadable = [], []
        for arrival in arrivals:
            try:
                events.append(self._readable(arrival))
            except Unreadable as error:
                unreadable.append(_quarantined(arrival, str(error)))
        with self._database.transaction() as tx:
            if events:
                _insert_once(tx, events)
            if unreadable:
                tx.connection.execute(insert(quarantine), unreadable)
        metrics.events_in.labels(self.service).inc(len(events))
        for row in unreadable:
            self._tell_of(row)

    def set_aside(self, arrival: Arrival, reason: str) -> None:
        """Keep a message that cannot be handled as it is, byte for byte, for an operator."""
        row = _quarantined(arrival, reason)
        with self._database.transaction() as tx:
            tx.connection.execute(insert(quarantine), row)
        self._tell_of(row)

    def _tell_of(self, row: dict[str, Any]) -> None:
        metrics.quarantined.labels(self.service).inc()
        log.warning("message quarantined", service=self.service, reason=row["reason"], exchange=row["exchange"])

    def _readable(self, arrival: Arrival) -> dict[str, Any]:
        if len(arrival.body) > BODY_MAX:
            raise Unreadable(f"larger than {BODY_MAX} bytes")
        if arrival.content_type not in ACCEPTED_TYPES:
            raise Unreadable("content type is not JSON")
        try:
            body = arrival.body.decode()
        except UnicodeDecodeError:
            raise Unreadable("not UTF-8") from None
        event = decoded(body)
        self._vouched_for(arrival, event)
        moment = now()
        return {
            "source": event.source,
            "event_id": event.id,
            "type": event.type,
            "subject": event.subject,
            "sequence": event.sequence,
            "body": body,
            "received_at": moment,
            "due_at": moment,
            "state": "pending",
        }

    def _vouched_for(self, arrival: Arrival, event: Event) -> None:
        if arrival.exchange != f"{event.source}.events" or arrival.routing_key != event.type:
            raise Unreadable("source and type are not those of the exchange and the routing key")
        if arrival.user_id != self._operators.get(event.source, event.source):
            raise Unreadable("user_id is missing or is not the operator of the source")
        if (event.source, event.type) not in self.handlers:
            raise Unreadable("an event, or a version of one, that this service does not know")

    # Handling

    def handle_due(self) -> int:
        """Handle one batch of what is due; answers how many events were handled. Order is kept for each subject.

        None is also the answer when all that were tried failed: whoever calls waits a moment before the next batch.
        Raises what the database raises when it is not there.
        """
        limit = 1 if self.is_broken else BATCH
        try:
            return self._handle_together(limit)
        except Overtaken:
            return 0
        except Exception as error:
            if failures.concerns_all(error):
                raise
            return self._handle_one_by_one(limit)

    @property
    def is_broken(self) -> bool:
        return self._failed_in_a_row >= BROKEN_AFTER

    def _handle_together(self, limit: int) -> int:
        with self._database.transaction() as tx:
            rows = tx.connection.execute(_DUE, {"moment": now(), "most": limit}).all()
            for row in rows:
                self._handle(tx, row)
            if rows:
                _mark_done(tx.connection, [row.position for row in rows])
        if rows:
            self._failed_in_a_row = 0
            metrics.events_handled.labels(self.service).inc(len(rows))
        return len(rows)

    def _handle_one_by_one(self, limit: int) -> int:
        """Some event of the batch fails: each gets a savepoint, and the others go through."""
        held: set[tuple[str, str]] = set()
        done = []
        with self._database.transaction() as tx:
            rows = tx.connection.execute(_DUE, {"moment": now(), "most": limit}).all()
            for row in rows:
                if (row.source, row.subject) in held:
                    continue
                try:
                    with tx.savepoint():
                        self._handle(tx, row)
                    done.append(row.position)
                    self._failed_in_a_row = 0
                except Exception as error:
                    if failures.concerns_all(error):
                        raise
                    held.add((row.source, row.subject))
                    self._failed(tx.connection, row, error)
            if done:
                _mark_done(tx.connection, done)
        metrics.events_handled.labels(self.service).inc(len(done))
        return len(done)

    def _handle(self, tx: Transaction, row: Row[Any]) -> None:
        declared, handler = self.handlers.get((row.source, row.type), (None, None))
        if declared is None or handler is None:
            raise failures.Permanent("no handler for this event any more")
        event = decoded(row.body)
        wrong = instance(declared.schema).validate(event.data)
        if wrong:
            raise failures.Permanent("fields: " + ", ".join(sorted(map(str, wrong))))
        with correlated(event.correlationid), tx.caused_by(event):
            handler(tx, event)

    def _failed(self, connection: Connection, row: Row[Any], error: Exception) -> None:
        self._failed_in_a_row += 1
        attempts = row.attempts + 1
        parked = failures.is_permanent(error) or attempts >= failures.ATTEMPTS_MAX
        wait = max(failures.delay(attempts), timedelta(seconds=PROBE_EVERY if self.is_broken else 0))
        changed = connection.execute(
            update(inbox)
            .where(inbox.c.position == row.position, inbox.c.state == "pending")
            .values(
                state="parked" if parked else "pending",
                attempts=attempts,
                due_at=now() + wait,
                error=failures.summary(error),
            )
        )
        if changed.rowcount == 0:
            return  # another process handled it meanwhile
        (metrics.parked if parked else metrics.retried).labels(self.service).inc()
        log.warning(
            "event parked" if parked else "event will be retried",
            service=self.service,
            type=row.type,
            event_id=row.event_id,
            attempts=attempts,
            error=failures.summary(error),
        )


def _due() -> Select[Any]:
    """Pending events that are due at ``moment`` and have no earlier event of their subject that waits or is parked.

    In the order of their sequence, so that an earlier event is never cut off behind a later one of its subject.
    """
    moment = bindparam("moment", type_=UTCDateTime)
    earlier = inbox.alias("earlier")
    # Not an EXISTS: PostgreSQL makes that a join, and where its statistics are older than the backlog it reads the
    # whole index for each row. A subquery with a limit is looked up by its subject, whatever the statistics say.
    holder = (
        select(earlier.c.sequence)
        .where(
            earlier.c.source == inbox.c.source,
            earlier.c.subject == inbox.c.subject,
            earlier.c.sequence < inbox.c.sequence,
            earlier.c.state.in_([PENDING, PARKED]),
            (earlier.c.state == PARKED) | (earlier.c.due_at > moment),
        )
        .order_by(earlier.c.sequence)
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    return (
        select(inbox)
        .where(inbox.c.state == PENDING, inbox.c.due_at <= moment, holder.is_(None))
        .order_by(inbox.c.sequence, inbox.c.position)
        .limit(bindparam("most", type_=Integer))
    )


# Built once: SQLAlchemy takes longer to build them than to run them.
_DUE = _due()
_THESE = and_(
    inbox.c.position.in_(bindparam("positions", expanding=True)),
    # That is, pending. Said so, PostgreSQL with old statistics reads all that is pending instead of these rows.
    inbox.c.state.not_in(["done", "parked", "dropped"]),
)
_MARK_DONE = (
    update(inbox).where(_THESE).values(state="done", handled_at=bindparam("moment", type_=UTCDateTime), error=None)
)


def _mark_done(connection: Connection, positions: list[int]) -> None:
    marked = connection.execute(_MARK_DONE, {"positions": positions, "moment": now()})
    if marked.rowcount != len(positions):
        raise Overtaken


_IDENTITY = ["source", "event_id"]
_ARRIVED = ("source", "event_id", "type", "subject", "sequence", "body", "received_at", "due_at", "state")
_AS_ARRAYS = select(*(func.unnest(bindparam(name, type_=postgresql.ARRAY(inbox.c[name].type))) for name in _ARRIVED))
_INSERT_ARRAYS_ONCE = (
    postgresql.insert(inbox).from_select(_ARRIVED, _AS_ARRAYS).on_conflict_do_nothing(index_elements=_IDENTITY)
)
_INSERT_ONCE = sqlite.insert(inbox).on_conflict_do_nothing(index_elements=_IDENTITY)


def _insert_once(tx: Transaction, events: list[dict[str, Any]]) -> None:
    """Insert those that are not there yet."""
    if tx.dialect == "postgresql":
        # Arrays in one statement, as SQLAlchemy sends an insert with ON CONFLICT row by row.
        tx.connection.execute(_INSERT_ARRAYS_ONCE, {name: [event[name] for event in events] for name in _ARRIVED})
    else:
        tx.connection.execute(_INSERT_ONCE, events)


def _quarantined(arrival: Arrival, reason: str) -> dict[str, Any]:
    return {
        "reason": reason,
        "exchange": _storable(arrival.exchange),
        "routing_key": _storable(arrival.routing_key),
        "user_id": arrival.user_id and _storable(arrival.user_id),
        "size": len(arrival.body),
        "body": arrival.body,
        "received_at": now(),
    }


def _storable(name: str) -> str:
    """A name as it came over the wire, without what no database takes: lone surrogates, and NUL on PostgreSQL."""
    return name.encode(errors="replace").decode().replace("\0", "?")[:255]
