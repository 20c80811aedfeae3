"""What the API takes about accounts of the staff from coordinators, and what it tells them."""

from marshmallow import Schema, fields, validate

from contracts import staff
from contracts.wire import StrictSchema
from gateway.api.schemas import SLUG, Instant

NAME_MAX = 120


class AccountPage(StrictSchema):
    after = fields.UUID(load_default=None, metadata={"description": "`next` of the page before"})
    limit = fields.Integer(load_default=20, validate=validate.Range(1, staff.ACCOUNTS_PAGE_MAX))


class Role(StrictSchema):
    role = fields.String(required=True, validate=validate.OneOf(staff.ROLES))
    partner = fields.String(
        load_default=None,
        allow_none=True,
        validate=[validate.Length(max=40), validate.Regexp(SLUG)],
        metadata={"description": "whom an operator or a viewer works for; left out for the other roles"},
    )


class NewAccount(Role):
    name = fields.String(
        required=True, validate=validate.Length(1, NAME_MAX), metadata={"description": "on one line, for colleagues"}
    )
    email = fields.Email(required=True, validate=validate.Length(max=staff.EMAIL_MAX))


class AccountId(Schema):
    id = fields.UUID(required=True)


class MadeLink(AccountId):
    link = fields.String(
        required=True,
        metadata={
            "format": "uri",
            "description": "lets the owner in at the desk, once, within 24 hours; told here alone, mailed to nobody",
        },
    )


class Account(staff.Account):
    created_at = Instant(required=True)  # type: ignore[assignment]  # the same time, written with Z
    disabled_at = Instant(required=True, allow_none=True)  # type: ignore[assignment]  # the same


class AccountList(Schema):
    items = fields.List(fields.Nested(Account), required=True)
    next = fields.UUID(
        required=True, allow_none=True, metadata={"description": "pass as `after` for the next page; null on the last"}
    )
