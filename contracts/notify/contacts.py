"""How a person is reached: what booking tells notify of who has booked."""

from marshmallow import fields, validate

from contracts.booking import EMAIL_MAX, LANGUAGES, NAME_MAX
from contracts.wire import Command, StrictSchema, TolerantSchema


class RememberContact(StrictSchema):
    email = fields.Email(required=True, validate=validate.Length(max=EMAIL_MAX))
    name = fields.String(required=True, validate=validate.Length(min=1, max=NAME_MAX))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    consent = fields.Boolean(required=True, metadata={"description": "to messages about what the person asked for"})


class Contact(TolerantSchema):
    person_id = fields.String(required=True)


REMEMBER_CONTACT = Command(
    "notify",
    "remember_contact",
    RememberContact,
    Contact,
    {"email": "giulia@example.org", "name": "Giulia Ferrero", "language": "it", "consent": True},
    {"person_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    "Remember how a person is reached, and in which language.",
    ("invalid_arguments",),
    callers=("booking",),
)

REQUESTS = (REMEMBER_CONTACT,)
