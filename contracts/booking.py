"""What booking (ARLO) says and answers: sessions, reservations and the waiting list.

Times are RFC 3339 in UTC. Identifiers are UUIDs, languages ISO 639-1 (``it``, ``en``), partners short slugs.
"""

from marshmallow import fields, validate

from contracts.staff import ACTOR_EXAMPLE, Actor
from contracts.wire import Command, EventType, Query, StrictSchema, TolerantSchema

LANGUAGES = ("it", "en")
STATES = ("confirmed", "waiting", "cancelled")
CHANGES = ("title", "description", "times", "room")
SCOPES = ("one", "following", "all")
ATTENDANCE = ("present", "absent", "excused")
REASON_MAX = 500
LINE_STATES = ("waiting", "offered", "accepted", "declined", "expired", "withdrawn")
LAPSED_BECAUSE = ("expired", "declined")
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
RESERVATION_OFFERED = EventType(
    "booking",
    "reservation.offered.v1",
    ReservationOffered,
    {**_FACTS, "expires_at": "2026-11-24T08:00:00+00:00"},
    "A seat was freed and is held for a person on the waiting list, who can accept or decline it.",
)
RESERVATION_LAPSED = EventType(
    "booking",
    "reservation.lapsed.v1",
    ReservationLapsed,
    {**_FACTS, "because": "expired"},
    "The person declined the seat that was held, or did not answer in time; it goes to the next one.",
)
RESERVATION_ATTENDED = EventType(
    "booking",
    "reservation.attended.v1",
    ReservationFacts,
    _FACTS,
    "The person took part in the session.",
)
RESERVATION_MISSED = EventType(
    "booking",
    "reservation.missed.v1",
    ReservationMissed,
    {**_FACTS, "excused": False},
    "The person had a seat and did not take part.",
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
SESSION_CHANGED = EventType(
    "booking",
    "session.changed.v1",
    SessionChanged,
    {
        "session_id": _SESSION_ID,
        "partner": "orso",
        **_TIMES,
        "was_starts_at": "2026-12-01T15:00:00+00:00",
        "changed": ["times"],
    },
    "A session that is to come has other words, other times or another room.",
)
SESSION_CAPACITY_CHANGED = EventType(
    "booking",
    "session.capacity_changed.v1",
    CapacityChanged,
    {"session_id": _SESSION_ID, "partner": "orso", **_TIMES, "capacity": 24, "was": 20},
    "The capacity of a session was raised or lowered; nobody lost a seat.",
)
SESSION_OVERBOOKED = EventType(
    "booking",
    "session.overbooked.v1",
    SessionOverbooked,
    {
        "session_id": _SESSION_ID,
        "partner": "orso",
        **_TIMES,
        "reservation_id": _RESERVATION_ID,
        "capacity": 20,
        "taken": 21,
    },
    "A seat beyond the capacity was given on purpose.",
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


class WaitingList(TolerantSchema):
    """Where a reservation stands, or how it ended, on the waiting list."""

    state = fields.String(required=True, validate=validate.OneOf(LINE_STATES))
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "while waiting; 1 is next"})
    offer_expires_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    passed_over = fields.Boolean(
        required=True, metadata={"description": "while waiting: had two offers already, and others go first"}
    )
    seat_is_free = fields.Boolean(
        required=True,
        metadata={"description": "while waiting: a seat freed so late that the first who takes it has it"},
    )


class Reservation(TolerantSchema):
    id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "while waiting; 1 is next"})
    waiting_list = fields.Nested(
        WaitingList, required=True, allow_none=True, metadata={"description": "null for who never waited"}
    )


class ReservationDetails(Reservation):
    """For who holds the reservation's token. The room's address is not in it: it is told to who enters."""

    session = fields.Nested(Session, required=True)
    join_token = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the secret of the link that leads into the room; null without a seat"},
    )
    join_opens_at = fields.AwareDateTime(
        format="iso", required=True, metadata={"description": "from when the join link lets in"}
    )
    revision = fields.Integer(required=True, metadata={"description": "rises with each change; iCalendar SEQUENCE"})
    was_confirmed = fields.Boolean(required=True, metadata={"description": "had a seat at some time"})


