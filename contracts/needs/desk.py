"""What the staff ask needs, by way of the gateway: each names who is signed in, as ``actor``."""

from marshmallow import fields, validate

from contracts.needs.events import CHANNELS
from contracts.notify import ANSWER_MAX
from contracts.staff import ACTOR_EXAMPLE, Actor
from contracts.wire import Command, Query, StrictSchema, TolerantSchema

STATES = ("new", "open", "waiting", "resolved")
VIEWS = ("mine", "partner", "unassigned", "waiting", "resolved")
DIRECTIONS = ("in", "out", "note")
PAGE_MAX = 100
_SLUG = validate.Regexp(r"^[a-z0-9-]{1,40}$")


class ByActor(StrictSchema):
    actor = fields.Nested(Actor, required=True)


class AboutNeed(ByActor):
    need_id = fields.UUID(required=True)


class ListedAt(StrictSchema):
    """Where a page ends: the need, and when it changed last as that page said."""

    changed_at = fields.AwareDateTime(format="iso", required=True)
    id = fields.UUID(required=True)


class ListNeeds(ByActor):
    view = fields.String(required=True, validate=validate.OneOf(VIEWS))
    after = fields.Nested(
        ListedAt, load_default=None, allow_none=True, metadata={"description": "`next` of the page before"}
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class ListArrivals(ByActor):
    automatic = fields.Boolean(
        load_default=False,
        metadata={"description": "true: what no person wrote; false: what could not be read"},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class AboutArrival(ByActor):
    arrival_id = fields.UUID(required=True)


class GetNeed(AboutNeed):
    after = fields.Integer(load_default=0, metadata={"description": "the position of the last message that is known"})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=PAGE_MAX))


class AssignNeed(AboutNeed):
    partner = fields.String(required=True, allow_none=True, validate=_SLUG)


class AnswerNeed(AboutNeed):
    text = fields.String(required=True, validate=validate.Length(max=ANSWER_MAX))


class NeedState(TolerantSchema):
    """No words and no names: the answers to commands are kept for a week."""

    need_id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    partner = fields.String(required=True, allow_none=True)
    assignee = fields.UUID(required=True, allow_none=True, metadata={"description": "an account of the staff"})


class Answered(NeedState):
    message_id = fields.UUID(required=True)


class Need(TolerantSchema):
    id = fields.UUID(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    partner = fields.String(required=True, allow_none=True)
    assignee = fields.UUID(required=True, allow_none=True)
    language = fields.String(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, metadata={"description": "as the person says it; may be empty"})
    email = fields.String(required=True, allow_none=True)
    unreachable = fields.Boolean(required=True, metadata={"description": "a mail to the address came back for good"})
    subject = fields.String(required=True, metadata={"description": "of the first message"})
    opened_at = fields.AwareDateTime(format="iso", required=True)
    changed_at = fields.AwareDateTime(format="iso", required=True)


class NeedPage(TolerantSchema):
    items = fields.List(fields.Nested(Need), required=True)
    next = fields.Nested(ListedAt, required=True, allow_none=True)


class Attachment(TolerantSchema):
    part = fields.Integer(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True, metadata={"description": "by its content"})
    size = fields.Integer(required=True, metadata={"description": "bytes"})


class Message(TolerantSchema):
    id = fields.UUID(required=True)
    position = fields.Integer(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    direction = fields.String(required=True, validate=validate.OneOf(DIRECTIONS))
    is_automatic = fields.Boolean(required=True)
    at = fields.AwareDateTime(format="iso", required=True)
    author = fields.UUID(required=True, allow_none=True, metadata={"description": "the account of who answered"})
    subject = fields.String(required=True)
    text = fields.String(required=True)
    folded = fields.String(required=True, metadata={"description": "what is quoted, and the signature"})
    html = fields.String(required=True, metadata={"description": "sanitised: it shows text and does nothing"})
    attachments = fields.List(fields.Nested(Attachment), required=True)


class Suggested(TolerantSchema):
    need_id = fields.UUID(required=True)
    reason = fields.String(required=True)


class NeedWithMessages(TolerantSchema):
    need = fields.Nested(Need, required=True)
    messages = fields.List(fields.Nested(Message), required=True)
    next = fields.Integer(required=True, allow_none=True)
    suggested = fields.List(
        fields.Nested(Suggested), required=True, metadata={"description": "needs that may belong together with it"}
    )


class Arrival(TolerantSchema):
    """What arrived and belongs to no need."""

    id = fields.UUID(required=True)
    arrived_at = fields.AwareDateTime(format="iso", required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(("quarantined", "auto_reply", "bounce")))
    problem = fields.String(required=True, allow_none=True, metadata={"description": "why it could not be read"})
    sender = fields.String(required=True, metadata={"description": "an address; empty where it could not be read"})
    subject = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "bytes"})


class ArrivalList(TolerantSchema):
    items = fields.List(fields.Nested(Arrival), required=True)


class ArrivalWithBeginning(Arrival):
    beginning = fields.String(required=True, metadata={"description": "of the mail as it came"})


