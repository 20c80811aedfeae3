"""Who may read the audit, and learn the names of those who are in it. Each in the one transaction that it is given.

``by`` is the account of who asks. What they may do is looked up here, in the same transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.cursors import moment_cursor, moment_place
from bus.times import in_utc
from bus.transaction import Transaction
from contracts.staff import NAMES_MAX
from services.staff import store
from services.staff.domain import Account, Role
from services.staff.errors import NotPermitted
from services.staff.store import Entry, Wanted

OPERATOR = "operator:"  # begins the actor of what is done at the command line


def list_entries(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    *,
    by: UUID,
    account_id: UUID | None = None,
    done_from: datetime | None = None,
    done_before: datetime | None = None,
    after: str | None = None,
    limit: int = 20,
) -> dict[str, Any]:
    """A page of the audit, the newest first: for an operator, what concerns the own account.

    Raises NotPermitted, InvalidArguments.
    """
    reader = _reader(tx, by)
    if reader.role is not Role.COORDINATOR:
        if account_id not in (None, by):
            raise NotPermitted
        account_id = by
    wanted = Wanted(account_id, in_utc(done_from, "done_from"), in_utc(done_before, "done_before"))
    found = store.entries(tx, wanted, moment_place(after) if after else None, limit + 1)
    page = found[:limit]
    return {
        "items": [_answer(entry) for entry in page],
        "next": moment_cursor(page[-1].at, page[-1].position) if len(found) > limit else None,
    }


def name_members(tx: Transaction, *, by: UUID, account_ids: Sequence[UUID]) -> dict[str, Any]:
    """Raises NotPermitted."""
    _reader(tx, by)
    return _names(store.these_accounts(tx, account_ids))


def list_colleagues(tx: Transaction, *, by: UUID) -> dict[str, Any]:
    """Everybody for a coordinator, who works for the same partner for an operator. Raises NotPermitted."""
    reader = _reader(tx, by)
    return _names(store.colleagues(tx, reader.partner, NAMES_MAX))


def _reader(tx: Transaction, by: UUID) -> Account:
    account = store.by_id(tx, by)
    if account is None or account.disabled_at or account.role not in (Role.COORDINATOR, Role.OPERATOR):
        raise NotPermitted
    return account


def _names(accounts: Sequence[Account]) -> dict[str, Any]:
    found = sorted(accounts, key=lambda account: (account.name.casefold(), account.id))
    return {"items": [{"id": account.id, "name": account.name} for account in found]}


def _answer(entry: Entry) -> dict[str, Any]:
    """``contracts.staff.Entry``. The user name of who ran the command stays here."""
    operator = entry.actor is not None and entry.actor.startswith(OPERATOR)
    by = None if operator or entry.actor is None else UUID(entry.actor)
    facts = {"at": entry.at, "action": entry.action, "account_id": entry.account_id}
    return {**facts, "by": by, "operator": operator}
