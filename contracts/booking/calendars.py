"""Partners' own calendars that are followed: what the staff may do with them, and what became of each."""

from marshmallow import fields, validate

from contracts.booking.examples import SESSION
from contracts.booking.words import CALENDAR_DOINGS, CALENDAR_PROBLEMS, CALENDAR_STATES, LANGUAGES
from contracts.staff import ACTOR_EXAMPLE, Actor
from contracts.wire import Command, Query, StrictSchema, TolerantSchema

CALENDAR_NAME_MAX = 40
CALENDAR_URL_MAX = 2000


class ListCalendars(StrictSchema):
    actor = fields.Nested(Actor, required=True)
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class ByCalendar(StrictSchema):
    actor = fields.Nested(Actor, required=True)
    calendar_id = fields.UUID(required=True)


class FollowCalendar(StrictSchema):
    """The same terms as of an import: what a calendar does not say of its sessions."""

    actor = fields.Nested(Actor, required=True)
    partner = fields.String(required=True, validate=validate.Length(max=40))
    name = fields.String(
        required=True,
        validate=validate.Length(max=100),
        metadata={"description": "tells apart the calendars of a partner: small letters, digits and hyphens, up to 40"},
    )
    url = fields.String(
        required=True,
        validate=validate.Length(max=CALENDAR_URL_MAX),
        metadata={"description": "https, or webcal, which is taken for https. It may be a secret: nothing tells it"},
    )
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    capacity = fields.Integer(required=True)
    room_url = fields.String(load_default=None, allow_none=True)


class ChangeCalendar(StrictSchema):
    """Null leaves a thing as it is."""

    actor = fields.Nested(Actor, required=True)
    calendar_id = fields.UUID(required=True)
    url = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=CALENDAR_URL_MAX))
    language = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "of sessions that are new; those that are published keep theirs"},
    )
    capacity = fields.Integer(load_default=None, allow_none=True)
    room_url = fields.String(load_default=None, allow_none=True)
    own_rooms = fields.Boolean(
        load_default=False, metadata={"description": "each session gets a room of its own, in place of ``room_url``"}
    )


class CalendarEffects(TolerantSchema):
    """What other terms do to the sessions to come. Those that somebody gave other seats, or another room, keep them."""

    to_come = fields.Integer(required=True, metadata={"description": "how many there are"})
    seats = fields.Integer(required=True, metadata={"description": "how many get the new number of seats"})
    seats_kept = fields.Integer(required=True)
    rooms = fields.Integer(required=True, metadata={"description": "how many get another room"})
    rooms_kept = fields.Integer(required=True)
    told = fields.Integer(required=True, metadata={"description": "how many people are in those with another room"})


class CalendarCounts(TolerantSchema):
    """How many sessions were published, changed and called off, and found as they were; ``kept_off``: called off at
    the desk; ``left_out``: events that can be no session; ``too_many``: those after the first 200."""

    published = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    called_off = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    kept_off = fields.Integer(required=True)
    left_out = fields.Integer(required=True)
    too_many = fields.Integer(required=True)


class Calendar(TolerantSchema):
    """A calendar that is followed. Its address is not told again, only the host in it."""

    id = fields.UUID(required=True)
    partner = fields.String(required=True)
    partner_name = fields.String(required=True)
    name = fields.String(required=True)
    host = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    capacity = fields.Integer(required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(CALENDAR_STATES),
        metadata={
            "description": "new: nothing is done before it is confirmed; asking: so much would be called off that it "
            "must be confirmed; following: it is taken over again and again"
        },
    )
    fetched_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    next_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    last = fields.Nested(CalendarCounts, required=True, allow_none=True)
    changed_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)
    changes = fields.Nested(
        CalendarCounts, required=True, allow_none=True, metadata={"description": "of the last time that any were"}
    )
    problem = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(CALENDAR_PROBLEMS),
        metadata={"description": "why it could not be taken over the last time; null: it could"},
    )
    problem_about = fields.String(
        required=True, allow_none=True, metadata={"description": "the event, the zone or the status that it is about"}
    )
    failures = fields.Integer(required=True, metadata={"description": "how often in a row"})


class CalendarDoing(TolerantSchema):
    what = fields.String(required=True, validate=validate.OneOf(CALENDAR_DOINGS))
    title = fields.String(required=True)
    starts_at = fields.AwareDateTime(format="iso", required=True)
    ends_at = fields.AwareDateTime(format="iso", required=True)


class CalendarPreview(TolerantSchema):
    """What would be done, the first of it one by one."""

    counts = fields.Nested(CalendarCounts, required=True)
    items = fields.List(fields.Nested(CalendarDoing), required=True)


class CalendarWithPreview(Calendar):
    preview = fields.Nested(
        CalendarPreview, required=True, allow_none=True, metadata={"description": "null: not read yet, or confirmed"}
    )


class CalendarList(TolerantSchema):
    items = fields.List(fields.Nested(Calendar), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})


class Unfollowed(TolerantSchema):
    id = fields.UUID(required=True)


