"""What an operator does with events that were set aside: look, try again, drop. Each act is in the audit table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from bus.database import Database
from bus.tables import PARKED, PENDING, audit, inbox, quarantine
from bus.times import now

PAGE = 50


class NotParked(Exception):
    """There is no parked event with this id."""


@dataclass(frozen=True)
class Parked:
    """A parked event. ``behind`` counts the later events of its subject that wait for it."""

    event_id: str
    source: str
    type: str
    subject: str
    received_at: datetime
    attempts: int
    error: str
    behind: int


def parked(database: Database, page: int = 1) -> list[Parked]:
    """The parked events, the oldest first, 50 to a page."""
    later = inbox.alias("later")
    behind = (
        select(func.count())
        .select_from(later)
        .where(
            later.c.source == inbox.c.source,
            later.c.subject == inbox.c.subject,
            later.c.sequence > inbox.c.sequence,
            later.c.state == PENDING,
        )
        .scalar_subquery()
    )
    query = (
        select(inbox, behind.label("behind"))
        .where(inbox.c.state == PARKED)
        .order_by(inbox.c.position)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    with database.reading() as tx:
        return [_parked(row) for row in tx.connection.execute(query)]


def body(database: Database, event_id: str) -> str:
    """The event as it arrived. Raises NotParked."""
    with database.reading() as tx:
        row = tx.connection.execute(_found(event_id)).first()
    if row is None:
        raise NotParked
    return str(row.body)


def replay(database: Database, event_id: str, operator: str) -> None:
    """Handle it again, at once, and then what waits behind it. Raises NotParked."""
    _change(database, event_id, operator, "replay", {"state": "pending", "attempts": 0, "due_at": now()})


def drop(database: Database, event_id: str, operator: str) -> None:
    """Never handle it; what waits behind it goes on. The row stays until it is purged. Raises NotParked."""
    _change(database, event_id, operator, "drop", {"state": "dropped", "handled_at": now()})


def quarantined(database: Database, page: int = 1) -> list[Row[Any]]:
    """Messages that could not be read: number, reason, exchange, routing key, size, received_at; without the body."""
    columns = [column for column in quarantine.c if column.name != "body"]
    query = select(*columns).order_by(quarantine.c.position).offset((page - 1) * PAGE).limit(PAGE)
    with database.reading() as tx:
        return list(tx.connection.execute(query))


def _change(database: Database, event_id: str, operator: str, action: str, values: dict[str, Any]) -> None:
    with database.transaction() as tx:
        row = tx.connection.execute(_found(event_id)).first()
        if row is None:
            raise NotParked
        tx.connection.execute(update(inbox).where(inbox.c.position == row.position).values(**values))
        entry = {"operator": operator, "action": action, "source": row.source, "event_id": event_id, "at": now()}
        tx.connection.execute(insert(audit).values(entry))


def _found(event_id: str) -> Select[Any]:
    return select(inbox).where(inbox.c.state == PARKED, inbox.c.event_id == event_id)


def _parked(row: Row[Any]) -> Parked:
    return Parked(
        row.event_id, row.source, row.type, row.subject, row.received_at, row.attempts, row.error or "", row.behind
    )