class ReservationLetter(ReservationDetails):
    """For notify alone, at the moment of sending: the token goes into the mail and nowhere else."""

    token = fields.String(required=True)


class ReservationLetters(TolerantSchema):
    items = fields.List(fields.Nested(ReservationLetter), required=True)


class Entrance(TolerantSchema):
    """What who has the join link may know before going in."""

    session = fields.Nested(Session, required=True)
    join_opens_at = fields.AwareDateTime(format="iso", required=True)
    has_seat = fields.Boolean(required=True)


class Room(TolerantSchema):
    room_url = fields.String(required=True)


class Attendance(TolerantSchema):
    """Whether somebody was there; without a name, as the answers to commands are kept for a week."""

    reservation_id = fields.UUID(required=True)
    attendance = fields.String(required=True, allow_none=True, validate=validate.OneOf(ATTENDANCE))
    entered_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)


class Participant(Attendance):
    """One line of the attendance sheet, for staff alone."""

    name = fields.String(required=True, allow_none=True, metadata={"description": "null once forgotten"})


class ClosedSheet(TolerantSchema):
    session = fields.Nested(Session, required=True)
    closed_at = fields.AwareDateTime(format="iso", required=True)


class SessionList(TolerantSchema):
    """Sessions that belong together; ``series_id`` is null where there is but one."""

    series_id = fields.UUID(required=True, allow_none=True)
    items = fields.List(fields.Nested(Session), required=True)


class AttendanceSheet(TolerantSchema):
    """Who has a seat in a session, in the order in which they booked; a page."""

    session = fields.Nested(Session, required=True)
    items = fields.List(fields.Nested(Participant), required=True)
    next = fields.Integer(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})
    closed_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)


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


class MoveReservation(ByToken):
    session_id = fields.UUID(required=True, metadata={"description": "another date of the same series"})


class ByJoinToken(ByReservation):
    token = fields.String(required=True, validate=validate.Length(max=100))


class ByStaff(BySession):
    actor = fields.Nested(Actor, required=True)


class PublishSessions(StrictSchema):
    """``starts_at`` is on the wall clocks of Turin, without a zone; ``rule`` an RRULE (RFC 5545) with an end."""

    actor = fields.Nested(Actor, required=True)
    partner = fields.String(required=True, validate=validate.Length(max=40))
    title = fields.String(required=True)
    description = fields.String(load_default="")
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    starts_at = fields.NaiveDateTime(format="iso", required=True)
    minutes = fields.Integer(required=True, validate=validate.Range(min=5, max=720))
    capacity = fields.Integer(required=True)
    room_url = fields.String(load_default=None, allow_none=True)
    rule = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=300))
    without = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=100))


class ChangeSessions(ByStaff):
    """What is null stays as it is. ``starts_at`` is on the wall clocks of Turin, without a zone, of this session."""

    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    title = fields.String(load_default=None, allow_none=True)
    description = fields.String(load_default=None, allow_none=True)
    room_url = fields.String(load_default=None, allow_none=True)
    starts_at = fields.NaiveDateTime(format="iso", load_default=None, allow_none=True)
    minutes = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=5, max=720))


class CallOffSessions(ByStaff):
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))


class SetCapacity(ByStaff):
    capacity = fields.Integer(required=True)


class Overbook(ByStaff):
    name = fields.String(required=True, validate=validate.Length(min=1, max=NAME_MAX))
    email = fields.Email(required=True, validate=validate.Length(max=EMAIL_MAX))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    consent = fields.Boolean(required=True, metadata={"description": "the person agreed; must be true"})
    reason = fields.String(required=True, validate=validate.Length(min=1, max=REASON_MAX))


class GetAttendance(ByStaff):
    after = fields.Integer(load_default=0)