CALENDAR_ID = "018f6f2e-4444-7a10-8b60-4f5a1c2b3d44"
_COUNTS = {
    "published": 3,
    "changed": 1,
    "called_off": 0,
    "unchanged": 8,
    "kept_off": 0,
    "left_out": 2,
    "too_many": 0,
}
_CALENDAR = {
    "id": CALENDAR_ID,
    "partner": SESSION["partner"],
    "partner_name": SESSION["partner_name"],
    "name": "corsi",
    "host": "calendar.example.org",
    "language": "it",
    "capacity": 20,
    "state": "following",
    "fetched_at": "2026-11-23T09:00:00+00:00",
    "next_at": "2026-11-23T09:30:00+00:00",
    "last": _COUNTS,
    "changed_at": "2026-11-23T09:00:00+00:00",
    "changes": _COUNTS,
    "problem": None,
    "problem_about": None,
    "failures": 0,
}
_DOING = {
    "what": "published",
    "title": "Il primo colloquio",
    "starts_at": "2026-12-01T16:00:00+00:00",
    "ends_at": "2026-12-01T17:30:00+00:00",
}
_NEW = {**_CALENDAR, "state": "new", "last": None, "changed_at": None, "changes": None}
_CHANGE = {
    "actor": ACTOR_EXAMPLE,
    "calendar_id": CALENDAR_ID,
    "url": None,
    "language": None,
    "capacity": 30,
    "room_url": "https://meet.example.org/orso-2",
    "own_rooms": False,
}
_BY_CALENDAR = {"actor": ACTOR_EXAMPLE, "calendar_id": CALENDAR_ID}

LIST_CALENDARS = Query(
    "booking",
    "list_calendars",
    ListCalendars,
    CalendarList,
    {"actor": ACTOR_EXAMPLE},
    {"items": [_CALENDAR], "next": None},
    "The calendars that are followed: those of one's partner, or for a coordinator of all.",
    ("not_permitted", "invalid_arguments"),
)
GET_CALENDAR = Query(
    "booking",
    "get_calendar",
    ByCalendar,
    CalendarWithPreview,
    _BY_CALENDAR,
    {**_NEW, "preview": {"counts": _COUNTS, "items": [_DOING]}},
    "A calendar with what would be done, where that is to be confirmed.",
    ("not_permitted", "not_found"),
)
FOLLOW_CALENDAR = Command(
    "booking",
    "follow_calendar",
    FollowCalendar,
    Calendar,
    {
        "actor": ACTOR_EXAMPLE,
        "partner": SESSION["partner"],
        "name": "corsi",
        "url": "https://calendar.example.org/orso.ics?key=q0y2c7kS3m4b",
        "language": "it",
        "capacity": 20,
        "room_url": "https://meet.example.org/orso",
    },
    {**_NEW, "fetched_at": None},
    "Follow a partner's own calendar. It is read at once; nothing is published before that is confirmed.",
    ("not_permitted", "not_found", "invalid_arguments", "too_many_calendars"),
)
CONFIRM_CALENDAR = Command(
    "booking",
    "confirm_calendar",
    ByCalendar,
    Calendar,
    _BY_CALENDAR,
    _CALENDAR,
    "Let the calendar be taken over, as its preview said, and from now on by itself.",
    ("not_permitted", "not_found", "not_read_yet"),
)
FETCH_CALENDAR_NOW = Command(
    "booking",
    "fetch_calendar_now",
    ByCalendar,
    Calendar,
    _BY_CALENDAR,
    _CALENDAR,
    "Fetch the calendar as soon as can be, and not when its turn comes.",
    ("not_permitted", "not_found"),
)
GET_CALENDAR_EFFECTS = Query(
    "booking",
    "get_calendar_effects",
    ChangeCalendar,
    CalendarEffects,
    _CHANGE,
    {"to_come": 12, "seats": 11, "seats_kept": 1, "rooms": 12, "rooms_kept": 0, "told": 40},
    "What ``change_calendar`` would do to the sessions to come.",
    ("not_permitted", "not_found", "invalid_arguments"),
)
CHANGE_CALENDAR = Command(
    "booking",
    "change_calendar",
    ChangeCalendar,
    Calendar,
    _CHANGE,
    {**_CALENDAR, "capacity": 30},
    "Change what a calendar's sessions get, also those to come; or its address. It is read again at once.",
    ("not_permitted", "not_found", "invalid_arguments"),
)
UNFOLLOW_CALENDAR = Command(
    "booking",
    "unfollow_calendar",
    ByCalendar,
    Unfollowed,
    _BY_CALENDAR,
    {"id": CALENDAR_ID},
    "Fetch the calendar no more. Its sessions stay as they are.",
    ("not_permitted", "not_found"),
)

REQUESTS = (
    LIST_CALENDARS,
    GET_CALENDAR,
    GET_CALENDAR_EFFECTS,
    FOLLOW_CALENDAR,
    CHANGE_CALENDAR,
    CONFIRM_CALENDAR,
    FETCH_CALENDAR_NOW,
    UNFOLLOW_CALENDAR,
)
