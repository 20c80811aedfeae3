"""The events of booking: what becomes of sessions, and of reservations in them."""

from marshmallow import fields, validate

from contracts.booking.examples import FACTS, RESERVATION_ID, SESSION_ID, TIMES
from contracts.booking.words import CANCELLED_BY, CHANGES, LANGUAGES, LAPSED_BECAUSE, STATES
from contracts.wire import EventType, TolerantSchema


class ReservationFacts(TolerantSchema):
    """What every event about a reservation says. No name, no address: only ``person_id``."""

    reservation_id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    person_id = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    partner = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)
    booked_by = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "the account of who booked for the person; null: they did it themselves"},
    )
    reachable = fields.Boolean(load_default=True, metadata={"description": "the person gave an e-mail address"})


_MOVED_FROM = "the reservation on another date that this one comes in the place of; null: it is a new one"


class ReservationConfirmed(ReservationFacts):
    promoted = fields.Boolean(required=True, metadata={"description": "true when the seat came from the waiting list"})
    moved_from = fields.UUID(load_default=None, allow_none=True, metadata={"description": _MOVED_FROM})


class ReservationWaitlisted(ReservationFacts):
    moved_from = fields.UUID(load_default=None, allow_none=True, metadata={"description": _MOVED_FROM})
    position = fields.Integer(required=True, validate=validate.Range(min=1))


class ReservationCancelled(ReservationFacts):
    cancelled_by = fields.String(required=True, validate=validate.OneOf(CANCELLED_BY))
    was = fields.String(required=True, validate=validate.OneOf(STATES[:2]))
    moved_to = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "the reservation on another date that comes in its place; null: there is none"},
    )


class ReservationOffered(ReservationFacts):
    """A seat is held for who waits first, until ``expires_at``."""

    expires_at = fields.AwareDateTime(format="iso", required=True)


class ReservationMissed(ReservationFacts):
    excused = fields.Boolean(required=True)


class ReservationLapsed(ReservationFacts):
    """The seat that was held is held no more, and the reservation is over."""

    because = fields.String(required=True, validate=validate.OneOf(LAPSED_BECAUSE))


class ReservationRepeated(ReservationFacts):
    """Somebody booked again with the address of a live reservation; ``reservation_id`` is that first one."""


class SessionPublished(TolerantSchema):
    session_id = fields.UUID(required=True)
    partner = fields.String(required=True)
    title = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)
    capacity = fields.Integer(required=True)


class SessionChanged(TolerantSchema):
    """The times are those of now."""

    session_id = fields.UUID(required=True)
    partner = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)
    was_starts_at = fields.AwareDateTime(format="iso", required=True)
    changed = fields.List(fields.String(validate=validate.OneOf(CHANGES)), required=True)


class CapacityChanged(TolerantSchema):
    session_id = fields.UUID(required=True)
    partner = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)
    capacity = fields.Integer(required=True)
    was = fields.Integer(required=True, metadata={"description": "the capacity before"})


class SessionOverbooked(TolerantSchema):
    """Staff gave a seat beyond the capacity, on purpose. The reason they gave stays in booking."""

    session_id = fields.UUID(required=True)
    partner = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)
    reservation_id = fields.UUID(required=True)
    capacity = fields.Integer(required=True)
    taken = fields.Integer(required=True, metadata={"description": "seats taken and held, with this one"})


class SessionCancelled(TolerantSchema):
    session_id = fields.UUID(required=True)
    partner = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)


RESERVATION_CONFIRMED = EventType(
    "booking",
    "reservation.confirmed.v1",
    ReservationConfirmed,
    {**FACTS, "promoted": False, "moved_from": None},
    "A person has a seat in a session.",
)
RESERVATION_WAITLISTED = EventType(
    "booking",
    "reservation.waitlisted.v1",
    ReservationWaitlisted,
    {**FACTS, "position": 3, "moved_from": None},
    "The session is full; the person waits for a seat.",
)
RESERVATION_CANCELLED = EventType(
    "booking",
    "reservation.cancelled.v1",
    ReservationCancelled,
    {**FACTS, "cancelled_by": "person", "was": "confirmed", "moved_to": None},
    "A reservation ended before its session took place.",
)
RESERVATION_OFFERED = EventType(
    "booking",
    "reservation.offered.v1",
    ReservationOffered,
    {**FACTS, "expires_at": "2026-11-24T08:00:00+00:00"},
    "A seat was freed and is held for a person on the waiting list, who can accept or decline it.",
)
RESERVATION_LAPSED = EventType(
    "booking",
    "reservation.lapsed.v1",
    ReservationLapsed,
    {**FACTS, "because": "expired"},
    "The person declined the seat that was held, or did not answer in time; it goes to the next one.",
)
RESERVATION_ATTENDED = EventType(
    "booking",
    "reservation.attended.v1",
    ReservationFacts,
    FACTS,
    "The person took part in the session.",
)
RESERVATION_MISSED = EventType(
    "booking",
    "reservation.missed.v1",
    ReservationMissed,
    {**FACTS, "excused": False},
    "The person had a seat and did not take part.",
)
RESERVATION_REPEATED = EventType(
    "booking",
    "reservation.repeated.v1",
    ReservationRepeated,
    FACTS,
    "Somebody booked again with the address of a live reservation; nothing changed.",
)
SESSION_PUBLISHED = EventType(
    "booking",
    "session.published.v1",
    SessionPublished,
    {
        "session_id": SESSION_ID,
        "partner": "orso",
        "title": "Orientarsi dopo il diploma",
        "language": "it",
        "capacity": 20,
        **TIMES,
    },
    "A session can be booked.",
)
SESSION_CHANGED = EventType(
    "booking",
    "session.changed.v1",
    SessionChanged,
    {
        "session_id": SESSION_ID,
        "partner": "orso",
        **TIMES,
        "was_starts_at": "2026-12-01T15:00:00+00:00",
        "changed": ["times"],
    },
    "A session that is to come has other words, other times or another room.",
)
SESSION_CAPACITY_CHANGED = EventType(
    "booking",
    "session.capacity_changed.v1",
    CapacityChanged,
    {"session_id": SESSION_ID, "partner": "orso", **TIMES, "capacity": 24, "was": 20},
    "The capacity of a session was raised or lowered; nobody lost a seat.",
)
SESSION_OVERBOOKED = EventType(
    "booking",
    "session.overbooked.v1",
    SessionOverbooked,
    {
        "session_id": SESSION_ID,
        "partner": "orso",
        **TIMES,
        "reservation_id": RESERVATION_ID,
        "capacity": 20,
        "taken": 21,
    },
    "A seat beyond the capacity was given on purpose.",
)
SESSION_CANCELLED = EventType(
    "booking",
    "session.cancelled.v1",
    SessionCancelled,
    {"session_id": SESSION_ID, "partner": "orso", **TIMES},
    "A session will not take place; each of its reservations is cancelled by an event of its own too.",
)

EVENTS = (
    RESERVATION_CONFIRMED,
    RESERVATION_WAITLISTED,
    RESERVATION_CANCELLED,
    RESERVATION_OFFERED,
    RESERVATION_LAPSED,
    RESERVATION_REPEATED,
    RESERVATION_ATTENDED,
    RESERVATION_MISSED,
    SESSION_PUBLISHED,
    SESSION_CHANGED,
    SESSION_CAPACITY_CHANGED,
    SESSION_OVERBOOKED,
    SESSION_CANCELLED,
)
