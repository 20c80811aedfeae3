"""Who works at the desk: the actor that every staff command names, and how the gateway learns who it is.

What is asked here, the gateway alone may ask; how a member is written to, notify alone.
"""

from marshmallow import fields, validate

from contracts.languages import LANGUAGES
from contracts.wire import Command, Query, StrictSchema, TolerantSchema

ROLES = ("coordinator", "operator", "viewer", "prescriber")
NOT_LET_IN = ("wrong_credentials", "try_later", "no_account", "no_link")
EMAIL_MAX = 254
TOKEN_MAX = 100
_PROOF = validate.Regexp(r"^[0-9a-f]{64}$")


class Actor(StrictSchema):
    """A member of the staff who is signed in. The gateway says who it is; the service decides what they may do.

    A coordinator acts for every partner, an operator for the own one, a viewer looks. A prescriber works elsewhere, in
    a job centre say: books for people, in sessions of every partner, and sees what became of that, and nothing else.
    """

    id = fields.UUID(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    partner = fields.String(
        required=True, allow_none=True, metadata={"description": "a slug; null: a coordinator or a prescriber"}
    )


class Member(TolerantSchema):
    actor = fields.Nested(Actor, required=True)
    name = fields.String(required=True)
    epoch = fields.Integer(
        required=True, metadata={"description": "who was let in at another epoch of the account must come in again"}
    )


class MemberContact(TolerantSchema):
    """How a member is written to, in the language in which they last signed in."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class LetIn(TolerantSchema):
    """The member who is let in, or why nobody is. An answer and no refusal, as the failure is kept too."""

    member = fields.Nested(Member, required=True, allow_none=True)
    refused = fields.String(required=True, allow_none=True, validate=validate.OneOf(NOT_LET_IN))
    seconds = fields.Integer(
        required=True, allow_none=True, metadata={"description": "with try_later: how long to wait"}
    )


class InLanguage(StrictSchema):
    language = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(LANGUAGES),
        metadata={"description": "of the page; from now on the member is written to in it"},
    )


class SignIn(InLanguage):
    email = fields.String(required=True, validate=validate.Length(min=1, max=EMAIL_MAX))
    password = fields.String(
        required=True, validate=_PROOF, metadata={"description": "contracts.password.password_proof of it"}
    )


class SignInWith(InLanguage):
    email = fields.String(
        required=True,
        validate=validate.Length(min=1, max=EMAIL_MAX),
        metadata={"description": "verified by the OpenID Connect provider"},
    )


class UseLink(InLanguage):
    token = fields.String(required=True, validate=validate.Length(min=1, max=TOKEN_MAX))
    password = fields.String(
        load_default=None,
        allow_none=True,
        validate=_PROOF,
        metadata={"description": "password_proof of the password to be set, if one is"},
    )


class ByAccount(StrictSchema):
    account_id = fields.UUID(required=True)


ACTOR_EXAMPLE = {"id": "018f6f2e-1111-7a10-8b60-4f5a1c2b3d44", "role": "operator", "partner": "orso"}
MEMBER_EXAMPLE = {"actor": ACTOR_EXAMPLE, "name": "Anna Bruno", "epoch": 1}
_LET_IN = {"member": MEMBER_EXAMPLE, "refused": None, "seconds": None}
_PASSWORD = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"  # noqa: S105 (an example)
_TOKEN = "q0y2c7kS3m4bX8nZ1tR5vW6uJ9pL0aQ-dE_fGhIjKlM"  # noqa: S105 (an example)

GET_MEMBER = Query(
    "staff",
    "get_member",
    ByAccount,
    Member,
    {"account_id": ACTOR_EXAMPLE["id"]},
    MEMBER_EXAMPLE,
    "Who is behind an account, with the role of now; not found when it is disabled.",
    ("not_found",),
)
REACH_MEMBER = Query(
    "staff",
    "reach_member",
    ByAccount,
    MemberContact,
    {"account_id": ACTOR_EXAMPLE["id"]},
    {"name": "Anna Bruno", "email": "anna.bruno@example.org", "language": "it"},
    "How a member is written to about what they booked for somebody; not found when the account is disabled.",
    ("not_found",),
    callers=("notify",),
)
SIGN_IN = Command(
    "staff",
    "sign_in",
    SignIn,
    LetIn,
    {"email": "anna.bruno@example.org", "password": _PASSWORD, "language": "it"},
    _LET_IN,
    "Let in who has an account's address and password.",
)
SIGN_IN_WITH = Command(
    "staff",
    "sign_in_with",
    SignInWith,
    LetIn,
    {"email": "anna.bruno@example.org", "language": "it"},
    _LET_IN,
    "Let in who an OpenID Connect provider vouches for, if there is an account with the address.",
)
USE_LINK = Command(
    "staff",
    "use_link",
    UseLink,
    LetIn,
    {"token": _TOKEN, "password": None, "language": "it"},
    _LET_IN,
    "Let in who has a one-time link, which is used up then, and set the password if one comes along.",
)

REQUESTS = (GET_MEMBER, REACH_MEMBER, SIGN_IN, SIGN_IN_WITH, USE_LINK)
