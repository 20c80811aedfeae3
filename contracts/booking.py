"""What booking (ARLO) says and answers: sessions, reservations and the waiting list.

Times are RFC 3339 in UTC. Identifiers are UUIDs, languages ISO 639-1 (``it``, ``en``), partners short slugs.
"""

from marshmallow import fields, validate

from contracts.wire import Command, EventType, Query, StrictSchema, TolerantSchema

LANGUAGES = ("it", "en")
STATES = ("confirmed", "waiting", "cancelled")
CANCELLED_BY = ("person", "session")
NAME_MAX = 120
EMAIL_MAX = 254  # RFC 5321 section 4.5.3.1.3, less the angle brackets
PAGE_MAX = 100

_SESSION_ID = "018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11"
_RESERVATION_ID = "018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22"
_PERSON_ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class ReservationFacts(TolerantSchema):
    """What every event about a reservation says. No name, no address: only ``person_id``."""

    reservation_id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    person_id = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    partner = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)


class ReservationConfirmed(ReservationFacts):
    promoted = fields.Boolean(required=True, metadata={"description": "true when the seat came from the waiting list"})


class ReservationWaitlisted(ReservationFacts):
    position = fields.Integer(required=True, validate=validate.Range(min=1))


class ReservationCancelled(ReservationFacts):
    cancelled_by = fields.String(required=True, validate=validate.OneOf(CANCELLED_BY))
    was = fields.String(required=True, validate=validate.OneOf(STATES[:2]))


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


class SessionCancelled(TolerantSchema):
    session_id = fields.UUID(required=True)
    partner = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)


_TIMES = {"starts_at": "2026-12-01T16:00:00+00:00", "ends_at": "2026-12-01T17:30:00+00:00"}
_FACTS = {
    "reservation_id": _RESERVATION_ID,
    "session_id": _SESSION_ID,
    "person_id": _PERSON_ID,
    "partner": "orso",
    **_TIMES,
}

RESERVATION_CONFIRMED = EventType(
    "booking",
    "reservation.confirmed.v1",
    ReservationConfirmed,
    {**_FACTS, "promoted": False},
    "A person has a seat in a session.",
)
RESERVATION_WAITLISTED = EventType(
    "booking",
    "reservation.waitlisted.v1",
    ReservationWaitlisted,
    {**_FACTS, "position": 3},
    "The session is full; the person waits for a seat.",
)
RESERVATION_CANCELLED = EventType(
    "booking",
    "reservation.cancelled.v1",
    ReservationCancelled,
    {**_FACTS, "cancelled_by": "person", "was": "confirmed"},
    "A reservation ended before its session took place.",
)
RESERVATION_REPEATED = EventType(
    "booking",
    "reservation.repeated.v1",
    ReservationRepeated,
    _FACTS,
    "Somebody booked again with the address of a live reservation; nothing changed.",
)
SESSION_PUBLISHED = EventType(
    "booking",
    "session.published.v1",
    SessionPublished,
    {
        "session_id": _SESSION_ID,
        "partner": "orso",
        "title": "Orientarsi dopo il diploma",
        "language": "it",
        "capacity": 20,
        **_TIMES,
    },
    "A session can be booked.",
)
SESSION_CANCELLED = EventType(
    "booking",
    "session.cancelled.v1",
    SessionCancelled,
    {"session_id": _SESSION_ID, "partner": "orso", **_TIMES},
    "A session will not take place; each of its reservations is cancelled by an event of its own too.",
)


class Session(TolerantSchema):
    """A session as anybody may see it: the room's address is not in it."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    language = fields.String(required=True)
    partner = fields.String(required=True)
    partner_name = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)
    capacity = fields.Integer(required=True)
    seats_left = fields.Integer(required=True)
    waiting = fields.Integer(required=True, metadata={"description": "how many people wait for a seat"})
    bookable = fields.Boolean(required=True, metadata={"description": "the booking window is open and it takes place"})
    cancelled = fields.Boolean(required=True)


class SessionPage(TolerantSchema):
    items = fields.List(fields.Nested(Session), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})


class Partner(TolerantSchema):
    id = fields.String(required=True)
    name = fields.String(required=True)


class PartnerList(TolerantSchema):
    items = fields.List(fields.Nested(Partner), required=True)


class Reservation(TolerantSchema):
    id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "while waiting; 1 is next"})


class ReservationDetails(Reservation):
    """For who holds the reservation's token: the session with it, and the room once confirmed."""

    session = fields.Nested(Session, required=True)
    room_url = fields.String(required=True, allow_none=True)
    revision = fields.Integer(required=True, metadata={"description": "rises with each change; iCalendar SEQUENCE"})
    was_confirmed = fields.Boolean(required=True, metadata={"description": "had a seat at some time"})


class ReservationLetter(ReservationDetails):
    """For notify alone, at the moment of sending: the token goes into the mail and nowhere else."""

    token = fields.String(required=True)


class ReservationLetters(TolerantSchema):
    items = fields.List(fields.Nested(ReservationLetter), required=True)


class Outcome(TolerantSchema):
    """What became of a command: ``done`` is false while it was not carried out."""

    done = fields.Boolean(required=True)
    result = fields.Raw(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True, metadata={"description": "a stable code"})


