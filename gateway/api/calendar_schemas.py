"""What the API takes about partners' own calendars that are followed, and what it says of them."""

from marshmallow import Schema, fields, validate

from contracts import booking
from contracts.wire import StrictSchema
from gateway.api.schemas import SLUG, Calendar, Instant, Truth
from gateway.api.staff_schemas import room, seats


class NewCalendar(StrictSchema):
    """What a calendar does not say of its sessions comes with it."""

    partner = fields.String(required=True, validate=[validate.Length(max=40), validate.Regexp(SLUG)])
    name = fields.String(
        required=True,
        validate=[validate.Length(1, booking.CALENDAR_NAME_MAX), validate.Regexp(SLUG)],
        metadata={"description": "tells apart the calendars of a partner"},
    )
    url = fields.String(
        required=True,
        validate=[validate.Length(max=booking.CALENDAR_URL_MAX), validate.Regexp(r"^(https|webcal)://[^\s]+$")],
        metadata={"description": "may be a secret: no answer repeats it", "format": "uri"},
    )
    language = fields.String(required=True, validate=validate.OneOf(booking.LANGUAGES))
    capacity = seats(required=True)
    room_url = room(load_default=None, allow_none=True)


class CalendarChange(StrictSchema):
    """What is not given stays as it is."""

    url = fields.String(
        validate=[validate.Length(max=booking.CALENDAR_URL_MAX), validate.Regexp(r"^(https|webcal)://[^\s]+$")],
        metadata={"description": "may be a secret: no answer repeats it", "format": "uri"},
    )
    language = fields.String(
        validate=validate.OneOf(booking.LANGUAGES),
        metadata={"description": "of sessions that are new; those that are published keep theirs"},
    )
    capacity = seats()
    room_url = fields.String(
        validate=[validate.Length(max=500), validate.Regexp(r"^https://")],
        metadata={"description": "told only to who has a seat, at the time", "format": "uri"},
    )
    own_rooms = Truth(metadata={"description": "each session gets a room of its own; not together with `room_url`"})


class CalendarEffects(Schema):
    """What other terms do to the sessions to come. Those that somebody gave other seats, or another room, keep them."""

    to_come = fields.Integer(required=True, metadata={"description": "how many there are"})
    seats = fields.Integer(required=True, metadata={"description": "how many get the new number of seats"})
    seats_kept = fields.Integer(required=True)
    rooms = fields.Integer(required=True, metadata={"description": "how many get another room"})
    rooms_kept = fields.Integer(required=True)
    told = fields.Integer(required=True, metadata={"description": "how many bookings are told of another room"})


class CalendarPage(StrictSchema):
    after = fields.String(
        load_default=None,
        validate=validate.Length(max=100),
        metadata={"description": "`next` of the page before"},
    )


class CalendarList(Schema):
    items = fields.List(fields.Nested(Calendar), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "pass as `after` for the next page; null on the last"}
    )


class CalendarDoing(Schema):
    what = fields.String(required=True, validate=validate.OneOf(booking.CALENDAR_DOINGS))
    title = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)


class CalendarPreview(Schema):
    """What would be done, the first of it one by one."""

    counts = fields.Nested(booking.CalendarCounts, required=True)
    items = fields.List(fields.Nested(CalendarDoing), required=True)


class CalendarWithPreview(Calendar):
    preview = fields.Nested(
        CalendarPreview,
        required=True,
        allow_none=True,
        metadata={"description": "null: not read yet, or confirmed"},
    )


class Unfollowed(Schema):
    id = fields.UUID(required=True)
