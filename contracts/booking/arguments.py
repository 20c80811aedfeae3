"""What booking is asked: the arguments of queries and commands."""

from marshmallow import fields, validate

from contracts.booking.stories import new_stories
from contracts.booking.words import (
    ATTENDANCE,
    EMAIL_MAX,
    LANGUAGES,
    MINUTES_MAX,
    MINUTES_MIN,
    NAME_MAX,
    PAGE_MAX,
    PHONE_MAX,
    REASON_MAX,
    SCOPES,
)
from contracts.staff import Actor
from contracts.wire import StrictSchema

_LENGTH = validate.Range(min=MINUTES_MIN, max=MINUTES_MAX)


class ListSessions(StrictSchema):
    starts_from = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    starts_before = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    language = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LANGUAGES))
    partner = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    called_off = fields.Boolean(
        load_default=False,
        metadata={"description": "in place of those that take place those that were called off, until they would end"},
    )
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class BySession(StrictSchema):
    session_id = fields.UUID(required=True)


class ByReservation(StrictSchema):
    reservation_id = fields.UUID(required=True)


class ByReservations(StrictSchema):
    reservation_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=PAGE_MAX))


class ByToken(ByReservation):
    token = fields.String(required=True, validate=validate.Length(max=100))


class ActByToken(ByToken):
    by = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "the account that made the reservation for somebody, when it is who does this"},
    )


class MoveReservation(ActByToken):
    session_id = fields.UUID(required=True, metadata={"description": "another date of the same series"})


class ByJoinToken(ByReservation):
    token = fields.String(required=True, validate=validate.Length(max=100))


class ByStaff(BySession):
    actor = fields.Nested(Actor, required=True)


class PublishSessions(StrictSchema):
    """``starts_at`` is on the wall clocks of Turin, without a zone; ``rule`` an RRULE (RFC 5545) with an end."""

    actor = fields.Nested(Actor, required=True)
    partner = fields.String(required=True, validate=validate.Length(max=40))
    title = fields.String(required=True)
    description = fields.String(load_default="")
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    starts_at = fields.NaiveDateTime(format="iso", required=True)
    minutes = fields.Integer(required=True, validate=_LENGTH)
    capacity = fields.Integer(required=True)
    room_url = fields.String(load_default=None, allow_none=True)
    rule = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=300))
    without = fields.List(fields.Date(), load_default=list, validate=validate.Length(max=100))
    stories = new_stories(load_default=list)


class ChangeSessions(ByStaff):
    """What is null stays as it is. ``starts_at`` is on the wall clocks of Turin, without a zone, of this session.

    The stories alone can be changed after the start too, and nobody is told of them.
    """

    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    title = fields.String(load_default=None, allow_none=True)
    description = fields.String(load_default=None, allow_none=True)
    room_url = fields.String(load_default=None, allow_none=True)
    starts_at = fields.NaiveDateTime(format="iso", load_default=None, allow_none=True)
    minutes = fields.Integer(load_default=None, allow_none=True, validate=_LENGTH)
    stories = new_stories(load_default=None, allow_none=True)


class CallOffSessions(ByStaff):
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))


class SetCapacity(ByStaff):
    capacity = fields.Integer(required=True)


class Person(StrictSchema):
    """Somebody whom another books for: a name, and an address or a telephone number where there is one."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=NAME_MAX))
    email = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=EMAIL_MAX))
    phone = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=PHONE_MAX),
        metadata={"description": "as people write it; without a prefix it is an Italian one"},
    )


class Overbook(ByStaff, Person):
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    consent = fields.Boolean(required=True, metadata={"description": "the person agreed; must be true"})
    reason = fields.String(required=True, validate=validate.Length(min=1, max=REASON_MAX))


class ListOpenSheets(StrictSchema):
    actor = fields.Nested(Actor, required=True)


class GetAttendance(ByStaff):
    after = fields.Integer(load_default=0)


class MarkAttendance(ByStaff):
    reservation_id = fields.UUID(required=True)
    attendance = fields.String(required=True, validate=validate.OneOf(ATTENDANCE))


class NoArguments(StrictSchema):
    pass


class ByKey(StrictSchema):
    idempotency_key = fields.String(required=True, validate=validate.Length(min=1, max=200))


class ReserveSeat(StrictSchema):
    session_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(min=1, max=NAME_MAX))
    email = fields.Email(required=True, validate=validate.Length(max=EMAIL_MAX))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    consent = fields.Boolean(required=True, metadata={"description": "read how the data is used; must be true"})


class CancelSession(BySession):
    pass
