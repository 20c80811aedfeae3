"""What the staff did: kept, listed, and deleted after a while."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, literal, select, tuple_

from bus.transaction import Transaction
from services.booking.tables import sessions, staff_actions

_ACTIONS = select(staff_actions, sessions.c.title, sessions.c.starts_at).join_from(
    staff_actions, sessions, sessions.c.id == staff_actions.c.session_id, isouter=True
)
_PLACE = (staff_actions.c.at, staff_actions.c.position)


@dataclass(frozen=True)
class Wanted:
    """Which actions to list; None leaves a condition out. The times (aware) are when they were done."""

    partner: str | None = None
    staff_id: UUID | None = None
    session_id: UUID | None = None
    done_from: datetime | None = None
    done_before: datetime | None = None


def note_action(tx: Transaction, now: datetime, staff_id: UUID, action: str, **about: Any) -> None:
    """Keep who of the staff did what; ``about`` are ``partner_id`` and the other columns that say something of it."""
    tx.connection.execute(insert(staff_actions), {"at": now, "staff_id": staff_id, "action": action, **about})


def list_actions(tx: Transaction, wanted: Wanted, after: tuple[datetime, int] | None, limit: int) -> list[Any]:
    """The newest first, those before ``after``: rows of the table, with ``title`` and ``starts_at`` of the session."""
    return list(tx.connection.execute(actions_of(wanted, after).limit(limit)))


def actions_of(wanted: Wanted, after: tuple[datetime, int] | None) -> Select[Any]:
    at, position = _PLACE
    query = _ACTIONS
    if wanted.partner:
        query = query.where(staff_actions.c.partner_id == wanted.partner)
    if wanted.staff_id:
        query = query.where(staff_actions.c.staff_id == wanted.staff_id)
    if wanted.session_id:
        query = query.where(staff_actions.c.session_id == wanted.session_id)
    if wanted.done_from:
        query = query.where(at >= wanted.done_from)
    if wanted.done_before:
        query = query.where(at < wanted.done_before)
    if after:
        place = tuple_(*(literal(value, column.type) for value, column in zip(after, _PLACE, strict=True)))
        query = query.where(tuple_(*_PLACE) < place)
    return query.order_by(at.desc(), position.desc())


def forget_actions(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete what the staff did before then, at most ``limit`` of it, the oldest first; returns how many went."""
    gone = done_before(before).limit(limit)
    return tx.connection.execute(delete(staff_actions).where(staff_actions.c.position.in_(gone))).rowcount


def done_before(before: datetime) -> Select[Any]:
    return select(staff_actions.c.position).where(staff_actions.c.at < before).order_by(*_PLACE)
