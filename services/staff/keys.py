"""Access keys, by which programs act for a member of the staff: one function for each thing, each in one transaction.

A key dies with what its owner signed in by: when the account is disabled, and when a password is chosen.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from bus.transaction import Transaction
from contracts.staff import KEY_NAME_MAX
from services.staff import domain, store
from services.staff.domain import KEYS_MAX, AccessKey
from services.staff.errors import NotFound, TooManyKeys
from services.staff.usecases import member


def use_key(tx: Transaction, *, digest: str) -> tuple[dict[str, Any], date | None]:
    """Who a key acts for, as ``contracts.staff.Member``, and the day of its last use. Raises NotFound."""
    found = store.owner_of(tx, digest)
    if found is None or found[0].disabled_at:
        raise NotFound
    return member(found[0]), found[1]


def list_keys(tx: Transaction, *, account_id: UUID) -> dict[str, Any]:
    return {"items": [vars(key) for key in store.keys_of(tx, account_id)]}


def add_key(  # noqa: PLR0913 (what a key has)
    tx: Transaction, now: datetime, actor: str, *, account_id: UUID, name: str, digest: str
) -> dict[str, Any]:
    """One more key of an account. Raises NotFound, also for a disabled one, InvalidArguments, TooManyKeys."""
    account = store.hold(tx, account_id)
    if account is None or account.disabled_at:
        raise NotFound
    key = AccessKey(uuid7(), domain.legible_name(name, KEY_NAME_MAX), now)
    if len(store.keys_of(tx, account_id)) >= KEYS_MAX:
        raise TooManyKeys
    store.add_key(tx, account_id, digest, key)
    store.note(tx, now, actor, "key_added", account_id)
    return {"id": key.id}


def revoke_key(tx: Transaction, now: datetime, actor: str, *, account_id: UUID, key_id: UUID) -> dict[str, Any]:
    """End a key of an account; doing it again changes nothing."""
    if store.end_key(tx, account_id, key_id, now):
        store.note(tx, now, actor, "key_revoked", account_id)
    return {"id": key_id}
