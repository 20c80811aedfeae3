"""What the API takes about partners' own calendars that are followed, and what it says of them."""

from marshmallow import Schema, fields, validate

from contracts import booking
from contracts.wire import StrictSchema
from gateway.api.schemas import SLUG, Calendar, Instant
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
