"""Queries on access keys."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, or_, select, update

from bus.transaction import Transaction
from services.staff.domain import AccessKey, Account
from services.staff.store.accounts import account_in
from services.staff.tables import access_keys, accounts, good

# Built once: a key is looked up every few seconds while a program works with it.
_OWNER = (
    select(accounts, access_keys.c.used_on)
    .join(access_keys, access_keys.c.account_id == accounts.c.id)
    .where(access_keys.c.digest == bindparam("digest"), good)
)
_OF = select(access_keys.c.id, access_keys.c.name, access_keys.c.created_at, access_keys.c.used_on).where(
    access_keys.c.account_id == bindparam("account_id"), good
)


def owner_of(tx: Transaction, digest: str) -> tuple[Account, date | None] | None:
    """Whose the key with this digest is, and on which day it was used last; None for one that has ended."""
    row = tx.connection.execute(_OWNER, {"digest": digest}).mappings().one_or_none()
    if row is None:
        return None
    values = dict(row)
    used_on = values.pop("used_on")
    account = account_in(values)
    return (account, used_on) if account else None


def keys_of(tx: Transaction, account_id: UUID) -> list[AccessKey]:
    """Those that have not ended, the newest first; no more than an account may have."""
    rows = tx.connection.execute(_OF.order_by(access_keys.c.id.desc()), {"account_id": account_id})
    return [AccessKey(*row) for row in rows]


def add_key(tx: Transaction, account_id: UUID, digest: str, key: AccessKey) -> None:
    tx.connection.execute(insert(access_keys), {**asdict(key), "account_id": account_id, "digest": digest})


def saw_key(tx: Transaction, digest: str, day: date) -> None:
    """It was used on that day."""
    earlier = or_(access_keys.c.used_on.is_(None), access_keys.c.used_on < day)
    tx.connection.execute(update(access_keys).where(access_keys.c.digest == digest, earlier).values(used_on=day))


def end_key(tx: Transaction, account_id: UUID, key_id: UUID, now: datetime) -> bool:
    """End one key of the account; False when it had ended."""
    this = access_keys.c.id == key_id, access_keys.c.account_id == account_id, good
    return tx.connection.execute(update(access_keys).where(*this).values(ended_at=now)).rowcount == 1


def end_keys(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """No key of the account works any more."""
    tx.connection.execute(update(access_keys).where(access_keys.c.account_id == account_id, good).values(ended_at=now))
