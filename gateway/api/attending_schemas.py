"""What the API takes from who had a seat and gives them: the way in, and how it was."""

from marshmallow import Schema, fields, validate

from contracts import booking
from contracts.wire import StrictSchema
from gateway.api.schemas import Instant, Session


class Entrance(Schema):
    session = fields.Nested(Session, required=True)
    join_opens_at = Instant(required=True, description="from when the link lets in; until the session's end")
    has_seat = fields.Boolean(required=True, metadata={"description": "who has none does not get in"})


class Room(Schema):
    room_url = fields.String(required=True, metadata={"format": "uri"})


class Answer(StrictSchema):
    useful = fields.String(required=True, validate=validate.OneOf(booking.USEFUL))
    words = fields.String(
        load_default="",
        validate=validate.Length(max=booking.WORDS_MAX),
        metadata={"description": "may have several lines; without control characters"},
    )


class Given(Schema):
    reservation_id = fields.UUID(required=True)
    useful = fields.String(required=True, validate=validate.OneOf(booking.USEFUL))
    in_words = fields.Boolean(required=True, metadata={"description": "the person wrote something too"})
    until = Instant(required=True, description="until when it can be corrected")


class OwnFeedback(Schema):
    open = fields.Boolean(required=True, metadata={"description": "it can be said, or corrected, now"})
    until = Instant(required=True)
    useful = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(booking.USEFUL),
        metadata={"description": "null: nothing yet"},
    )
    words = fields.String(required=True, metadata={"description": "empty: none, or forgotten"})
