"""Which session came from which event of a partner's own calendar: every query on it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bus.times import UTCDateTime
from bus.transaction import Transaction
from services.booking.calendars.matching import Key, Known
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


def known(tx: Transaction, partner: str, calendar: str, now: datetime) -> dict[Key, Known]:
    """The sessions to come that were made from a calendar, by the key of the event; not those whose event is gone."""
    rows = tx.connection.execute(_OF_CALENDAR, {"partner": partner, "calendar": calendar, "moment": now})
    return {
        (row.uid, row.recurrence): Known(
            row.session_id, row.fingerprint, row.title, row.starts_at, row.ends_at, row.cancelled_at
        )
        for row in rows
    }


def save(tx: Transaction, partner: str, calendar: str, made: Mapping[Key, tuple[UUID, str | None]]) -> None:
    """Keep which session each event is, and the fingerprint of the event (None: gone there)."""
    names = (*_KEY, "session_id", "fingerprint")
    rows = [dict(zip(names, (partner, calendar, *key, *values), strict=True)) for key, values in made.items()]
    if rows:
        tx.connection.execute(_SAVED[tx.dialect], rows)
