"""What the API takes and gives, as schemas: those of contracts/booking/, less what is not for everybody."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from contracts import booking
from contracts.wire import StrictSchema
from gateway.links import join_link

# A name: one line with a letter in it, of letters, marks, numbers, punctuation, symbols and spaces (Unicode's general
# categories), and the joiners that names in Persian and in Indian scripts need. For a reader of the document, and here.
_SPACES = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"  # the category Zs, which tools take for all white space
_NAME_SIGN = rf"[\p{{L}}\p{{M}}\p{{N}}\p{{P}}\p{{S}}{_SPACES}\u200c\u200d]*"
_NAME = rf"^{_NAME_SIGN}\p{{L}}{_NAME_SIGN}$"
_JOINERS = "\u200c\u200d"
_FIRST, _LAST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
CURSOR = r"^[A-Za-z0-9_-]+$"


class Instant(fields.String):
    """A time on its way out: RFC 3339 in UTC with Z, which a client can put into a query as it is (a + it cannot)."""

    def __init__(self, description: str = "", **options: Any) -> None:
        said = {"description": description} if description else {}
        super().__init__(**options, metadata={"format": "date-time", **said})

    def _serialize(self, value: Any, *args: Any, **options: Any) -> str | None:
        return None if value is None else str(value).replace("+00:00", "Z")


class Moment(fields.AwareDateTime):
    """A time on its way in, with any offset; the ends of the calendar are near enough for what lies beyond."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> datetime:
        moment = super()._deserialize(value, *args, **options)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            return _FIRST if moment.year == 1 else _LAST


class Truth(fields.Boolean):
    """``true`` or ``false``: words and numbers that a person may mean by them are for forms."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("not a boolean")
        return value


def _legible(name: str) -> None:
    """Refuse what ``_NAME`` does not match: re knows no categories."""
    kinds = {unicodedata.category(sign) for sign in name if sign not in _JOINERS}
    if not all(kind[0] in "LMNPS" or kind == "Zs" for kind in kinds) or not any(kind[0] == "L" for kind in kinds):
        raise ValidationError("not a name")


class Session(booking.Session):
    starts_at = Instant(required=True)  # type: ignore[assignment]  # the same time, written with Z
    ends_at = Instant(required=True)  # type: ignore[assignment]  # the same


class Partner(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)


class PartnerList(Schema):
    items = fields.List(fields.Nested(Partner), required=True)


class SessionPage(Schema):
    items = fields.List(fields.Nested(Session), required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "pass as `after` for the next page; null on the last"}
    )


class SessionFilters(StrictSchema):
    starts_from = Moment(metadata={"description": "now, if not given"})
    starts_before = Moment()
    language = fields.String(validate=validate.OneOf(booking.LANGUAGES))
    partner = fields.String(validate=[validate.Length(max=40), validate.Regexp(SLUG)])
    after = fields.String(
        validate=[validate.Length(max=200), validate.Regexp(CURSOR)],
        metadata={"description": "`next` of the page before"},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=booking.PAGE_MAX))


class NewReservation(StrictSchema):
    name = fields.String(
        required=True,
        validate=[validate.Length(min=1, max=booking.NAME_MAX), _legible],
        metadata={"description": "one line, with at least one letter of any script", "pattern": _NAME},
    )
    email = fields.Email(required=True, validate=validate.Length(max=booking.EMAIL_MAX))
    language = fields.String(
        required=True,
        validate=validate.OneOf(booking.LANGUAGES),
        metadata={"description": "in which the person gets messages"},
    )
    consent = Truth(
        required=True,
        metadata={"description": "the person has read how the data is used; must be true", "enum": [True]},
    )


class WaitingList(Schema):
    """Where a reservation stands on the waiting list, or how its wait ended."""

    state = fields.String(
        required=True,
        validate=validate.OneOf(booking.LINE_STATES),
        metadata={
            "description": (
                "`waiting` for a seat; `offered` one, which is held; `accepted` it; `declined` it; `expired`: did not "
                "answer in time; `withdrawn`: gave the reservation back, or the session was called off"
            )
        },
    )
    position = fields.Integer(
        required=True, allow_none=True, metadata={"description": "1 is next; null in other states than `waiting`"}
    )
    offer_expires_at = Instant(
        required=True, allow_none=True, description="until when the seat is held; null in other states than `offered`"
    )
    passed_over = fields.Boolean(
        required=True, metadata={"description": "while waiting: had two offers already, and others go first"}
    )
    seat_is_free = fields.Boolean(
        required=True,
        metadata={"description": "while `waiting`: a seat is held for nobody, and who accepts first has it"},
    )


class Reservation(Schema):
    id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(booking.STATES),
        metadata={"description": "who is offered a seat is `waiting` still; a wait that ended is `cancelled`"},
    )
    position = fields.Integer(
        required=True, allow_none=True, metadata={"description": "on the waiting list, 1 is next; null in other states"}
    )
    waiting_list = fields.Nested(
        WaitingList, required=True, allow_none=True, metadata={"description": "null for who never waited"}
    )


class ReservationDetails(Reservation):
    session = fields.Nested(Session, required=True)
    join_url = fields.Function(
        join_link,
        required=True,
        metadata={
            "type": ["string", "null"],
            "format": "uri",
            "description": "the person's own page with the button that leads into the room; null without a seat",
        },
    )
    join_opens_at = Instant(required=True, description="from when that button is there")
    feedback_until = Instant(required=True, description="until when who was there can say how it was")
    called_off = fields.Boolean(
        required=True,
        metadata={"description": "ended with its session, which was called off: it can still move to another date"},
    )


class SessionDates(Schema):
    items = fields.List(
        fields.Nested(Session),
        required=True,
        metadata={"description": "the earliest first; empty where the session is in no series"},
    )


class Move(StrictSchema):
    session_id = fields.UUID(required=True, metadata={"description": "one of the reservation's `dates`"})


class ProblemDocument(Schema):
    """RFC 9457, with ``code`` and ``errors`` besides."""

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True, metadata={"description": "stable; see /api/v1/problems"})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "what is wrong with each field"},
    )


class ProblemList(Schema):
    items = fields.List(fields.Nested(ProblemDocument), required=True)


class Calendar(booking.Calendar):
    """A partner's own calendar that is followed. Its address may be a secret: of it, only the host is told."""

    fetched_at = Instant(required=True, allow_none=True)  # type: ignore[assignment]  # the same time, written with Z
    next_at = Instant(required=True, allow_none=True)  # type: ignore[assignment]  # the same
    changed_at = Instant(required=True, allow_none=True)  # type: ignore[assignment]  # the same


class RequestStatus(Schema):
    """What became of a request that was taken in and could not be carried out at once."""

    id = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(["pending", "done", "refused"]))
    status_url = fields.String(required=True, metadata={"format": "uri-reference"})
    reservation = fields.Nested(
        Reservation, required=True, allow_none=True, metadata={"description": "where a reservation was asked for"}
    )
    sessions = fields.List(
        fields.Nested(Session),
        required=True,
        allow_none=True,
        metadata={"description": "where sessions were published, changed or called off"},
    )
    calendar = fields.Nested(
        Calendar, required=True, allow_none=True, metadata={"description": "where one was entered, or asked to be read"}
    )
    problem = fields.Nested(ProblemDocument, required=True, allow_none=True)
