"""What people say of a session after it: the event, what they ask, and what the staff of that partner may read."""

from marshmallow import fields, validate

from contracts.booking.arguments import ByStaff, ByToken
from contracts.booking.events import ReservationFacts
from contracts.booking.examples import FACTS, RESERVATION_ID, SESSION_ID, TOKEN
from contracts.booking.words import USEFUL, WORDS_MAX
from contracts.staff import ACTOR_EXAMPLE
from contracts.wire import Command, EventType, Query, TolerantSchema


class ReservationRated(ReservationFacts):
    """What the person wrote stays in booking: here is only whether they wrote something."""

    useful = fields.String(required=True, validate=validate.OneOf(USEFUL))
    in_words = fields.Boolean(required=True, metadata={"description": "the person wrote something too"})


class GiveFeedback(ByToken):
    useful = fields.String(required=True, validate=validate.OneOf(USEFUL))
    words = fields.String(load_default="", validate=validate.Length(max=WORDS_MAX))


class GetFeedback(ByStaff):
    after = fields.UUID(load_default=None, allow_none=True)


class GivenFeedback(TolerantSchema):
    """Without the words, as the answers to commands are kept for a week."""

    reservation_id = fields.UUID(required=True)
    useful = fields.String(required=True, validate=validate.OneOf(USEFUL))
    in_words = fields.Boolean(required=True)
    until = fields.AwareDateTime(
        format="iso", required=True, metadata={"description": "until when it can be corrected"}
    )


class OwnFeedback(TolerantSchema):
    """What who holds the token said, and whether they can say it, or say it differently, now."""

    open = fields.Boolean(required=True)
    until = fields.AwareDateTime(format="iso", required=True)
    useful = fields.String(
        required=True, allow_none=True, validate=validate.OneOf(USEFUL), metadata={"description": "null: nothing yet"}
    )
    words = fields.String(required=True, metadata={"description": "empty: none, or forgotten"})


class FeedbackCounts(TolerantSchema):
    yes = fields.Integer(required=True)
    partly = fields.Integer(required=True)
    no = fields.Integer(required=True)


class Opinion(TolerantSchema):
    """What somebody wrote, without a name."""

    useful = fields.String(required=True, validate=validate.OneOf(USEFUL))
    words = fields.String(required=True)


class Feedback(TolerantSchema):
    """How many found a session useful, and what they wrote, in an order by chance; a page."""

    counts = fields.Nested(FeedbackCounts, required=True)
    items = fields.List(fields.Nested(Opinion), required=True)
    next = fields.UUID(required=True, allow_none=True, metadata={"description": "``after`` of the next page"})


RESERVATION_RATED = EventType(
    "booking",
    "reservation.rated.v1",
    ReservationRated,
    {**FACTS, "useful": "yes", "in_words": True},
    "A person said whether the session was useful. It comes again when they correct it: the last one counts.",
)
GIVE_FEEDBACK = Command(
    "booking",
    "give_feedback",
    GiveFeedback,
    GivenFeedback,
    {"reservation_id": RESERVATION_ID, "token": TOKEN, "useful": "yes", "words": "Ho capito da dove cominciare."},
    {
        "reservation_id": RESERVATION_ID,
        "useful": "yes",
        "in_words": True,
        "until": "2026-12-31T17:30:00+00:00",
    },
    "Say whether the session was useful, or correct what was said: from its end on, for 30 days, for who had a seat.",
    ("not_found", "invalid_arguments", "no_seat", "not_there", "too_early", "feedback_closed"),
)
GET_OWN_FEEDBACK = Query(
    "booking",
    "get_own_feedback",
    ByToken,
    OwnFeedback,
    {"reservation_id": RESERVATION_ID, "token": TOKEN},
    {
        "open": True,
        "until": "2026-12-31T17:30:00+00:00",
        "useful": "yes",
        "words": "Ho capito da dove cominciare.",
    },
    "What was said of the session with this reservation, for who holds its token.",
    ("not_found",),
)
GET_FEEDBACK = Query(
    "booking",
    "get_feedback",
    GetFeedback,
    Feedback,
    {"session_id": SESSION_ID, "actor": ACTOR_EXAMPLE},
    {
        "counts": {"yes": 8, "partly": 3, "no": 1},
        "items": [{"useful": "yes", "words": "Ho capito da dove cominciare."}],
        "next": None,
    },
    "What people said of a session, for the staff of its partner; without names.",
    ("not_permitted", "not_found"),
)

EVENTS = (RESERVATION_RATED,)
REQUESTS = (GIVE_FEEDBACK, GET_OWN_FEEDBACK, GET_FEEDBACK)
