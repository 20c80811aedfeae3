"""Who waits for a seat, as the staff may see it."""

from marshmallow import fields, validate

from contracts.booking.answers import Session
from contracts.booking.arguments import ByStaff
from contracts.booking.examples import RESERVATION_ID, SESSION, SESSION_ID
from contracts.booking.words import LINE_STATES
from contracts.staff import ACTOR_EXAMPLE
from contracts.wire import Query, TolerantSchema


class GetWaiting(ByStaff):
    after = fields.Integer(load_default=0)


class Waiting(TolerantSchema):
    """One who waits, or is offered a seat, for staff alone."""

    reservation_id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True, metadata={"description": "null once forgotten"})
    state = fields.String(required=True, validate=validate.OneOf(LINE_STATES[:2]))
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "while waiting; 1 is next"})
    offer_expires_at = fields.AwareDateTime(
        format="iso", required=True, allow_none=True, metadata={"description": "until when a seat is held"}
    )
    since = fields.AwareDateTime(
        format="iso", required=True, metadata={"description": "when they booked, on this date or an earlier one"}
    )


class WaitingPage(TolerantSchema):
    """In the order of the line, those who are offered a seat in the place that they had; a page."""

    session = fields.Nested(Session, required=True)
    items = fields.List(fields.Nested(Waiting), required=True)
    next = fields.Integer(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})


GET_WAITING = Query(
    "booking",
    "get_waiting",
    GetWaiting,
    WaitingPage,
    {"session_id": SESSION_ID, "actor": ACTOR_EXAMPLE},
    {
        "session": {**SESSION, "taken": 20, "seats_left": 0, "waiting": 1},
        "items": [
            {
                "reservation_id": RESERVATION_ID,
                "name": "Giulia Ferrero",
                "state": "waiting",
                "position": 1,
                "offer_expires_at": None,
                "since": "2026-11-23T09:00:00+00:00",
            }
        ],
        "next": None,
    },
    "Who waits for a seat in a session, or is offered one, for staff.",
    ("not_permitted", "not_found"),
)

REQUESTS = (GET_WAITING,)
