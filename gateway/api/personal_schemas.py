"""What the API takes from a person on their own page, and shows them."""

from marshmallow import Schema, fields, validate

from contracts import booking
from contracts.wire import StrictSchema
from gateway.api.schemas import Instant, ReservationDetails, Truth

_NEXT = {"description": "pass as `after` for the next page; null on the last"}
_LANGUAGE = {"description": "in which the person is written to"}


class NewLink(StrictSchema):
    email = fields.Email(required=True, validate=validate.Length(max=booking.EMAIL_MAX))
    language = fields.String(
        required=True, validate=validate.OneOf(booking.LANGUAGES), metadata={"description": "of the mail with the link"}
    )


class AskedFor(Schema):
    asked = fields.Boolean(required=True, metadata={"enum": [True]})


class Pass(Schema):
    personal_pass = fields.String(required=True)
    expires_at = Instant(required=True)


class OwnReservation(ReservationDetails):
    token = fields.String(required=True, metadata={"description": "manages the reservation, as that of the mail"})


class OwnReservations(Schema):
    items = fields.List(fields.Nested(OwnReservation), required=True)
    next = fields.String(required=True, allow_none=True, metadata=_NEXT)
    kept_days = fields.Integer(
        required=True, metadata={"description": "how many days after its end it is forgotten who booked a session"}
    )


class Preferences(StrictSchema):
    language = fields.String(required=True, validate=validate.OneOf(booking.LANGUAGES), metadata=_LANGUAGE)
    reminders = Truth(required=True, metadata={"description": "before a session"})
    thanks = Truth(required=True, metadata={"description": "after a session"})


class OwnContact(Preferences):
    name = fields.String(required=True)
    email = fields.String(required=True)
    kept_days = fields.Integer(
        required=True, metadata={"description": "for how many days after the person last asked for something"}
    )
