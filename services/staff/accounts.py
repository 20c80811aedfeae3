"""Accounts at the desk, for coordinators: one function for each thing, each inside the transaction that it is given.

``by`` is the account of who asks. What they may do is looked up here, in the same transaction. What the operator does
at the command line (``usecases``) is the same, by address.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from services.staff import store, usecases
from services.staff.domain import Account, Role
from services.staff.errors import NotFound, NotPermitted, OwnAccount


def list_accounts(tx: Transaction, *, by: UUID, after: UUID | None, limit: int) -> dict[str, Any]:
    """A page, by address; ``after`` is the last account of the page before. Raises NotPermitted."""
    may_see(tx, by)
    last = store.by_id(tx, after) if after else None
    found = store.some_accounts(tx, last.email if last else "", limit + 1)
    page = found[:limit]
    return {"items": [_answer(each) for each in page], "next": page[-1].id if len(found) > limit else None}


def get_account(tx: Transaction, *, by: UUID, account_id: UUID) -> dict[str, Any]:
    """Raises NotPermitted, NotFound."""
    may_see(tx, by)
    account = store.by_id(tx, account_id)
    if account is None:
        raise NotFound
    return _answer(account)


def add_account(tx: Transaction, now: datetime, *, by: UUID, digest: str, role: str, **facts: Any) -> dict[str, Any]:
    """A new account; ``facts`` are name, email and partner. Raises NotPermitted, InvalidArguments, AddressTaken."""
    may_see(tx, by)
    return {"id": usecases.add_with(tx, now, str(by), digest, role=Role(role), **facts).id}


def change_role(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, *, by: UUID, account_id: UUID, role: str, partner: str | None
) -> dict[str, Any]:
    """Give an account another role, or another partner: what its owner does counts as that from the next moment on.

    Raises NotPermitted, NotFound, InvalidArguments; OwnAccount, so that a coordinator always stays.
    """
    account = _held(tx, by, account_id)
    if account.id == by:
        raise OwnAccount
    usecases.change_role(tx, now, str(by), account, Role(role), partner)
    return {"id": account_id}


def renew_link(tx: Transaction, now: datetime, *, by: UUID, account_id: UUID, digest: str) -> dict[str, Any]:
    """Raises NotPermitted; NotFound, also for a disabled account."""
    usecases.add_link(tx, now, str(by), _held(tx, by, account_id), digest)
    return {"id": account_id}


def disable_account(tx: Transaction, now: datetime, *, by: UUID, account_id: UUID) -> dict[str, Any]:
    """Raises NotPermitted, NotFound, OwnAccount.

    A coordinator always stays: whoever does this is one, is held, and is not the one who is shut out.
    """
    account = _held(tx, by, account_id)
    if account.id == by:
        raise OwnAccount
    usecases.shut_out(tx, now, str(by), account)
    return {"id": account_id}


def enable_account(tx: Transaction, now: datetime, *, by: UUID, account_id: UUID) -> dict[str, Any]:
    """Raises NotPermitted, NotFound."""
    usecases.take_in_again(tx, now, str(by), _held(tx, by, account_id))
    return {"id": account_id}


def may_see(tx: Transaction, by: UUID) -> None:
    """Raises NotPermitted unless a coordinator asks who is one still."""
    _coordinator(store.by_id(tx, by))


def _held(tx: Transaction, by: UUID, account_id: UUID) -> Account:
    """An account that nobody else changes until the end, nor that of the coordinator who asks: two who shut each other
    out take turns, and the second is none any more. Raises NotPermitted, NotFound."""
    held = {
        key: store.hold(tx, key) for key in sorted({by, account_id})
    }  # in one order, so that none waits for another
    _coordinator(held[by])
    account = held[account_id]
    if account is None:
        raise NotFound
    return account


def _coordinator(account: Account | None) -> None:
    if account is None or account.disabled_at or account.role is not Role.COORDINATOR:
        raise NotPermitted


def _answer(account: Account) -> dict[str, Any]:
    """``contracts.staff.Account``."""
    facts = {name: getattr(account, name) for name in ("id", "name", "email", "role", "partner", "created_at")}
    return {**facts, "has_password": account.password_hash is not None, "disabled_at": account.disabled_at}
