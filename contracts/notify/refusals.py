"""What booking tells notify of a request that it refused when the person had left the page."""

from marshmallow import fields, validate

from contracts.booking.examples import RESERVATION_ID, SESSION_ID
from contracts.booking.visitors import (
    ACCEPT_OFFER,
    CANCEL_RESERVATION,
    DECLINE_OFFER,
    MOVE_RESERVATION,
    RESERVE_SEAT,
)
from contracts.wire import Command, StrictSchema, TolerantSchema

# What a person asks for, and is written to about when it is refused later.
ASKED_FOR = tuple(
    command.name for command in (RESERVE_SEAT, CANCEL_RESERVATION, ACCEPT_OFFER, DECLINE_OFFER, MOVE_RESERVATION)
)
CODE_MAX = 100


class TellRefusal(StrictSchema):
    """No name and no address: notify knows how ``person_id`` is reached, or is told of it besides."""

    asked_for = fields.String(
        required=True, validate=validate.OneOf(ASKED_FOR), metadata={"description": "the command that was refused"}
    )
    code = fields.String(
        required=True, validate=validate.Length(min=1, max=CODE_MAX), metadata={"description": "of the refusal"}
    )
    person_id = fields.String(required=True, validate=validate.Length(min=1, max=64))
    session_id = fields.UUID(
        required=True, metadata={"description": "that a seat was asked for in; else that of the reservation"}
    )
    reservation_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "null where a seat was asked for"}
    )
    booked_by = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "the member of the staff who is told too"}
    )
    reachable = fields.Boolean(load_default=True, metadata={"description": "whether the person is written to"})


class Told(TolerantSchema):
    told = fields.Boolean(required=True, metadata={"description": "true"})


TELL_REFUSAL = Command(
    "notify",
    "tell_refusal",
    TellRefusal,
    Told,
    {
        "asked_for": "cancel_reservation",
        "code": "session_started",
        "person_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "session_id": SESSION_ID,
        "reservation_id": RESERVATION_ID,
        "booked_by": None,
        "reachable": True,
    },
    {"told": True},
    "Write to a person that what they had asked for was refused, after they were told to expect a mail.",
    ("invalid_arguments",),
    callers=("booking",),
)

REQUESTS = (TELL_REFUSAL,)
