"""A person's own page: the link to it, the pass that the link gives, and what the person wants to be written."""

from marshmallow import fields, validate

from contracts.booking import EMAIL_MAX, LANGUAGES
from contracts.booking.examples import PASS
from contracts.person import PASS_MAX
from contracts.wire import Command, Query, StrictSchema, TolerantSchema

TOKEN_MAX = 100


class SendPersonalLink(StrictSchema):
    email = fields.Email(required=True, validate=validate.Length(max=EMAIL_MAX))
    language = fields.String(
        required=True, validate=validate.OneOf(LANGUAGES), metadata={"description": "of the mail with the link"}
    )


class AskedFor(TolerantSchema):
    """The same whether anybody is known or not: who asks is told nothing."""

    asked = fields.Boolean(required=True, metadata={"description": "true"})


class UsePersonalLink(StrictSchema):
    link_id = fields.UUID(required=True)
    token = fields.String(required=True, validate=validate.Length(max=TOKEN_MAX))


class Pass(TolerantSchema):
    """What opens a person's own page; good for an hour, as the answers to commands are kept for longer."""

    personal_pass = fields.String(required=True)
    expires_at = fields.AwareDateTime(format="iso", required=True)


class ByPass(StrictSchema):
    personal_pass = fields.String(
        required=True,
        validate=validate.Length(max=PASS_MAX),
        metadata={"description": "contracts.person.personal_pass"},
    )


class Preferences(TolerantSchema):
    """In which language a person is written to, and what besides what is needed. No name and no address."""

    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    reminders = fields.Boolean(required=True, metadata={"description": "before a session"})
    thanks = fields.Boolean(required=True, metadata={"description": "after a session"})


class OwnContact(Preferences):
    """What is kept of a person, for their own eyes."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    kept_days = fields.Integer(
        required=True, metadata={"description": "for how many days after the person last asked for something"}
    )


class SetPreferences(ByPass):
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    reminders = fields.Boolean(required=True)
    thanks = fields.Boolean(required=True)


_LINK_ID = "018f6f2e-5555-7a10-8b60-4f5a1c2b3d44"
_TOKEN = "q0y2c7kS3m4bX8nZ1tR5vW6uJ9pL0aQ-dE_fGhIjKlM"  # noqa: S105 (an example)
_PREFERENCES = {"language": "it", "reminders": True, "thanks": False}

SEND_PERSONAL_LINK = Command(
    "notify",
    "send_personal_link",
    SendPersonalLink,
    AskedFor,
    {"email": "giulia@example.org", "language": "it"},
    {"asked": True},
    "Send a link to their own page to who is known by this address: good once, for 15 minutes; three in an hour.",
    ("invalid_arguments",),
)
USE_PERSONAL_LINK = Command(
    "notify",
    "use_personal_link",
    UsePersonalLink,
    Pass,
    {"link_id": _LINK_ID, "token": _TOKEN},
    {"personal_pass": PASS, "expires_at": "2026-11-29T09:00:00+00:00"},
    "Use a link up, for a pass to the person's own page.",
    ("not_found", "link_over"),
)
GET_PREFERENCES = Query(
    "notify",
    "get_preferences",
    ByPass,
    OwnContact,
    {"personal_pass": PASS},
    {**_PREFERENCES, "name": "Giulia Ferrero", "email": "giulia@example.org", "kept_days": 90},
    "What is kept of a person, and how they want to be written to; not found when they are forgotten.",
    ("not_permitted", "not_found"),
)
SET_PREFERENCES = Command(
    "notify",
    "set_preferences",
    SetPreferences,
    Preferences,
    {"personal_pass": PASS, **_PREFERENCES},
    _PREFERENCES,
    "How a person wants to be written to from now on. Who books again tells their language anew.",
    ("not_permitted", "not_found"),
)

REQUESTS = (SEND_PERSONAL_LINK, USE_PERSONAL_LINK, GET_PREFERENCES, SET_PREFERENCES)
