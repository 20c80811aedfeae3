"""Access keys: how a program of a member of the staff says who it acts for."""

from marshmallow import fields, validate

from contracts.staff.signing import ACTOR_EXAMPLE, MEMBER_EXAMPLE, Member
from contracts.wire import Command, Query, StrictSchema, TolerantSchema

KEY_NAME_MAX = 80
DIGEST = validate.Regexp(r"^[0-9a-f]{64}$")


class ByDigest(StrictSchema):
    digest = fields.String(required=True, validate=DIGEST, metadata={"description": "contracts.secret.digest of it"})


class ByOwner(StrictSchema):
    account_id = fields.UUID(required=True, metadata={"description": "who is signed in: the keys are theirs"})


class AddKey(ByOwner):
    name = fields.String(
        required=True,
        validate=validate.Length(min=1, max=KEY_NAME_MAX),
        metadata={"description": "what the owner knows it by"},
    )
    digest = fields.String(required=True, validate=DIGEST, metadata={"description": "contracts.secret.digest of it"})


class ByKeyId(ByOwner):
    key_id = fields.UUID(required=True)


class KeyId(TolerantSchema):
    id = fields.UUID(required=True)


class Key(KeyId):
    name = fields.String(required=True)
    created_at = fields.AwareDateTime(format="iso", required=True)
    used_on = fields.Date(required=True, allow_none=True, metadata={"description": "the last day, in UTC"})


class KeyList(TolerantSchema):
    items = fields.List(fields.Nested(Key), required=True)


_ID = "018f6f2e-5555-7a10-8b60-4f5a1c2b3d44"
_OWNER = ACTOR_EXAMPLE["id"]
_DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"

USE_KEY = Query(
    "staff",
    "use_key",
    ByDigest,
    Member,
    {"digest": _DIGEST},
    MEMBER_EXAMPLE,
    "Who a key acts for, with the role of now; not found when it was revoked, or its owner disabled.",
    ("not_found",),
)
LIST_KEYS = Query(
    "staff",
    "list_keys",
    ByOwner,
    KeyList,
    {"account_id": _OWNER},
    {"items": [{"id": _ID, "name": "Agenda", "created_at": "2026-11-20T08:00:00+00:00", "used_on": "2026-11-23"}]},
    "The keys of an account that work, the newest first.",
)
ADD_KEY = Command(
    "staff",
    "add_key",
    AddKey,
    KeyId,
    {"account_id": _OWNER, "name": "Agenda", "digest": _DIGEST},
    {"id": _ID},
    "Give an account one more key, which acts as its owner does. Who asks has made it, and says only its digest.",
    ("not_found", "too_many_keys", "invalid_arguments"),
)
REVOKE_KEY = Command(
    "staff",
    "revoke_key",
    ByKeyId,
    KeyId,
    {"account_id": _OWNER, "key_id": _ID},
    {"id": _ID},
    "End a key of an account at once. Doing it again, or to a key that is another's, changes nothing.",
)

REQUESTS = (USE_KEY, LIST_KEYS, ADD_KEY, REVOKE_KEY)
