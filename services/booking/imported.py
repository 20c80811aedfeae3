"""Which session came from which event of a partner's own calendar: the table, and every query on it.

It has no foreign key to the sessions: they are never deleted, and it is looked at by nothing but the import.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, String, Table, Text, Uuid, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from services.booking.tables import metadata, partners, sessions

Key = tuple[str, str]  # the UID, and which of its recurrences

imported_sessions = Table(
    "imported_sessions",
    metadata,
    Column("partner_id", String(40), primary_key=True),
    Column("calendar", String(40), primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("recurrence", String(10), primary_key=True),
    Column("session_id", Uuid, nullable=False),
    Column("fingerprint", String(64)),
)


@dataclass(frozen=True)
class Known:
    """A session that was imported before. ``fingerprint`` is of the event it was last made from; None: gone there."""

    session_id: UUID
    fingerprint: str | None
    starts_at: datetime
    cancelled_at: datetime | None


_OF_CALENDAR = (
    select(imported_sessions, sessions.c.starts_at, sessions.c.cancelled_at)
    .join(sessions, sessions.c.id == imported_sessions.c.session_id)
    .where(
        imported_sessions.c.partner_id == bindparam("partner"), imported_sessions.c.calendar == bindparam("calendar")
    )
)
_HOLD_PARTNER = select(partners.c.id).where(partners.c.id == bindparam("partner")).with_for_update()
_KEY = ("partner_id", "calendar", "uid", "recurrence")
_SAVED = {}
for _dialect in (postgresql, sqlite):
    _insert = _dialect.insert(imported_sessions)
    _values = {name: _insert.excluded[name] for name in ("session_id", "fingerprint")}
    _SAVED[_dialect.__name__.rpartition(".")[2]] = _insert.on_conflict_do_update(index_elements=_KEY, set_=_values)


def hold_partner(tx: Transaction, partner: str) -> bool:
    """Whether there is the partner; then nobody else imports a calendar of it until the transaction ends."""
    return tx.connection.execute(_HOLD_PARTNER, {"partner": partner}).first() is not None


def known(tx: Transaction, partner: str, calendar: str) -> dict[Key, Known]:
    """All that was ever imported from a calendar, by its key."""
    rows = tx.connection.execute(_OF_CALENDAR, {"partner": partner, "calendar": calendar})
    return {
        (row.uid, row.recurrence): Known(row.session_id, row.fingerprint, row.starts_at, row.cancelled_at)
        for row in rows
    }


def save(tx: Transaction, partner: str, calendar: str, key: Key, made: tuple[UUID, str | None]) -> None:
    """Keep which session an event is, and the fingerprint of the event (None: gone there)."""
    row = dict(zip((*_KEY, "session_id", "fingerprint"), (partner, calendar, *key, *made), strict=True))
    tx.connection.execute(_SAVED[tx.dialect], row)
