"""What happened to a need, as others hear of it."""

from marshmallow import fields, validate

from contracts.wire import EventType, TolerantSchema

CHANNELS = ("chat", "telephone", "email")


class NeedFacts(TolerantSchema):
    """What every event about a need says."""

    need_id = fields.UUID(required=True)
    partner = fields.String(
        required=True, allow_none=True, metadata={"description": "who is in charge; null while nobody is"}
    )
    person_id = fields.String(
        required=True,
        allow_none=True,
        validate=validate.Regexp(r"^[0-9a-f]{64}$"),
        metadata={"description": "null where no address and no number is known"},
    )
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))


class MessageFacts(NeedFacts):
    message_id = fields.UUID(required=True)


_NEED = {
    "need_id": "018f6f2e-5555-7a10-8b60-4f5a1c2b3d44",
    "partner": "orso",
    "person_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "channel": "email",
}
_MESSAGE = {**_NEED, "message_id": "018f6f2e-6666-7a10-8b60-4f5a1c2b3d44"}

NEED_OPENED = EventType("needs", "need.opened.v1", NeedFacts, _NEED, "A person told the centre a need.")
NEED_REOPENED = EventType(
    "needs", "need.reopened.v1", NeedFacts, _NEED, "A person wrote again about a need that was resolved."
)
MESSAGE_RECEIVED = EventType(
    "needs", "message.received.v1", MessageFacts, _MESSAGE, "A message of a person was added to a need."
)

NEED_ASSIGNED = EventType("needs", "need.assigned.v1", NeedFacts, _NEED, "A partner was put in charge, or nobody.")
NEED_RESOLVED = EventType("needs", "need.resolved.v1", NeedFacts, _NEED, "There is nothing left to do about a need.")
MESSAGE_SENT = EventType("needs", "message.sent.v1", MessageFacts, _MESSAGE, "The staff answered a person.")

EVENTS = (NEED_OPENED, NEED_ASSIGNED, NEED_RESOLVED, NEED_REOPENED, MESSAGE_RECEIVED, MESSAGE_SENT)
