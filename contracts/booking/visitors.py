"""What people ask booking, by way of the gateway, and what notify asks about them."""

from contracts.booking.answers import (
    Entrance,
    Outcome,
    PartnerList,
    Reservation,
    ReservationDetails,
    ReservationLetters,
    Room,
    Session,
    SessionList,
    SessionPage,
)
from contracts.booking.arguments import (
    ActByToken,
    ByJoinToken,
    ByKey,
    ByReservations,
    BySession,
    ByToken,
    ListSessions,
    MoveReservation,
    NoArguments,
    ReserveSeat,
)
from contracts.booking.examples import DETAILS, RESERVATION, RESERVATION_ID, SESSION, SESSION_ID, TOKEN
from contracts.wire import Command, Query

LIST_SESSIONS = Query(
    "booking",
    "list_sessions",
    ListSessions,
    SessionPage,
    {"language": "it", "limit": 20},
    {"items": [SESSION], "next": None},
    "Sessions that are to come, the earliest first.",
    refusals=("invalid_arguments",),
    public=True,
)
GET_SESSION = Query(
    "booking",
    "get_session",
    BySession,
    Session,
    {"session_id": SESSION_ID},
    SESSION,
    "One session.",
    ("not_found",),
    callers=("gateway", "notify"),
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
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    DETAILS,
    "A reservation, for who holds its token.",
    ("not_found",),
)
DESCRIBE_RESERVATIONS = Query(
    "booking",
    "describe_reservations",
    ByReservations,
    ReservationLetters,
    {"reservation_ids": [RESERVATION_ID]},
    {
        "items": [
            {
                **DETAILS,
                "token": TOKEN,
                "booked_by": None,
                "name": None,
                "reachable": True,
                "other_dates": [],
                "moved_to": None,
            }
        ]
    },
    "Reservations as they are now, for the mails about them; who is not known is left out. Only notify may ask.",
    callers=("notify",),
)
LIST_DATES = Query(
    "booking",
    "list_dates",
    ByToken,
    SessionList,
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    {"series_id": "018f6f2e-3333-7a10-8b60-4f5a1c2b3d44", "items": [SESSION]},
    "The other dates of the series that a reservation can be moved to; none where the session is alone.",
    ("not_found",),
)
GET_ENTRANCE = Query(
    "booking",
    "get_entrance",
    ByJoinToken,
    Entrance,
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    {"session": SESSION, "join_opens_at": "2026-12-01T15:45:00+00:00", "has_seat": True},
    "The session that a join link leads into, and from when on.",
    ("not_found",),
)
GET_OUTCOME = Query(
    "booking",
    "get_outcome",
    ByKey,
    Outcome,
    {"idempotency_key": "b6f1"},
    {"done": True, "result": RESERVATION, "refusal": None},
    "What became of a command, by its idempotency key.",
)
RESERVE_SEAT = Command(
    "booking",
    "reserve_seat",
    ReserveSeat,
    Reservation,
    {
        "session_id": SESSION_ID,
        "name": "Giulia Ferrero",
        "email": "giulia@example.org",
        "language": "it",
        "consent": True,
    },
    RESERVATION,
    "Take a seat, or a place on the waiting list when the session is full.",
    ("invalid_arguments", "not_found", "session_closed", "consent_missing"),
    tells_later=True,
)
CANCEL_RESERVATION = Command(
    "booking",
    "cancel_reservation",
    ActByToken,
    Reservation,
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    {**RESERVATION, "state": "cancelled"},
    "Give the seat back; it goes to who waits first. Doing it again changes nothing.",
    ("not_found", "session_started"),
    tells_later=True,
)
ACCEPT_OFFER = Command(
    "booking",
    "accept_offer",
    ActByToken,
    Reservation,
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    {
        **RESERVATION,
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
    tells_later=True,
)
DECLINE_OFFER = Command(
    "booking",
    "decline_offer",
    ActByToken,
    Reservation,
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    {
        **RESERVATION,
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
    tells_later=True,
)
MOVE_RESERVATION = Command(
    "booking",
    "move_reservation",
    MoveReservation,
    Reservation,
    {"reservation_id": RESERVATION_ID, "token": TOKEN, "session_id": SESSION_ID},
    {**RESERVATION, "id": "018f6f2e-4444-7a10-8b60-4f5a1c2b3d44"},
    "Change to another date of the series, also from one that was called off: a new reservation, with the place in "
    "line of who booked when this one was.",
    ("not_found", "not_this_series", "session_started", "session_closed", "booked_already"),
    tells_later=True,
)
ENTER_SESSION = Command(
    "booking",
    "enter_session",
    ByJoinToken,
    Room,
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    {"room_url": "https://meet.example.org/orientarsi"},
    "Go into the room: says where it is, and notes that the person was there. From 15 minutes before the start on.",
    ("not_found", "no_seat", "too_early", "session_ended"),
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
)
