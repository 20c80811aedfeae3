"""Deleting sessions that are long over, with all that refers to them, in small steps."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, delete, exists, select

from bus.transaction import Transaction
from services.booking.store.feedback_totals import keep_totals
from services.booking.tables import feedback, imported_sessions, reservations, series, sessions, staff_actions

SESSIONS_AT_ONCE = 20


def purge_sessions(tx: Transaction, ended_before: datetime, limit: int) -> int:
    """Delete some of the sessions that ended before then; returns how many rows of sessions and reservations went.

    What refers to a row goes before it. Where a few sessions have more than ``limit`` reservations, those go first.
    """
    old = tx.connection.execute(ended(ended_before)).all()
    if not old:
        return 0
    keys = [row.id for row in old]
    people = tx.connection.execute(reservations_in(keys).limit(limit)).scalars().all()
    keep_totals(tx, people)
    for table in (feedback, staff_actions):
        _delete(tx, table, table.c.reservation_id.in_(people))
    _delete(tx, reservations, reservations.c.id.in_(people))
    if len(people) == limit:
        return limit
    for table in (staff_actions, imported_sessions):
        _delete(tx, table, table.c.session_id.in_(keys))
    _delete(tx, sessions, sessions.c.id.in_(keys))
    empty = ~exists().where(sessions.c.series_id == series.c.id)
    _delete(tx, series, series.c.id.in_({row.series_id for row in old if row.series_id}) & empty)
    return len(people) + len(keys)


def ended(before: datetime) -> Select[Any]:
    """The sessions that are over for longest."""
    query = select(sessions.c.id, sessions.c.series_id).where(sessions.c.ends_at < before)
    return query.order_by(sessions.c.ends_at).limit(SESSIONS_AT_ONCE)


def reservations_in(session_ids: list[UUID]) -> Select[UUID]:
    return select(reservations.c.id).where(reservations.c.session_id.in_(session_ids))


def _delete(tx: Transaction, table: Table, which: ColumnElement[bool]) -> None:
    tx.connection.execute(delete(table).where(which))