class ListSessions(StrictSchema):
    starts_from = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    starts_before = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LANGUAGES))
    partner = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class BySession(StrictSchema):
    session_id = fields.UUID(required=True)


class ByReservation(StrictSchema):
    reservation_id = fields.UUID(required=True)


class ByReservations(StrictSchema):
    reservation_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=PAGE_MAX))


class ByToken(ByReservation):
    token = fields.String(required=True, validate=validate.Length(max=100))


class NoArguments(StrictSchema):
    pass


class ByKey(StrictSchema):
    idempotency_key = fields.String(required=True, validate=validate.Length(min=1, max=200))


class ReserveSeat(StrictSchema):
    session_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(min=1, max=NAME_MAX))
    email = fields.Email(required=True, validate=validate.Length(max=EMAIL_MAX))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    consent = fields.Boolean(required=True, metadata={"description": "read how the data is used; must be true"})


class CancelSession(BySession):
    pass


_SESSION = {
    "id": _SESSION_ID,
    "title": "Orientarsi dopo il diploma",
    "description": "Un'ora e mezza per capire che cosa viene dopo: lavoro, ITS, università, servizio civile.",
    "language": "it",
    "partner": "orso",
    "partner_name": "Cooperativa Orso",
    **_TIMES,
    "capacity": 20,
    "seats_left": 7,
    "waiting": 0,
    "bookable": True,
    "cancelled": False,
}
_RESERVATION = {"id": _RESERVATION_ID, "session_id": _SESSION_ID, "state": "confirmed", "position": None}
_DETAILS = {
    **_RESERVATION,
    "session": _SESSION,
    "room_url": "https://meet.example.org/orientarsi",
    "revision": 0,
    "was_confirmed": True,
}
_TOKEN = "q0y2c7kS3m4bX8nZ1tR5vW6uJ9pL0aQ-dE_fGhIjKlM"  # noqa: S105 (an example)

LIST_SESSIONS = Query(
    "booking",
    "list_sessions",
    ListSessions,
    SessionPage,
    {"language": "it", "limit": 20},
    {"items": [_SESSION], "next": None},
    "Sessions that are to come, the earliest first.",
    refusals=("invalid_arguments",),
    public=True,
)
GET_SESSION = Query(
    "booking",
    "get_session",
    BySession,
    Session,
    {"session_id": _SESSION_ID},
    _SESSION,
    "One session.",
    ("not_found",),
    public=True,
)
LIST_PARTNERS = Query(
    "booking",
    "list_partners",
    NoArguments,
    PartnerList,
    {},
    {"items": [{"id": "orso", "name": "Cooperativa Orso"}]},
    "The partners that hold sessions.",
    public=True,
)
GET_RESERVATION = Query(
    "booking",
    "get_reservation",
    ByToken,
    ReservationDetails,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN},
    _DETAILS,
    "A reservation, for who holds its token.",
    ("not_found",),
)
DESCRIBE_RESERVATIONS = Query(
    "booking",
    "describe_reservations",
    ByReservations,
    ReservationLetters,
    {"reservation_ids": [_RESERVATION_ID]},
    {"items": [{**_DETAILS, "token": _TOKEN}]},
    "Reservations as they are now, for the mails about them; who is not known is left out. Only notify may ask.",
    callers=("notify",),
)
GET_OUTCOME = Query(
    "booking",
    "get_outcome",
    ByKey,
    Outcome,
    {"idempotency_key": "b6f1"},
    {"done": True, "result": _RESERVATION, "refusal": None},
    "What became of a command, by its idempotency key.",
)
RESERVE_SEAT = Command(
    "booking",
    "reserve_seat",
    ReserveSeat,
    Reservation,
    {
        "session_id": _SESSION_ID,
        "name": "Giulia Ferrero",
        "email": "giulia@example.org",
        "language": "it",
        "consent": True,
    },
    _RESERVATION,
    "Take a seat, or a place on the waiting list when the session is full.",
    ("invalid_arguments", "not_found", "session_closed", "consent_missing"),
)
CANCEL_RESERVATION = Command(
    "booking",
    "cancel_reservation",
    ByToken,
    Reservation,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN},
    {**_RESERVATION, "state": "cancelled"},
    "Give the seat back; it goes to who waits first. Doing it again changes nothing.",
    ("not_found", "session_started"),
)
CANCEL_SESSION = Command(
    "booking",
    "cancel_session",
    CancelSession,
    Session,
    {"session_id": _SESSION_ID},
    {**_SESSION, "cancelled": True, "bookable": False},
    "Call a session off; everybody who booked is told. Only the operator of booking may ask.",
    ("not_found", "session_ended"),
    callers=(),
)

EVENTS = (
    RESERVATION_CONFIRMED,
    RESERVATION_WAITLISTED,
    RESERVATION_CANCELLED,
    RESERVATION_REPEATED,
    SESSION_PUBLISHED,
    SESSION_CANCELLED,
)
REQUESTS = (
    LIST_SESSIONS,
    GET_SESSION,
    LIST_PARTNERS,
    GET_RESERVATION,
    DESCRIBE_RESERVATIONS,
    GET_OUTCOME,
    RESERVE_SEAT,
    CANCEL_RESERVATION,
    CANCEL_SESSION,
)
