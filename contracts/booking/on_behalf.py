"""Booking for somebody: what the staff and prescribers ask, who may have nothing of the person but a name.

Everything else about such a reservation goes by its token, as for anybody: see ``contracts.booking.visitors``.
"""

from marshmallow import fields, validate

from contracts.booking.answers import Reservation, ReservationDetails, Session
from contracts.booking.arguments import ByStaff, Person
from contracts.booking.examples import DETAILS, RESERVATION, RESERVATION_ID, SESSION, SESSION_ID, TOKEN
from contracts.booking.words import ALIKE_BECAUSE, ATTENDANCE, LANGUAGES, PAGE_MAX, STATES
from contracts.staff import ACTOR_EXAMPLE, Actor
from contracts.wire import Command, Query, StrictSchema, TolerantSchema


class ReserveFor(ByStaff, Person):
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    consent = fields.Boolean(required=True, metadata={"description": "the person agreed; must be true"})


class ListBookedFor(StrictSchema):
    actor = fields.Nested(Actor, required=True)
    reservation_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "this one alone"})
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class FindAlike(ByStaff, Person):
    pass


class BookedFor(ReservationDetails):
    """A reservation, for the account that made it for somebody."""

    name = fields.String(required=True, allow_none=True, metadata={"description": "null once forgotten"})
    phone = fields.String(required=True, allow_none=True, metadata={"description": "E.164"})
    reachable = fields.Boolean(required=True, metadata={"description": "the person gave an e-mail address"})
    booked_at = fields.AwareDateTime(format="iso", required=True)
    attendance = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(ATTENDANCE),
        metadata={"description": "once the attendance sheet is closed"},
    )
    token = fields.String(required=True, metadata={"description": "manages the reservation"})


class BookedForPage(TolerantSchema):
    """The newest first. One that was moved to another date is left out: the one on that date is there."""

    items = fields.List(fields.Nested(BookedFor), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})


class Alike(TolerantSchema):
    """A live reservation that may be of the same person; why, in stable words."""

    id = fields.UUID(required=True)
    session = fields.Nested(Session, required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    name = fields.String(required=True, allow_none=True)
    because = fields.List(fields.String(validate=validate.OneOf(ALIKE_BECAUSE)), required=True)
    token = fields.String(
        required=True, allow_none=True, metadata={"description": "null unless the actor made this reservation"}
    )


class AlikeList(TolerantSchema):
    items = fields.List(fields.Nested(Alike), required=True)


_GIULIA = {"name": "Giulia Ferrero", "email": None, "phone": "333 123 4567"}

RESERVE_FOR = Command(
    "booking",
    "reserve_for",
    ReserveFor,
    Reservation,
    {"session_id": SESSION_ID, "actor": ACTOR_EXAMPLE, **_GIULIA, "language": "it", "consent": True},
    RESERVATION,
    "Take a seat for somebody, or a place on the waiting list: staff of the session's partner, and prescribers.",
    ("not_permitted", "not_found", "invalid_arguments", "consent_missing", "session_closed", "booked_already"),
)
LIST_BOOKED_FOR = Query(
    "booking",
    "list_booked_for",
    ListBookedFor,
    BookedForPage,
    {"actor": ACTOR_EXAMPLE, "limit": 20},
    {
        "items": [
            {
                **DETAILS,
                "name": "Giulia Ferrero",
                "phone": "+393331234567",
                "reachable": False,
                "booked_at": "2026-11-23T09:00:00+00:00",
                "attendance": None,
                "token": TOKEN,
            }
        ],
        "next": None,
    },
    "The reservations that the actor made for others, and what became of each.",
    ("not_permitted", "invalid_arguments"),
)
FIND_ALIKE = Query(
    "booking",
    "find_alike",
    FindAlike,
    AlikeList,
    {"session_id": SESSION_ID, "actor": ACTOR_EXAMPLE, **_GIULIA},
    {
        "items": [
            {
                "id": RESERVATION_ID,
                "session": SESSION,
                "state": "confirmed",
                "name": "Ferrero Giulia",
                "because": ["same_name"],
                "token": None,
            }
        ]
    },
    "Who in the session, or on another date of its series, may be the same person. It suggests; nothing is merged.",
    ("not_permitted", "not_found", "invalid_arguments"),
)

REQUESTS = (RESERVE_FOR, LIST_BOOKED_FOR, FIND_ALIKE)