class Opened(TolerantSchema):
    need_id = fields.UUID(required=True)
    message_id = fields.UUID(required=True)


_ID = "018f6f2e-5555-7a10-8b60-4f5a1c2b3d44"
_AT = "2026-11-23T09:00:00+00:00"
_NEED = {
    "id": _ID,
    "state": "open",
    "partner": "orso",
    "assignee": ACTOR_EXAMPLE["id"],
    "language": "it",
    "channel": "email",
    "person_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "name": "Giulia Ferrero",
    "email": "giulia@example.org",
    "unreachable": False,
    "subject": "Cambiare lavoro",
    "opened_at": _AT,
    "changed_at": _AT,
}
_MESSAGE = {
    "id": "018f6f2e-6666-7a10-8b60-4f5a1c2b3d44",
    "position": 1,
    "channel": "email",
    "direction": "in",
    "is_automatic": False,
    "at": _AT,
    "author": None,
    "subject": "Cambiare lavoro",
    "text": "Da dove comincio?",
    "folded": "-- \nGiulia",
    "html": "",
    "attachments": [{"part": 2, "name": "curriculum.pdf", "type": "application/pdf", "size": 81234}],
}
_ARRIVAL = {
    "id": _ID,
    "arrived_at": _AT,
    "outcome": "quarantined",
    "problem": "too_many_parts",
    "sender": "",
    "subject": "",
    "size": 1234567,
}
_ABOUT = {"actor": ACTOR_EXAMPLE, "need_id": _ID}
_STATE = {"need_id": _ID, "state": "open", "partner": "orso", "assignee": ACTOR_EXAMPLE["id"]}

LIST_NEEDS = Query(
    "needs",
    "list_needs",
    ListNeeds,
    NeedPage,
    {"actor": ACTOR_EXAMPLE, "view": "partner", "after": None, "limit": 20},
    {"items": [_NEED], "next": None},
    "The needs of a view that the actor may see, the one that changed last first.",
    ("not_permitted",),
)
GET_NEED = Query(
    "needs",
    "get_need",
    GetNeed,
    NeedWithMessages,
    {**_ABOUT, "after": 0, "limit": 20},
    {"need": _NEED, "messages": [_MESSAGE], "next": None, "suggested": [{"need_id": _ID, "reason": "same_person"}]},
    "A need with its messages, in order.",
    ("not_permitted", "not_found"),
)
LIST_ARRIVALS = Query(
    "needs",
    "list_arrivals",
    ListArrivals,
    ArrivalList,
    {"actor": ACTOR_EXAMPLE, "automatic": False, "limit": 20},
    {"items": [_ARRIVAL]},
    "What arrived and belongs to no need, the newest first.",
    ("not_permitted",),
)
GET_ARRIVAL = Query(
    "needs",
    "get_arrival",
    AboutArrival,
    ArrivalWithBeginning,
    {"actor": ACTOR_EXAMPLE, "arrival_id": _ID},
    {**_ARRIVAL, "beginning": "From: giulia@example.org"},
    "What arrived and belongs to no need, with its beginning as it came.",
    ("not_permitted", "not_found"),
)
OPEN_ARRIVAL = Command(
    "needs",
    "open_arrival",
    AboutArrival,
    Opened,
    {"actor": ACTOR_EXAMPLE, "arrival_id": _ID},
    {"need_id": _ID, "message_id": _MESSAGE["id"]},
    "A person wrote it after all: it opens a need, or continues one.",
    ("not_permitted", "not_found", "not_readable"),
)
ASSIGN_NEED = Command(
    "needs",
    "assign_need",
    AssignNeed,
    NeedState,
    {**_ABOUT, "partner": "orso"},
    {**_STATE, "assignee": None},
    "Put a partner in charge, or nobody. For coordinators.",
    ("not_permitted", "not_found", "invalid_arguments"),
)
TAKE_NEED = Command(
    "needs",
    "take_need",
    AboutNeed,
    NeedState,
    _ABOUT,
    _STATE,
    "Be the one who works on it.",
    ("not_permitted", "not_found"),
)
RESOLVE_NEED = Command(
    "needs",
    "resolve_need",
    AboutNeed,
    NeedState,
    _ABOUT,
    {**_STATE, "state": "resolved"},
    "There is nothing left to do about it.",
    ("not_permitted", "not_found"),
)
ANSWER_NEED = Command(
    "needs",
    "answer_need",
    AnswerNeed,
    Answered,
    {**_ABOUT, "text": "Buongiorno, può venire giovedì alle 10?"},
    {**_STATE, "state": "waiting", "message_id": _MESSAGE["id"]},
    "Answer the person by mail, from the mailbox of the partner in charge.",
    ("not_permitted", "not_found", "invalid_arguments", "unreachable", "no_mailbox"),
)

REQUESTS = (
    *(LIST_NEEDS, GET_NEED, ASSIGN_NEED, TAKE_NEED, RESOLVE_NEED, ANSWER_NEED),
    *(LIST_ARRIVALS, GET_ARRIVAL, OPEN_ARRIVAL),
)
