"""Answers of the staff to people who wrote: mails with words that somebody chose."""

from marshmallow import fields, validate

from contracts.booking import EMAIL_MAX, LANGUAGES, NAME_MAX
from contracts.wire import Command, StrictSchema, TolerantSchema

ANSWER_MAX = 20_000  # characters
SUBJECT_MAX = 300
REFERENCES_MAX = 50
_MAIL_ID = validate.Regexp(r"^[!-;=?-~]{1,250}$(?!\n)")
_PERSON = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_MARK = "ahyw63smov2ge4dfon2cu3zvmfrggzdfmztwq2l"


class SendAnswer(StrictSchema):
    message_id = fields.UUID(required=True, metadata={"description": "the same again is the same mail"})
    person_id = fields.String(required=True, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    email = fields.String(required=True, validate=validate.Length(min=1, max=EMAIL_MAX))
    name = fields.String(
        required=True, validate=validate.Length(max=NAME_MAX), metadata={"description": "may be empty"}
    )
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    mailbox = fields.Email(required=True, metadata={"description": "whom the mail is from"})
    reply_to = fields.Email(required=True, metadata={"description": "where answers and reports of delivery go"})
    mail_id = fields.String(required=True, validate=_MAIL_ID, metadata={"description": "its Message-ID, without <>"})
    references = fields.List(
        fields.String(validate=_MAIL_ID),
        required=True,
        validate=validate.Length(max=REFERENCES_MAX),
        metadata={"description": "the mails before it; it answers the last"},
    )
    site_mark = fields.String(
        required=True, validate=validate.Regexp(r"^[a-z0-9]{1,40}$(?!\n)"), metadata={"description": "for X-Loop"}
    )
    subject = fields.String(required=True, validate=validate.Length(max=SUBJECT_MAX))
    text = fields.String(required=True, validate=validate.Length(min=1, max=ANSWER_MAX))


class TakenOver(TolerantSchema):
    message_id = fields.UUID(required=True)


_MESSAGE_ID = "018f6f2e-6666-7a10-8b60-4f5a1c2b3d44"

SEND_ANSWER = Command(
    "notify",
    "send_answer",
    SendAnswer,
    TakenOver,
    {
        "message_id": _MESSAGE_ID,
        "person_id": _PERSON,
        "email": "giulia@example.org",
        "name": "Giulia Ferrero",
        "language": "it",
        "mailbox": "sportello@example.org",
        "reply_to": f"sportello+{_MARK}@example.org",
        "mail_id": f"{_MARK}.018f6f2e66667a108b604f5a1c2b3d44@example.org",
        "references": ["one@mail.example.org"],
        "site_mark": "mfrggzdfmztwq2lk",
        "subject": "Re: Cambiare lavoro",
        "text": "Buongiorno, può venire giovedì alle 10?",
    },
    {"message_id": _MESSAGE_ID},
    "Send a person the answer of somebody of the staff to what they wrote.",
    ("invalid_arguments",),
    callers=("needs",),
)

REQUESTS = (SEND_ANSWER,)
