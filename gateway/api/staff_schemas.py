"""What the API takes from members of the staff and gives them, as schemas."""

from typing import Any

from marshmallow import Schema, fields, validate

from contracts import booking
from contracts.wire import StrictSchema
from gateway.api.schemas import SLUG, Instant, Moment, NewReservation, Session
from gateway.wording import ROME


class WallClock(Moment):
    """A time on its way in, with any offset; read as what the clocks of Turin show then."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        return super()._deserialize(value, *args, **options).astimezone(ROME).replace(tzinfo=None)


class Whole(fields.Integer):
    """A number without a fraction, however it is written: 30.0 is one too (JSON Schema, 6.1.1)."""

    def _validated(self, value: Any) -> Any:
        return super()._validated(int(value) if isinstance(value, float) and value.is_integer() else value)


def _starts_at(**options: Any) -> WallClock:
    said = "the dates of a series keep its hour on the clocks of Turin, whatever the offset"
    return WallClock(**options, metadata={"description": said})


def _text(most: int, description: str, **options: Any) -> fields.String:
    return fields.String(**options, validate=validate.Length(max=most), metadata={"description": description})


def _title(**options: Any) -> fields.String:
    return fields.String(**options, validate=[validate.Length(1, booking.TITLE_MAX), validate.Regexp(booking.ONE_LINE)])


def _minutes(**options: Any) -> Whole:
    return Whole(**options, strict=True, validate=validate.Range(booking.MINUTES_MIN, booking.MINUTES_MAX))


def seats(**options: Any) -> Whole:
    return Whole(**options, strict=True, validate=validate.Range(1, booking.CAPACITY_MAX))


def room(**options: Any) -> fields.String:
    said = "https; told only to who has a seat, at the time. Left out, the platform makes one, where it can"
    return fields.String(
        **options,
        validate=[validate.Length(max=500), validate.Regexp(r"^https://")],
        metadata={"description": said, "format": "uri"},
    )


class NewStory(booking.NewStory):
    """For readers of the document the rule in short: the whole of it takes tools that read it minutes."""

    url = fields.String(
        required=True,
        validate=[validate.Length(max=booking.STORY_URL_MAX), validate.Regexp(booking.STORY_URL)],
        metadata={
            "description": "on the page of a partner: https, a name with a dot, without credentials",
            "pattern": "^https://",
            "format": "uri",
        },
    )


class NewSessions(StrictSchema):
    partner = fields.String(required=True, validate=[validate.Length(max=40), validate.Regexp(SLUG)])
    title = _title(required=True)
    description = _text(booking.DESCRIPTION_MAX, "may have several lines", load_default="")
    language = fields.String(required=True, validate=validate.OneOf(booking.LANGUAGES))
    starts_at = _starts_at(required=True)
    minutes = _minutes(required=True)
    capacity = seats(required=True)
    room_url = room(load_default=None, allow_none=True)
    rule = _text(300, "an RRULE (RFC 5545) with COUNT or UNTIL, for a series", load_default=None, allow_none=True)
    without = fields.List(
        fields.Date(),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={"description": "days of the rule on which there is no session"},
    )
    stories = booking.new_stories(NewStory, load_default=list)


def _scope(**options: Any) -> fields.String:
    return fields.String(
        load_default=booking.SCOPES[0],
        validate=validate.OneOf(booking.SCOPES),
        metadata={"description": "this session, it and the `following` ones of its series, or `all` that are to come"},
        **options,
    )


class SessionChange(StrictSchema):
    """What is left out stays as it is."""

    scope = _scope()
    title = _title()
    description = _text(booking.DESCRIPTION_MAX, "may have several lines")
    starts_at = _starts_at()
    minutes = _minutes()
    room_url = room()
    stories = booking.new_stories(NewStory)


class Scope(StrictSchema):
    scope = _scope()


class Capacity(StrictSchema):
    capacity = seats(required=True)


class ExtraSeat(NewReservation):
    reason = fields.String(
        required=True,
        validate=validate.Length(1, booking.REASON_MAX),
        metadata={"description": "read by the staff alone"},
    )


class SheetPage(StrictSchema):
    after = fields.Integer(
        load_default=0, validate=validate.Range(0, 10**9), metadata={"description": "`next` of the page before"}
    )


class Mark(StrictSchema):
    attendance = fields.String(required=True, validate=validate.OneOf(booking.ATTENDANCE))


class SessionGroup(Schema):
    series_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "of the series; null for a session alone"}
    )
    items = fields.List(fields.Nested(Session), required=True)


class Attendance(Schema):
    reservation_id = fields.UUID(required=True)
    attendance = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(booking.ATTENDANCE),
        metadata={"description": "null: nobody has said yet"},
    )
    entered_at = Instant(required=True, allow_none=True, description="when the person entered by their own link")


class Participant(Attendance):
    name = fields.String(required=True, allow_none=True, metadata={"description": "null once forgotten"})


class Sheet(Schema):
    session = fields.Nested(Session, required=True)
    items = fields.List(
        fields.Nested(Participant), required=True, metadata={"description": "in the order in which they booked"}
    )
    next = fields.Integer(
        required=True, allow_none=True, metadata={"description": "pass as `after` for the next page; null on the last"}
    )
    closed_at = Instant(required=True, allow_none=True)
    closes_itself_at = Instant(
        allow_none=True, description="when it closes if nobody closes it before; null once it is closed or called off"
    )


class OpenSheet(Schema):
    session = fields.Nested(Session, required=True)
    closes_itself_at = Instant(required=True)


class OpenSheets(Schema):
    items = fields.List(fields.Nested(OpenSheet), required=True)


class ClosedSheet(Schema):
    session = fields.Nested(Session, required=True)
    closed_at = Instant(required=True)
