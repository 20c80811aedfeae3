"""Which session came from which event of a partner's own calendar: every query on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.times import UTCDateTime
from bus.transaction import Transaction
from services.booking.calendars.matching import Given, Key, Known
from services.booking.tables import imported_sessions, partners, sessions

_KNOWN = [sessions.c[name] for name in ("title", "starts_at", "ends_at", "cancelled_at")]
_OF_CALENDAR = (
    select(imported_sessions, *_KNOWN)
    .join(sessions, sessions.c.id == imported_sessions.c.session_id)
    .where(
        imported_sessions.c.partner_id == bindparam("partner"),
        imported_sessions.c.calendar == bindparam("calendar"),
        imported_sessions.c.fingerprint.is_not(None),
        sessions.c.starts_at > bindparam("moment", type_=UTCDateTime),
    )
)
_GIVE = update(imported_sessions).where(imported_sessions.c.session_id == bindparam("session"))
_HOLD_PARTNER = select(partners.c.id).where(partners.c.id == bindparam("partner")).with_for_update()
_KEY = ("partner_id", "calendar", "uid", "recurrence")
_SAVED = {}
for _dialect in (postgresql, sqlite):
    _insert = _dialect.insert(imported_sessions)
    _values = {
        name: _insert.excluded[name] for name in ("session_id", "fingerprint", "given_capacity", "given_room_url")
    }
    _SAVED[_dialect.__name__.rpartition(".")[2]] = _insert.on_conflict_do_update(index_elements=_KEY, set_=_values)


@dataclass(frozen=True)
class Made:
    """What is kept of a session that was made from an event; no ``fingerprint``: the event is gone there."""

    session_id: UUID
    fingerprint: str | None
    given: Given


def hold_partner(tx: Transaction, partner: str) -> bool:
    """Whether there is the partner; then nobody else imports a calendar of it until the transaction ends."""
    return tx.connection.execute(_HOLD_PARTNER, {"partner": partner}).first() is not None


def known(tx: Transaction, partner: str, calendar: str, now: datetime) -> dict[Key, Known]:
    """The sessions to come that were made from a calendar, by the key of the event; not those whose event is gone."""
    rows = tx.connection.execute(_OF_CALENDAR, {"partner": partner, "calendar": calendar, "moment": now})
    return {
        (row.uid, row.recurrence): Known(
            row.session_id,
            row.fingerprint,
            row.title,
            row.starts_at,
            row.ends_at,
            row.cancelled_at,
            Given(row.given_capacity, row.given_room_url),
        )
        for row in rows
    }


def give(tx: Transaction, given: Mapping[UUID, Given]) -> None:
    """Keep what a calendar gave its sessions meanwhile."""
    rows = [{"session": key, **_columns(values)} for key, values in given.items()]
    if rows:
        tx.connection.execute(_GIVE, rows)


def save(tx: Transaction, partner: str, calendar: str, made: Mapping[Key, Made]) -> None:
    """Keep which session each event is, and what it was made from."""
    rows = [
        {
            **dict(zip(_KEY, (partner, calendar, *key), strict=True)),
            "session_id": each.session_id,
            "fingerprint": each.fingerprint,
            **_columns(each.given),
        }
        for key, each in made.items()
    ]
    if rows:
        tx.connection.execute(_SAVED[tx.dialect], rows)


def _columns(given: Given) -> dict[str, Any]:
    return {"given_capacity": given.capacity, "given_room_url": given.room_url}
