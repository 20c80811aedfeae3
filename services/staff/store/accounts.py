"""Queries on accounts, one-time links and failures to sign in; and forgetting what is old."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from services.staff.domain import Account, Attempts, Link, Role
from services.staff.tables import access_keys, accounts, attempts, audit, links

STEP = 2000  # rows of a table that one purge deletes

# Built once: SQLAlchemy takes longer to build them than to run them.
_BY_ID = select(accounts).where(accounts.c.id == bindparam("id"))
_THESE = select(accounts).where(accounts.c.id.in_(bindparam("ids", expanding=True)))
_BY_EMAIL = select(accounts).where(accounts.c.email == bindparam("email"))
_ADD = {
    "sqlite": sqlite.insert(accounts).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(accounts).on_conflict_do_nothing(),
}
_ADD_LINK = {
    "sqlite": sqlite.insert(links).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(links).on_conflict_do_nothing(),
}
_TRY = {
    "sqlite": sqlite.insert(attempts).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(attempts).on_conflict_do_nothing(),
}
_TRIED = select(attempts).where(attempts.c.address_hash == bindparam("address")).with_for_update()
_SAVE_TRY = update(attempts).where(attempts.c.address_hash == bindparam("address"))
_FORGET_TRY = delete(attempts).where(attempts.c.address_hash == bindparam("address"))
_LINK = select(links).where(links.c.token_hash == bindparam("token"))
_HELD_LINK = _LINK.with_for_update()


# Accounts


def add(tx: Transaction, account: Account) -> bool:
    """False when another account has the address."""
    return tx.connection.execute(_ADD[tx.dialect], asdict(account)).rowcount == 1


def by_id(tx: Transaction, account_id: UUID) -> Account | None:
    return account_in(tx.connection.execute(_BY_ID, {"id": account_id}).mappings().one_or_none())


def hold(tx: Transaction, account_id: UUID) -> Account | None:
    """The account, which nobody else changes until this transaction ends. Who needs a link too holds that after it."""
    query = _BY_ID.with_for_update()
    return account_in(tx.connection.execute(query, {"id": account_id}).mappings().one_or_none())


def by_email(tx: Transaction, email: str) -> Account | None:
    return account_in(tx.connection.execute(_BY_EMAIL, {"email": email}).mappings().one_or_none())


def change(tx: Transaction, account_id: UUID, **values: Any) -> None:
    tx.connection.execute(update(accounts).where(accounts.c.id == account_id).values(values))


def some_accounts(tx: Transaction, after: str, limit: int) -> list[Account]:
    """In the order of their addresses, from the one after ``after``."""
    query = select(accounts).where(accounts.c.email > after).order_by(accounts.c.email).limit(limit)
    found = (account_in(row) for row in tx.connection.execute(query).mappings())
    return [account for account in found if account]


def these_accounts(tx: Transaction, account_ids: Sequence[UUID]) -> list[Account]:
    """Those of them that there are, disabled or not."""
    found = (account_in(row) for row in tx.connection.execute(_THESE, {"ids": list(account_ids)}).mappings())
    return [account for account in found if account]


def colleagues(tx: Transaction, partner: str | None, limit: int) -> list[Account]:
    """Who works for a partner, or everybody, disabled or not; in the order of their addresses."""
    query = select(accounts).order_by(accounts.c.email).limit(limit)
    if partner is not None:
        query = query.where(accounts.c.partner == partner)
    found = (account_in(row) for row in tx.connection.execute(query).mappings())
    return [account for account in found if account]


def account_in(row: Mapping[Any, Any] | None) -> Account | None:
    return Account(**{**row, "role": Role(row["role"])}) if row else None


# Failures in a row


def hold_attempts(tx: Transaction, address_hash: str, now: datetime) -> Attempts:
    """The failures of an address; nobody else counts one until this transaction ends."""
    fresh = {"address_hash": address_hash, "failures": 0, "wait_until": now, "last_at": now}
    while True:
        tx.connection.execute(_TRY[tx.dialect], fresh)
        row = tx.connection.execute(_TRIED, {"address": address_hash}).one_or_none()
        if row is not None:  # else it was there, and whoever held it has deleted it
            return Attempts(row.failures, row.wait_until)


def save_attempts(tx: Transaction, address_hash: str, tried: Attempts, now: datetime) -> None:
    tx.connection.execute(_SAVE_TRY, {"address": address_hash, **asdict(tried), "last_at": now})


def forget_attempts(tx: Transaction, address_hash: str) -> None:
    tx.connection.execute(_FORGET_TRY, {"address": address_hash})


# One-time links


def add_link(tx: Transaction, token_hash: str, link: Link) -> bool:
    """False when there was one with this hash."""
    return tx.connection.execute(_ADD_LINK[tx.dialect], {"token_hash": token_hash, **asdict(link)}).rowcount == 1


def link(tx: Transaction, token_hash: str) -> Link | None:
    return _link(tx.connection.execute(_LINK, {"token": token_hash}).one_or_none())


def hold_link(tx: Transaction, token_hash: str) -> Link | None:
    """The link; nobody else uses it until this transaction ends."""
    return _link(tx.connection.execute(_HELD_LINK, {"token": token_hash}).one_or_none())


def _link(row: Any) -> Link | None:
    return Link(row.account_id, row.expires_at, row.used_at) if row else None


def use_up(tx: Transaction, token_hash: str, now: datetime) -> None:
    tx.connection.execute(update(links).where(links.c.token_hash == token_hash).values(used_at=now))


def end_links(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """No link of the account that was not used works any more."""
    still = links.c.account_id == account_id, links.c.used_at.is_(None)
    tx.connection.execute(update(links).where(*still).values(used_at=now))


# Forgetting


def purge(
    tx: Transaction, *, failures: datetime, ended_links: datetime, ended_keys: datetime, entries: datetime
) -> int:
    """Delete one step of what is older than these times; answers how many rows went."""
    gone = 0
    for table, key, at, before in (
        (attempts, attempts.c.address_hash, attempts.c.last_at, failures),
        (links, links.c.token_hash, links.c.expires_at, ended_links),
        (access_keys, access_keys.c.id, access_keys.c.ended_at, ended_keys),
        (audit, audit.c.position, audit.c.at, entries),
    ):
        old = select(key).where(at < before).order_by(at).limit(STEP)
        gone += tx.connection.execute(delete(table).where(key.in_(old))).rowcount
    return gone
