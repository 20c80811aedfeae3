"""What the API says of what the staff did, and of accounts; and how it is asked for."""

from marshmallow import Schema, fields, validate

from contracts import booking, staff
from contracts.wire import StrictSchema
from gateway.api.schemas import CURSOR, SLUG, Instant, Moment

_NAME = "null: nobody of the staff, or an account that is gone"


def _next() -> fields.String:
    said = "pass as `after` for the next page; null on the last"
    return fields.String(required=True, allow_none=True, metadata={"description": said})


def _name() -> fields.String:
    return fields.String(required=True, allow_none=True, metadata={"description": _NAME})


class DonePage(StrictSchema):
    done_from = Moment()
    done_before = Moment()
    after = fields.String(
        validate=[validate.Length(max=200), validate.Regexp(CURSOR)],
        metadata={"description": "`next` of the page before"},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, booking.PAGE_MAX))


class ActionFilters(DonePage):
    partner = fields.String(validate=[validate.Length(max=40), validate.Regexp(SLUG)])
    staff_id = fields.UUID(metadata={"description": "what this member did"})
    session_id = fields.UUID()


class EntryFilters(DonePage):
    staff_id = fields.UUID(metadata={"description": "what this member did, and what was done about their account"})


class Action(booking.Action):
    at = Instant(required=True)  # type: ignore[assignment]  # the same time, written with Z
    starts_at = Instant(  # type: ignore[assignment]  # the same
        required=True, allow_none=True, description="of the session, as it is now"
    )
    staff_name = _name()


class ActionPage(Schema):
    """The newest first."""

    items = fields.List(fields.Nested(Action), required=True)
    next = _next()


class Entry(staff.Entry):
    at = Instant(required=True)  # type: ignore[assignment]  # the same time, written with Z
    by_name = _name()
    account_name = _name()


class EntryPage(Schema):
    """The newest first."""

    items = fields.List(fields.Nested(Entry), required=True)
    next = _next()
