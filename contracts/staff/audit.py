"""What was done about accounts and who signed in; and the names of members, for who reads what the staff did."""

from marshmallow import fields, validate

from contracts.staff.signing import ACTOR_EXAMPLE
from contracts.wire import Query, StrictSchema, TolerantSchema

ENTRIES_PAGE_MAX = 100
NAMES_MAX = 200
ENTRY_ACTIONS = (
    *("account_added", "role_changed", "account_disabled", "account_enabled", "link_made", "password_set"),
    *("key_added", "key_revoked"),
    *("signed_in", "signed_in_with_provider", "signed_in_by_link"),
    *("refused_wrong_credentials", "refused_try_later", "refused_no_account", "refused_no_link"),
)


class ByMember(StrictSchema):
    by = fields.UUID(required=True, metadata={"description": "the account of who is signed in"})


class ListEntries(ByMember):
    """What is null leaves a condition out. The times are when it was done."""

    account_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "what this account did, and what was done about it"},
    )
    done_from = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    done_before = fields.AwareDateTime(format="iso", load_default=None, allow_none=True)
    after = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=20, validate=validate.Range(min=1, max=ENTRIES_PAGE_MAX))


class NameMembers(ByMember):
    account_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=NAMES_MAX))


class Entry(TolerantSchema):
    at = fields.AwareDateTime(format="iso", required=True)
    action = fields.String(
        required=True, metadata={"description": f"one of {', '.join(ENTRY_ACTIONS)}; others may be added"}
    )
    by = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "the account that did it; null: the platform's operator, or nobody who is known"},
    )
    operator = fields.Boolean(
        required=True, metadata={"description": "whether the platform's operator did it, at the command line"}
    )
    account_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "about whose account; null: the address is nobody's"}
    )


class EntryPage(TolerantSchema):
    """The newest first."""

    items = fields.List(fields.Nested(Entry), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "`after` of the next page"})


class MemberName(TolerantSchema):
    id = fields.UUID(required=True)
    name = fields.String(required=True)


class MemberNames(TolerantSchema):
    items = fields.List(fields.Nested(MemberName), required=True)


_BY = "018f6f2e-1111-7a10-8b60-4f5a1c2b3d00"
_ID = ACTOR_EXAMPLE["id"]
_NAMES = {"items": [{"id": _ID, "name": "Anna Bruno"}]}

LIST_ENTRIES = Query(
    "staff",
    "list_entries",
    ListEntries,
    EntryPage,
    {"by": _BY, "account_id": _ID, "limit": 20},
    {
        "items": [
            {
                "at": "2026-11-24T09:12:00+00:00",
                "action": "account_disabled",
                "by": _BY,
                "operator": False,
                "account_id": _ID,
            }
        ],
        "next": None,
    },
    "The audit of accounts: coordinators read all of it, operators what is about their own account, others nothing.",
    ("not_permitted", "invalid_arguments"),
)
NAME_MEMBERS = Query(
    "staff",
    "name_members",
    NameMembers,
    MemberNames,
    {"by": _BY, "account_ids": [_ID]},
    _NAMES,
    "The names of accounts, also of those that are shut, for coordinators and operators; who is not known is left out.",
    ("not_permitted",),
)
LIST_COLLEAGUES = Query(
    "staff",
    "list_colleagues",
    ByMember,
    MemberNames,
    {"by": _BY},
    _NAMES,
    f"By name, for coordinators everybody, for operators who works for their partner; the first {NAMES_MAX}.",
    ("not_permitted",),
)

REQUESTS = (LIST_ENTRIES, NAME_MEMBERS, LIST_COLLEAGUES)
