"""Booking's tables, with an index for every query in store.py. They belong to booking alone."""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    false,
    literal_column,
    text,
    true,
)

from bus.times import UTCDateTime
from services.booking.domain import State, Story

metadata = MetaData()


class Stories(TypeDecorator[tuple[Story, ...]]):
    """A few stories, as a JSON array of objects."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Story, ...] | None, _dialect: Any) -> Any:
        return [vars(story) for story in value or ()]

    def process_result_value(self, value: Any, _dialect: Any) -> tuple[Story, ...]:
        return tuple(Story(**story) for story in value)


partners = Table(
    "partners",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
)

# The dates that were published together. Their sessions are on their own from then on; this says that they belong.
series = Table(
    "series",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner_id", ForeignKey("partners.id"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("published_at", UTCDateTime, nullable=False),
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
    Column("held", Integer, nullable=False, server_default=text("0")),
    Column("waiting", Integer, nullable=False),
    Column("overbooked", Integer, nullable=False, server_default=text("0")),
    Column("tickets", Integer, nullable=False),
    Column("sheet_closed_at", UTCDateTime),
    Column("series_id", ForeignKey("series.id")),
    Column("revision", Integer, nullable=False, server_default=text("0")),
    Column("stories", Stories, nullable=False, server_default=text("'[]'")),
    CheckConstraint(
        "taken >= 0 AND held >= 0 AND overbooked >= 0 AND taken + held <= capacity + overbooked",
        name="sessions_never_oversold",
    ),
    CheckConstraint("waiting >= 0", name="sessions_waiting"),
)

# Name, e-mail, telephone number and person_id go when they are not needed any more (see usecases.forget_people).
reservations = Table(
    "reservations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("person_id", String(64)),
    Column("name", Text),
    Column("email", Text),
    Column("folded_name", Text),  # while it is live: to suggest that two may be one person
    Column("phone", String(16)),  # E.164, where somebody booked for the person
    Column("booked_by", Uuid),
    Column("reachable", Boolean, nullable=False, server_default=true()),
    Column("state", String(10), nullable=False),
    Column("ticket", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("booked_at", UTCDateTime, nullable=False),
    Column("waited", Boolean, nullable=False, server_default=false()),
    Column("offered_at", UTCDateTime),
    Column("offer_expires_at", UTCDateTime),
    Column("confirmed_at", UTCDateTime),
    Column("cancelled_at", UTCDateTime),
    Column("entered_at", UTCDateTime),
    Column("attendance", String(10)),
    Column("calendar_id", Uuid),  # NULL: its own
    Column("moved_to", Uuid),
    CheckConstraint(
        "state IN ('confirmed', 'waiting', 'offered', 'cancelled', 'declined', 'expired')", name="reservations_state"
    ),
    CheckConstraint("(state = 'offered') = (offer_expires_at IS NOT NULL)", name="reservations_offered_until"),
    CheckConstraint("attendance IN ('present', 'absent', 'excused')", name="reservations_attendance"),
)


# Partners' own calendars that are fetched again and again. The address may be a secret, and leaves this table only to
# be fetched. A claim ends at ``next_at``, when anybody may take the calendar again.
calendars = Table(
    "calendars",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner_id", ForeignKey("partners.id"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("url", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("room_url", Text),
    Column("state", String(10), nullable=False),
    Column("followed_at", UTCDateTime, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("read_at", UTCDateTime),
    Column("fetched_at", UTCDateTime),
    Column("next_at", UTCDateTime),
    Column("claimed_until", UTCDateTime),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("problem", String(20)),
    Column("problem_about", Text),
    Column("preview", JSON(none_as_null=True)),
    Column("last", JSON(none_as_null=True)),
    Column("changes", JSON(none_as_null=True)),
    Column("changed_at", UTCDateTime),
    Column("former_rooms", JSON, nullable=False, server_default=text("'[]'")),
    CheckConstraint("state IN ('new', 'asking', 'confirmed', 'following')", name="calendars_state"),
)
Index("calendars_by_partner", calendars.c.partner_id, calendars.c.name, unique=True)
Index("calendars_due", calendars.c.next_at)

# Which session came from which event of a partner's own calendar.
imported_sessions = Table(
    "imported_sessions",
    metadata,
    Column("partner_id", String(40), primary_key=True),
    Column("calendar", String(40), primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("recurrence", String(10), primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("fingerprint", String(64)),  # of the event that it was last made from; none when that is gone there
    Column("given_capacity", Integer),  # by the calendar; the session has others where somebody changed them by hand
    Column("given_room_url", Text),
)
Index("imported_sessions_by_session", imported_sessions.c.session_id)

# What the staff did, and why. A reason may name a person, and goes when they are forgotten.
staff_actions = Table(
    "staff_actions",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UTCDateTime, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("action", String(40), nullable=False),
    Column("session_id", ForeignKey("sessions.id")),
    Column("reservation_id", ForeignKey("reservations.id")),
    Column("reason", Text),
    Column("calendar", String(81)),  # partner/name, of what was done with a calendar and not with a session
    Column("partner_id", String(40)),
    Column("details", JSON(none_as_null=True)),  # as contracts.booking.Action has them: was, capacity, changed
)
Index("staff_actions_by_time", staff_actions.c.at, staff_actions.c.position)
Index("staff_actions_by_partner", staff_actions.c.partner_id, staff_actions.c.at, staff_actions.c.position)
Index("staff_actions_by_staff", staff_actions.c.staff_id, staff_actions.c.at, staff_actions.c.position)
Index("staff_actions_by_session", staff_actions.c.session_id, staff_actions.c.at, staff_actions.c.position)
Index("staff_actions_by_reservation", staff_actions.c.reservation_id)

# What people say of a session after it. The words go when the people are forgotten; the rest stays as a number.
feedback = Table(
    "feedback",
    metadata,
    Column("reservation_id", ForeignKey("reservations.id"), primary_key=True),
    Column("session_id", ForeignKey("sessions.id"), nullable=False),
    Column("useful", String(10), nullable=False),
    Column("words", Text),
    Column("shown_as", Uuid, nullable=False),  # by chance: the order in which the words are shown tells nobody
    CheckConstraint("useful IN ('yes', 'partly', 'no')", name="feedback_useful"),
)

# What is left of it when its session is deleted: how many said what, by partner, month (YYYY-MM in Turin) and title.
feedback_totals = Table(
    "feedback_totals",
    metadata,
    Column("partner_id", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("title", Text, primary_key=True),
    Column("yes", Integer, nullable=False),
    Column("partly", Integer, nullable=False),
    Column("no", Integer, nullable=False),
)


def _said(state: State) -> ColumnElement[str]:
    """Written into the statement, not bound: SQLite takes a partial index only when the query says the same words."""
    return literal_column(f"'{state}'")


live = reservations.c.state.in_([_said(state) for state in State if state.is_live])
standing_in_line = reservations.c.state.in_([_said(State.WAITING), _said(State.OFFERED)])
in_line = reservations.c.state == _said(State.WAITING)
seated = reservations.c.state == _said(State.CONFIRMED)
offered = reservations.c.state == _said(State.OFFERED)
was_offered = reservations.c.offered_at.is_not(None)
to_come = sessions.c.cancelled_at.is_(None)
called_off = sessions.c.cancelled_at.is_not(None)
known = reservations.c.person_id.is_not(None)
folded = live & reservations.c.folded_name.is_not(None)
numbered = live & reservations.c.phone.is_not(None)
known_here = known & reservations.c.moved_to.is_(None)
for_somebody = known_here & reservations.c.booked_by.is_not(None)

for _name, _columns in (
    ("sessions_by_start", []),
    ("sessions_by_language", [sessions.c.language]),
    ("sessions_by_partner", [sessions.c.partner_id]),
):
    Index(_name, *_columns, sessions.c.starts_at, sessions.c.id, postgresql_where=to_come, sqlite_where=to_come)
in_a_series = sessions.c.series_id.is_not(None)
Index(
    "sessions_by_series",
    sessions.c.series_id,
    sessions.c.starts_at,
    postgresql_where=in_a_series,
    sqlite_where=in_a_series,
)
Index("sessions_by_end", sessions.c.ends_at)
sheet_is_open = to_come & sessions.c.sheet_closed_at.is_(None)
Index(
    "sessions_with_open_sheets",
    sessions.c.ends_at,
    sessions.c.id,
    postgresql_where=sheet_is_open,
    sqlite_where=sheet_is_open,
)
Index("sessions_called_off", sessions.c.starts_at, sessions.c.id, postgresql_where=called_off, sqlite_where=called_off)
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
Index("reservations_offers", reservations.c.offer_expires_at, postgresql_where=offered, sqlite_where=offered)
Index(
    "reservations_were_offered",
    reservations.c.session_id,
    reservations.c.person_id,
    postgresql_where=was_offered,
    sqlite_where=was_offered,
)
Index("reservations_by_session", reservations.c.session_id, reservations.c.ticket)
Index("reservations_by_person", reservations.c.person_id, postgresql_where=known_here, sqlite_where=known_here)
Index("reservations_known", reservations.c.session_id, postgresql_where=known, sqlite_where=known)
Index(
    "reservations_standing_in_line",
    reservations.c.session_id,
    reservations.c.ticket,
    postgresql_where=standing_in_line,
    sqlite_where=standing_in_line,
)
in_words = feedback.c.words.is_not(None)
Index("feedback_by_session", feedback.c.session_id, feedback.c.useful)
Index("feedback_in_words", feedback.c.session_id, feedback.c.shown_as, postgresql_where=in_words, sqlite_where=in_words)
for _name, _columns, _which in (
    ("reservations_by_name", [reservations.c.session_id, reservations.c.folded_name], folded),
    ("reservations_by_phone", [reservations.c.session_id, reservations.c.phone], numbered),
    (
        "reservations_for_somebody",
        [reservations.c.booked_by, reservations.c.booked_at, reservations.c.id],
        for_somebody,
    ),
):
    Index(_name, *_columns, postgresql_where=_which, sqlite_where=_which)
