"""Accounts of the staff, for coordinators: each request names who asks, and staff looks up what they may do."""

from marshmallow import fields, validate

from contracts.staff.keys import DIGEST
from contracts.staff.signing import ACTOR_EXAMPLE, EMAIL_MAX, ROLES
from contracts.wire import Command, Query, StrictSchema, TolerantSchema

ACCOUNTS_PAGE_MAX = 100
_LINK = {"description": "contracts.secret.digest of the token of a link that lets in once"}


class ByCoordinator(StrictSchema):
    by = fields.UUID(required=True, metadata={"description": "the account of who is signed in"})


class ListAccounts(ByCoordinator):
    after = fields.UUID(load_default=None, allow_none=True, metadata={"description": "`next` of the page before"})
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=ACCOUNTS_PAGE_MAX))


class AboutAccount(ByCoordinator):
    account_id = fields.UUID(required=True)


class AddAccount(ByCoordinator):
    name = fields.String(required=True)
    email = fields.String(required=True, validate=validate.Length(max=EMAIL_MAX))
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    partner = fields.String(required=True, allow_none=True)
    digest = fields.String(required=True, validate=DIGEST, metadata=_LINK)


class ChangeRole(AboutAccount):
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    partner = fields.String(
        required=True, allow_none=True, metadata={"description": "of an operator or a viewer; null for the others"}
    )


class RenewLink(AboutAccount):
    digest = fields.String(required=True, validate=DIGEST, metadata=_LINK)


class AccountId(TolerantSchema):
    """No name and no address: the answers to commands are kept for a week."""

    id = fields.UUID(required=True)


class Account(AccountId):
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    partner = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(format="iso", required=True)
    has_password = fields.Boolean(required=True)
    disabled_at = fields.AwareDateTime(format="iso", required=True, allow_none=True)


class AccountPage(TolerantSchema):
    items = fields.List(fields.Nested(Account), required=True)
    next = fields.UUID(required=True, allow_none=True)


_BY = "018f6f2e-1111-7a10-8b60-4f5a1c2b3d00"
_ID = ACTOR_EXAMPLE["id"]
_DIGEST = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
_ACCOUNT = {
    "id": _ID,
    "name": "Anna Bruno",
    "email": "anna.bruno@example.org",
    "role": "operator",
    "partner": "orso",
    "created_at": "2026-11-20T08:00:00+00:00",
    "has_password": True,
    "disabled_at": None,
}

LIST_ACCOUNTS = Query(
    "staff",
    "list_accounts",
    ListAccounts,
    AccountPage,
    {"by": _BY},
    {"items": [_ACCOUNT], "next": None},
    "The accounts in the order of their addresses, for coordinators.",
    ("not_permitted",),
)
GET_ACCOUNT = Query(
    "staff",
    "get_account",
    AboutAccount,
    Account,
    {"by": _BY, "account_id": _ID},
    _ACCOUNT,
    "One account, for coordinators.",
    ("not_permitted", "not_found"),
)
ADD_ACCOUNT = Command(
    "staff",
    "add_account",
    AddAccount,
    AccountId,
    {
        "by": _BY,
        "name": "Anna Bruno",
        "email": "anna.bruno@example.org",
        "role": "operator",
        "partner": "orso",
        "digest": _DIGEST,
    },
    {"id": _ID},
    "Make an account, and a link that lets its owner in once. Who asks has made the link, and says only its digest.",
    ("not_permitted", "invalid_arguments", "address_taken"),
)
CHANGE_ROLE = Command(
    "staff",
    "change_role",
    ChangeRole,
    AccountId,
    {"by": _BY, "account_id": _ID, "role": "viewer", "partner": "orso"},
    {"id": _ID},
    "Give an account another role, or another partner. Nobody can do it to the own one, so a coordinator stays.",
    ("not_permitted", "not_found", "invalid_arguments", "own_account"),
)
RENEW_LINK = Command(
    "staff",
    "renew_link",
    RenewLink,
    AccountId,
    {"by": _BY, "account_id": _ID, "digest": _DIGEST},
    {"id": _ID},
    "Put a new link in place of those before it; not found when the account is disabled.",
    ("not_permitted", "not_found"),
)
DISABLE_ACCOUNT = Command(
    "staff",
    "disable_account",
    AboutAccount,
    AccountId,
    {"by": _BY, "account_id": _ID},
    {"id": _ID},
    "Shut an account out at once, with its links and keys. Nobody can do it to the own one, so a coordinator stays.",
    ("not_permitted", "not_found", "own_account"),
)
ENABLE_ACCOUNT = Command(
    "staff",
    "enable_account",
    AboutAccount,
    AccountId,
    {"by": _BY, "account_id": _ID},
    {"id": _ID},
    "Take a disabled account in again, with the password that it had.",
    ("not_permitted", "not_found"),
)

REQUESTS = (LIST_ACCOUNTS, GET_ACCOUNT, ADD_ACCOUNT, CHANGE_ROLE, RENEW_LINK, DISABLE_ACCOUNT, ENABLE_ACCOUNT)
