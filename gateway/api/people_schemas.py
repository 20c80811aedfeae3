"""What the API takes from who books for somebody, and what it says of those who wait and of what people said."""

from marshmallow import Schema, fields, validate

from contracts import booking
from contracts.wire import StrictSchema
from gateway.api.schemas import CURSOR, Instant, NewReservation, Reservation, Session


class NewForSomebody(NewReservation):
    email = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=booking.EMAIL_MAX))
    phone = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=booking.PHONE_MAX),
        metadata={"description": "as people write it; without a prefix it is an Italian one"},
    )


class Somebody(NewForSomebody):
    class Meta(NewForSomebody.Meta):
        exclude = ("language", "consent")


class PageOfMine(StrictSchema):
    after = fields.String(
        load_default=None,
        validate=[validate.Length(max=200), validate.Regexp(CURSOR)],
        metadata={"description": "`next` of the page before"},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, booking.PAGE_MAX))


class BookedFor(Reservation):
    session = fields.Nested(Session, required=True)
    name = fields.String(required=True, allow_none=True, metadata={"description": "null once forgotten"})
    phone = fields.String(required=True, allow_none=True, metadata={"description": "E.164"})
    reachable = fields.Boolean(required=True, metadata={"description": "the person gave an e-mail address"})
    booked_at = Instant(required=True)
    attendance = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(booking.ATTENDANCE),
        metadata={"description": "once the attendance sheet is closed"},
    )
    token = fields.String(required=True, metadata={"description": "manages the reservation, as that of any other"})


class BookedForPage(Schema):
    items = fields.List(fields.Nested(BookedFor), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "pass as `after` for the next page; null on the last"}
    )


class Alike(Schema):
    id = fields.UUID(required=True, metadata={"description": "of a live reservation"})
    session = fields.Nested(Session, required=True)
    state = fields.String(required=True, validate=validate.OneOf(booking.STATES))
    name = fields.String(required=True, allow_none=True)
    because = fields.List(fields.String(validate=validate.OneOf(booking.ALIKE_BECAUSE)), required=True)
    token = fields.String(
        required=True, allow_none=True, metadata={"description": "null unless the holder of the key booked it"}
    )


class AlikeList(Schema):
    items = fields.List(fields.Nested(Alike), required=True)


class Waiting(Schema):
    reservation_id = fields.UUID(required=True)
    name = fields.String(required=True, allow_none=True, metadata={"description": "null once forgotten"})
    state = fields.String(required=True, validate=validate.OneOf(booking.LINE_STATES[:2]))
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "while waiting; 1 is next"})
    offer_expires_at = Instant(required=True, allow_none=True, description="until when a seat is held")
    since = Instant(required=True)


class Line(Schema):
    session = fields.Nested(Session, required=True)
    items = fields.List(fields.Nested(Waiting), required=True)
    next = fields.Integer(
        required=True, allow_none=True, metadata={"description": "pass as `after` for the next page; null on the last"}
    )


class FeedbackPage(StrictSchema):
    after = fields.UUID(load_default=None, metadata={"description": "`next` of the page before"})


class Counts(Schema):
    yes = fields.Integer(required=True)
    partly = fields.Integer(required=True)
    no = fields.Integer(required=True)


class Opinion(Schema):
    useful = fields.String(required=True, validate=validate.OneOf(booking.USEFUL))
    words = fields.String(required=True)


class Feedback(Schema):
    counts = fields.Nested(Counts, required=True)
    items = fields.List(fields.Nested(Opinion), required=True)
    next = fields.UUID(
        required=True, allow_none=True, metadata={"description": "pass as `after` for the next page; null on the last"}
    )
