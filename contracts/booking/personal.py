"""What a person with a pass asks booking: all of their reservations, on a page of their own."""

from marshmallow import fields, validate

from contracts.booking.answers import ReservationDetails
from contracts.booking.examples import DETAILS, PASS, TOKEN
from contracts.booking.words import PAGE_MAX
from contracts.person import PASS_MAX
from contracts.wire import Query, StrictSchema, TolerantSchema


class ListReservations(StrictSchema):
    personal_pass = fields.String(
        required=True,
        validate=validate.Length(max=PASS_MAX),
        metadata={"description": "contracts.person.personal_pass, from notify"},
    )
    reservation_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "only this one"})
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class OwnReservation(ReservationDetails):
    """For its person alone, who may manage it by the token."""

    token = fields.String(required=True)


class OwnReservations(TolerantSchema):
    """Those that are to come, the next first; then those that are over or were cancelled, the latest first."""

    items = fields.List(fields.Nested(OwnReservation), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})
    kept_days = fields.Integer(
        required=True, metadata={"description": "how many days after its end it is forgotten who booked a session"}
    )


LIST_RESERVATIONS = Query(
    "booking",
    "list_reservations",
    ListReservations,
    OwnReservations,
    {"personal_pass": PASS, "limit": 20},
    {"items": [{**DETAILS, "token": TOKEN}], "next": None, "kept_days": 90},
    "The reservations of the person whose pass it is; what moved to another date is there as the new one alone.",
    ("invalid_arguments", "not_permitted"),
)

REQUESTS = (LIST_RESERVATIONS,)