class MarkAttendance(ByStaff):
    reservation_id = fields.UUID(required=True)
    attendance = fields.String(required=True, validate=validate.OneOf(ATTENDANCE))


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
_RESERVATION = {
    "id": _RESERVATION_ID,
    "session_id": _SESSION_ID,
    "state": "confirmed",
    "position": None,
    "waiting_list": None,
}
_DETAILS = {
    **_RESERVATION,
    "session": _SESSION,
    "join_token": "x1B7n2Qm9-VtR4pL8cKd5sWzF0hJyGuA3eE_oTiNbXc",
    "join_opens_at": "2026-12-01T15:45:00+00:00",
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
LIST_DATES = Query(
    "booking",
    "list_dates",
    ByToken,
    SessionList,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN},
    {"series_id": "018f6f2e-3333-7a10-8b60-4f5a1c2b3d44", "items": [_SESSION]},
    "The other dates of the series that a reservation can be moved to; none where the session is alone.",
    ("not_found",),
)
GET_ENTRANCE = Query(
    "booking",
    "get_entrance",
    ByJoinToken,
    Entrance,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN},
    {"session": _SESSION, "join_opens_at": "2026-12-01T15:45:00+00:00", "has_seat": True},
    "The session that a join link leads into, and from when on.",
    ("not_found",),
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
ACCEPT_OFFER = Command(
    "booking",
    "accept_offer",
    ByToken,
    Reservation,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN},
    {
        **_RESERVATION,
        "waiting_list": {
            "state": "accepted",
            "position": None,
            "offer_expires_at": None,
            "passed_over": False,
            "seat_is_free": False,
        },
    },
    "Take the seat that is held for who waited, or one that was freed too late to be held.",
    ("not_found", "offer_expired", "no_offer", "session_started"),
)
DECLINE_OFFER = Command(
    "booking",
    "decline_offer",
    ByToken,
    Reservation,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN},
    {
        **_RESERVATION,
        "state": "cancelled",
        "waiting_list": {
            "state": "declined",
            "position": None,
            "offer_expires_at": None,
            "passed_over": False,
            "seat_is_free": False,
        },
    },
    "Leave the seat that is held to the next one. Doing it again changes nothing.",
    ("not_found", "no_offer"),
)
MOVE_RESERVATION = Command(
    "booking",
    "move_reservation",
    MoveReservation,
    Reservation,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN, "session_id": _SESSION_ID},
    {**_RESERVATION, "id": "018f6f2e-4444-7a10-8b60-4f5a1c2b3d44"},
    "Change to another date of the series: a new reservation, with the place in line of who booked when this one was.",
    ("not_found", "not_this_series", "session_started", "session_closed", "booked_already"),
)
ENTER_SESSION = Command(
    "booking",
    "enter_session",
    ByJoinToken,
    Room,
    {"reservation_id": _RESERVATION_ID, "token": _TOKEN},
    {"room_url": "https://meet.example.org/orientarsi"},
    "Go into the room: says where it is, and notes that the person was there. From 15 minutes before the start on.",
    ("not_found", "no_seat", "too_early", "session_ended"),
)
_PUBLISHED = {"series_id": None, "items": [_SESSION]}
PUBLISH_SESSIONS = Command(
    "booking",
    "publish_sessions",
    PublishSessions,
    SessionList,
    {
        "actor": ACTOR_EXAMPLE,
        "partner": "orso",
        "title": "Orientarsi dopo il diploma",
        "description": _SESSION["description"],
        "language": "it",
        "starts_at": "2026-12-01T17:00:00",
        "minutes": 90,
        "capacity": 20,
        "room_url": None,
        "rule": "FREQ=WEEKLY;COUNT=8",
        "without": ["2026-12-08"],
    },
    {**_PUBLISHED, "series_id": "018f6f2e-3333-7a10-8b60-4f5a1c2b3d44"},
    "Publish a session, or a series of them by a recurrence rule.",
    ("not_permitted", "not_found", "invalid_arguments"),
)
CHANGE_SESSIONS = Command(
    "booking",
    "change_sessions",
    ChangeSessions,
    SessionList,
    {
        "actor": ACTOR_EXAMPLE,
        "session_id": _SESSION_ID,
        "scope": "following",
        "title": None,
        "description": None,
        "room_url": None,
        "starts_at": "2026-12-01T17:00:00",
        "minutes": None,
    },
    _PUBLISHED,
    "Change a session, it and those after it, or all of its series; who is in one is told what changed.",
    ("not_permitted", "not_found", "invalid_arguments", "session_started", "session_closed"),
)
CALL_OFF_SESSIONS = Command(
    "booking",
    "call_off_sessions",
    CallOffSessions,
    SessionList,
    {"actor": ACTOR_EXAMPLE, "session_id": _SESSION_ID, "scope": "one"},
    {"series_id": None, "items": [{**_SESSION, "cancelled": True, "bookable": False}]},
    "Call off a session, it and those after it, or all of its series; everybody who booked is told.",
    ("not_permitted", "not_found", "session_ended"),
)
SET_CAPACITY = Command(
    "booking",
    "set_capacity",
    SetCapacity,
    Session,
    {"session_id": _SESSION_ID, "actor": ACTOR_EXAMPLE, "capacity": 24},
    {**_SESSION, "capacity": 24, "seats_left": 11},
    "Raise or lower the number of seats: who waits is offered those that become free, and nobody loses one.",
    ("not_permitted", "not_found", "invalid_arguments", "session_ended"),
)
OVERBOOK = Command(
    "booking",
    "overbook",
    Overbook,
    Reservation,
    {
        "session_id": _SESSION_ID,
        "actor": ACTOR_EXAMPLE,
        "name": "Giulia Ferrero",
        "email": "giulia@example.org",
        "language": "it",
        "consent": True,
        "reason": "Comes with her interpreter.",
    },
    _RESERVATION,
    "Give a person a seat in a full session, on purpose and with a reason.",
    ("not_permitted", "not_found", "invalid_arguments", "consent_missing", "session_closed", "seats_are_free"),
)
GET_ATTENDANCE = Query(
    "booking",
    "get_attendance",
    GetAttendance,
    AttendanceSheet,
    {"session_id": _SESSION_ID, "actor": ACTOR_EXAMPLE},
    {
        "session": _SESSION,
        "items": [
            {
                "reservation_id": _RESERVATION_ID,
                "name": "Giulia Ferrero",
                "attendance": "present",
                "entered_at": "2026-12-01T15:58:00+00:00",
            }
        ],
        "next": None,
        "closed_at": None,
    },
    "The attendance sheet of a session, for staff.",
    ("not_permitted", "not_found"),
)
MARK_ATTENDANCE = Command(
    "booking",
    "mark_attendance",
    MarkAttendance,
    Attendance,
    {
        "session_id": _SESSION_ID,
        "actor": ACTOR_EXAMPLE,
        "reservation_id": _RESERVATION_ID,
        "attendance": "excused",
    },
    {"reservation_id": _RESERVATION_ID, "attendance": "excused", "entered_at": None},
    "Say that a person was present, absent or excused. From the start of the session, until the sheet is closed.",
    ("not_permitted", "not_found", "too_early", "sheet_closed"),
)
CLOSE_ATTENDANCE = Command(
    "booking",
    "close_attendance",
    ByStaff,
    ClosedSheet,
    {"session_id": _SESSION_ID, "actor": ACTOR_EXAMPLE},
    {"session": _SESSION, "closed_at": "2026-12-01T17:40:00+00:00"},
    "Close the sheet after the session: says of each person whether they attended. Who is not marked was absent.",
    ("not_permitted", "not_found", "too_early"),
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
REQUESTS = (
    LIST_SESSIONS,
    GET_SESSION,
    LIST_PARTNERS,
    GET_RESERVATION,
    DESCRIBE_RESERVATIONS,
    LIST_DATES,
    GET_ENTRANCE,
    GET_OUTCOME,
    RESERVE_SEAT,
    CANCEL_RESERVATION,
    ACCEPT_OFFER,
    DECLINE_OFFER,
    MOVE_RESERVATION,
    ENTER_SESSION,
    PUBLISH_SESSIONS,
    CHANGE_SESSIONS,
    CALL_OFF_SESSIONS,
    SET_CAPACITY,
    OVERBOOK,
    GET_ATTENDANCE,
    MARK_ATTENDANCE,
    CLOSE_ATTENDANCE,
    CANCEL_SESSION,
)
