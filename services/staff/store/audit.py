"""Queries on the audit: noting, and reading it page by page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, literal, or_, select, tuple_

from bus.transaction import Transaction
from services.staff.tables import audit

_NOTE = insert(audit)
_PLACE = (audit.c.at, audit.c.position)


@dataclass(frozen=True)
class Entry:
    """A line of the audit."""

    position: int
    at: datetime
    actor: str | None
    action: str
    account_id: UUID | None


@dataclass(frozen=True)
class Wanted:
    """Which entries to list; None leaves a condition out. ``account_id`` did it, or it is about theirs."""

    account_id: UUID | None = None
    done_from: datetime | None = None
    done_before: datetime | None = None


def note(tx: Transaction, now: datetime, actor: str | None, action: str, account_id: UUID | None) -> None:
    tx.connection.execute(_NOTE, {"at": now, "actor": actor, "action": action, "account_id": account_id})


def some_entries(tx: Transaction, before: int | None, limit: int) -> list[Entry]:
    """The newest first, of those before the position ``before``."""
    query = select(audit).order_by(audit.c.position.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.position < before)
    return _read(tx, query)


def entries(tx: Transaction, wanted: Wanted, after: tuple[datetime, int] | None, limit: int) -> list[Entry]:
    """The newest first, of those after the entry at this time and position."""
    query = select(audit)
    if wanted.account_id:
        query = query.where(or_(audit.c.account_id == wanted.account_id, audit.c.actor == str(wanted.account_id)))
    if wanted.done_from:
        query = query.where(audit.c.at >= wanted.done_from)
    if wanted.done_before:
        query = query.where(audit.c.at < wanted.done_before)
    if after:
        place = tuple_(*(literal(value, column.type) for value, column in zip(after, _PLACE, strict=True)))
        query = query.where(tuple_(*_PLACE) < place)
    return _read(tx, query.order_by(*(column.desc() for column in _PLACE)).limit(limit))


def _read(tx: Transaction, query: Select[Any]) -> list[Entry]:
    return [Entry(**row) for row in tx.connection.execute(query).mappings()]
