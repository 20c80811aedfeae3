"""Queries on attendance sheets that nobody has closed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from bus.transaction import Transaction
from services.booking.domain import Session
from services.booking.store.sessions import sessions_of
from services.booking.tables import sessions, sheet_is_open


def sheets_left(tx: Transaction, ended_before: datetime, limit: int) -> list[UUID]:
    """Sessions that ended before then, whose sheet is open still; the oldest first."""
    return list(tx.connection.execute(left_open(ended_before).limit(limit)).scalars())


def open_sheets(tx: Transaction, now: datetime, partner: str | None, limit: int) -> list[Session]:
    """Those with people in them, of one partner or of all."""
    query = left_open(now).where(sessions.c.taken > 0)
    query = query if partner is None else query.where(sessions.c.partner_id == partner)
    found = sessions_of(tx, tx.connection.execute(query.limit(limit)).scalars())
    return sorted(found.values(), key=lambda session: session.ends_at)


def left_open(ended_before: datetime) -> Select[Any]:
    query = select(sessions.c.id).where(sheet_is_open, sessions.c.ends_at < ended_before)
    return query.order_by(sessions.c.ends_at, sessions.c.id)
