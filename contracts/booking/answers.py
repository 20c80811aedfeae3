"""What booking answers."""

from marshmallow import fields, validate

from contracts.booking.stories import Story
from contracts.booking.words import ATTENDANCE, LINE_STATES, STATES
from contracts.wire import TolerantSchema


class Session(TolerantSchema):
    """A session as anybody may see it: the room's address is not in it."""

    id = fields.UUID(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    language = fields.String(required=True)
    partner = fields.String(required=True)
    partner_name = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)
    capacity = fields.Integer(required=True)
    taken = fields.Integer(
        required=True, metadata={"description": "seats taken and held, those beyond the capacity too"}
    )
    seats_left = fields.Integer(required=True)
    waiting = fields.Integer(required=True, metadata={"description": "how many people wait for a seat"})
    bookable = fields.Boolean(required=True, metadata={"description": "the booking window is open and it takes place"})
    cancelled = fields.Boolean(required=True)
    series_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "the same for the dates that were published together"}
    )
    stories = fields.List(
        fields.Nested(Story),
        load_default=list,
        metadata={"description": "to watch after the session, on partners' pages; at most three"},
    )
    revision = fields.Integer(
        load_default=0, metadata={"description": "rises when its words or times change, and when it is called off"}
    )


class SessionPage(TolerantSchema):
    items = fields.List(fields.Nested(Session), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})


class Partner(TolerantSchema):
    id = fields.String(required=True)
    name = fields.String(required=True)


class PartnerList(TolerantSchema):
    items = fields.List(fields.Nested(Partner), required=True)


class WaitingList(TolerantSchema):
    """Where a reservation stands, or how it ended, on the waiting list."""

    state = fields.String(required=True, validate=validate.OneOf(LINE_STATES))
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "while waiting; 1 is next"})
    offer_expires_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    passed_over = fields.Boolean(
        required=True, metadata={"description": "while waiting: had two offers already, and others go first"}
    )
    seat_is_free = fields.Boolean(
        required=True,
        metadata={"description": "while waiting: a seat freed so late that the first who takes it has it"},
    )


class Reservation(TolerantSchema):
    id = fields.UUID(required=True)
    session_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "while waiting; 1 is next"})
    waiting_list = fields.Nested(
        WaitingList, required=True, allow_none=True, metadata={"description": "null for who never waited"}
    )


class ReservationDetails(Reservation):
    """For who holds the reservation's token. The room's address is not in it: it is told to who enters."""

    session = fields.Nested(Session, required=True)
    join_token = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the secret of the link that leads into the room; null without a seat"},
    )
    join_opens_at = fields.AwareDateTime(
        format="iso", required=True, metadata={"description": "from when the join link lets in"}
    )
    feedback_until = fields.AwareDateTime(
        format="iso", required=True, metadata={"description": "until when who was there can say how it was"}
    )
    revision = fields.Integer(required=True, metadata={"description": "rises with each change; iCalendar SEQUENCE"})
    was_confirmed = fields.Boolean(required=True, metadata={"description": "had a seat at some time"})
    called_off = fields.Boolean(
        required=True,
        metadata={"description": "ended with its session, which was called off: it can still move to another date"},
    )
    calendar_id = fields.UUID(
        required=True,
        metadata={"description": "what its calendar entry is known by: stays the same when it moves to another date"},
    )


class ReservationLetter(ReservationDetails):
    """For notify alone, at the moment of sending: the token goes into the mail and nowhere else."""

    token = fields.String(required=True)
    booked_by = fields.UUID(
        required=True, allow_none=True, metadata={"description": "the account of who booked for the person"}
    )
    name = fields.String(
        required=True, allow_none=True, metadata={"description": "of the person, where somebody booked for them"}
    )
    reachable = fields.Boolean(required=True, metadata={"description": "the person gave an e-mail address"})
    other_dates = fields.List(
        fields.Nested(Session),
        required=True,
        metadata={
            "description": "when called off: at most three to move to, the earliest first; those with free seats"
        },
    )
    moved_to = fields.UUID(
        required=True, allow_none=True, metadata={"description": "the reservation that came in its place"}
    )


class ReservationLetters(TolerantSchema):
    items = fields.List(fields.Nested(ReservationLetter), required=True)


class Entrance(TolerantSchema):
    """What who has the join link may know before going in."""

    session = fields.Nested(Session, required=True)
    join_opens_at = fields.AwareDateTime(format="iso", required=True)
    has_seat = fields.Boolean(required=True)


class Room(TolerantSchema):
    room_url = fields.String(required=True)


class Attendance(TolerantSchema):
    """Whether somebody was there; without a name, as the answers to commands are kept for a week."""

    reservation_id = fields.UUID(required=True)
    attendance = fields.String(required=True, allow_none=True, validate=validate.OneOf(ATTENDANCE))
    entered_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)


class Participant(Attendance):
    """One line of the attendance sheet, for staff alone."""

    name = fields.String(required=True, allow_none=True, metadata={"description": "null once forgotten"})
    alike = fields.List(
        fields.UUID(),
        required=True,
        metadata={"description": "other lines that may be of the same person: the same name or telephone number"},
    )


class ClosedSheet(TolerantSchema):
    session = fields.Nested(Session, required=True)
    closed_at = fields.AwareDateTime(format="iso", required=True)


class SessionList(TolerantSchema):
    """Sessions that belong together; ``series_id`` is null where there is but one."""

    series_id = fields.UUID(required=True, allow_none=True)
    items = fields.List(fields.Nested(Session), required=True)


class AttendanceSheet(TolerantSchema):
    """Who has a seat in a session, in the order in which they booked; a page."""

    session = fields.Nested(Session, required=True)
    items = fields.List(fields.Nested(Participant), required=True)
    next = fields.Integer(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})
    closed_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    closes_itself_at = fields.AwareDateTime(
        format="iso",
        load_default=None,
        allow_none=True,
        metadata={"description": "when it closes if nobody closes it before; null once it is closed or called off"},
    )


class OpenSheet(TolerantSchema):
    """A sheet that is to be closed: the session is over."""

    session = fields.Nested(Session, required=True)
    closes_itself_at = fields.AwareDateTime(format="iso", required=True)


class OpenSheets(TolerantSchema):
    """The oldest first, at most twenty."""

    items = fields.List(fields.Nested(OpenSheet), required=True)


class Outcome(TolerantSchema):
    """What became of a command: ``done`` is false while it was not carried out."""

    done = fields.Boolean(required=True)
    result = fields.Raw(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True, metadata={"description": "a stable code"})
