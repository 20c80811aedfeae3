"""Queries of the staff: the attendance sheet; and forgetting people."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update

from bus.transaction import Transaction
from services.booking.domain import Attendance, Reservation
from services.booking.store.named import NAMED, Named, named
from services.booking.store.reservations import PERSONAL
from services.booking.tables import known, reservations, seated, sessions, staff_actions

# -- the attendance sheet


def participants(tx: Transaction, session_id: UUID, after: int, limit: int) -> list[Named]:
    """Who has a seat, in the order in which they booked, from the ticket ``after`` on."""
    return named(tx, seated_in(session_id, after).limit(limit))


def seated_in(session_id: UUID, after: int = 0) -> Select[Any]:
    query = NAMED.where(reservations.c.session_id == session_id, seated, reservations.c.ticket > after)
    return query.order_by(reservations.c.ticket)


def participant(tx: Transaction, session_id: UUID, reservation_id: UUID) -> Named | None:
    query = NAMED.where(reservations.c.id == reservation_id, reservations.c.session_id == session_id)
    return next(iter(named(tx, query)), None)


def all_seated(tx: Transaction, session_id: UUID) -> list[Reservation]:
    """Everybody who has a seat; as many as a session has."""
    return [each.reservation for each in named(tx, seated_in(session_id))]


def count_absent(tx: Transaction, session_id: UUID) -> None:
    """Whoever has a seat and is not marked was absent."""
    unmarked = (reservations.c.session_id == session_id) & seated & reservations.c.attendance.is_(None)
    tx.connection.execute(update(reservations).where(unmarked).values(attendance=Attendance.ABSENT))


# -- forgetting


def forget_people(tx: Transaction, ended_before: datetime, limit: int) -> int:
    """Erase who booked sessions that ended before then, at most ``limit`` reservations; returns how many."""
    chunk = tx.connection.execute(known_before(ended_before).limit(limit)).scalars().all()
    if not chunk:
        return 0
    forgotten = dict.fromkeys(("person_id", *PERSONAL))
    tx.connection.execute(update(reservations).where(reservations.c.id.in_(chunk)).values(forgotten))
    about_them = staff_actions.c.reservation_id.in_(chunk)
    tx.connection.execute(update(staff_actions).where(about_them).values(reason=None))
    return len(chunk)


def known_before(ended_before: datetime) -> Select[UUID]:
    ended = select(reservations.c.id).join(sessions, sessions.c.id == reservations.c.session_id)
    return ended.where(sessions.c.ends_at < ended_before, known)
