"""Booking's tables, with an index for every query in store.py. They belong to booking alone."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
)

from bus.times import UTCDateTime
from services.booking.domain import State

metadata = MetaData()

partners = Table(
    "partners",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
)

# The row is also the lock of the session's seats: who changes a reservation of it holds it.
sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner_id", ForeignKey("partners.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("opens_at", UTCDateTime, nullable=False),
    Column("closes_at", UTCDateTime, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("room_url", Text, nullable=False),
    Column("cancelled_at", UTCDateTime),
    Column("taken", Integer, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("tickets", Integer, nullable=False),
    CheckConstraint("taken BETWEEN 0 AND capacity", name="sessions_never_oversold"),
    CheckConstraint(
        "waiting = 0 OR (waiting > 0 AND taken = capacity)", name="sessions_nobody_waits_beside_a_free_seat"
    ),
)

# Name, e-mail and person_id go when they are not needed any more (see usecases.forget_people).
reservations = Table(
    "reservations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("person_id", String(64)),
    Column("name", Text),
    Column("email", Text),
    Column("state", String(10), nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("booked_at", UTCDateTime, nullable=False),
    Column("confirmed_at", UTCDateTime),
    Column("cancelled_at", UTCDateTime),
    CheckConstraint("state IN ('confirmed', 'waiting', 'cancelled')", name="reservations_state"),
)

# Written into the statement, not bound: SQLite takes a partial index only when it reads the same words in the query.
live = reservations.c.state != bindparam(None, State.CANCELLED.value, literal_execute=True)
in_line = reservations.c.state == bindparam(None, State.WAITING.value, literal_execute=True)
to_come = sessions.c.cancelled_at.is_(None)
known = reservations.c.person_id.is_not(None)

for _name, _columns in (
    ("sessions_by_start", []),
    ("sessions_by_language", [sessions.c.language]),
    ("sessions_by_partner", [sessions.c.partner_id]),
):
    Index(_name, *_columns, sessions.c.starts_at, sessions.c.id, postgresql_where=to_come, sqlite_where=to_come)
Index("sessions_by_end", sessions.c.ends_at)
Index(
    "reservations_live",
    reservations.c.session_id,
    reservations.c.person_id,
    unique=True,
    postgresql_where=live,
    sqlite_where=live,
)
Index(
    "reservations_in_line",
    reservations.c.session_id,
    reservations.c.ticket,
    unique=True,
    postgresql_where=in_line,
    sqlite_where=in_line,
)
Index("reservations_known", reservations.c.session_id, postgresql_where=known, sqlite_where=known)
