"""Queries on the reservations of one person, whatever the session."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, literal, select, tuple_

from bus.transaction import Transaction
from services.booking.store.sessions import Place
from services.booking.tables import live, reservations, sessions


def own_to_come(person: str, now: datetime, after: Place | None) -> Select[Any]:
    """Id and start of what is to come or goes on, the next first."""
    query = _own(person).where(_to_come(now))
    if after:
        query = query.where(_at(after) < _PLACE)
    return query.order_by(sessions.c.starts_at, reservations.c.id)


def own_over(person: str, now: datetime, after: Place | None) -> Select[Any]:
    """Id and start of what is over or was cancelled, the latest first."""
    query = _own(person).where(~_to_come(now))
    if after:
        query = query.where(_at(after) > _PLACE)
    return query.order_by(sessions.c.starts_at.desc(), reservations.c.id.desc())


def places(tx: Transaction, query: Select[Any], limit: int) -> list[Place]:
    """What one of these queries finds: where each is in the list, with its id."""
    return [Place(row.starts_at, row.id) for row in tx.connection.execute(query.limit(limit))]


def is_own(tx: Transaction, person: str, reservation_id: UUID) -> bool:
    one = _own(person).where(reservations.c.id == reservation_id)
    return tx.connection.execute(one).first() is not None


_PLACE = tuple_(sessions.c.starts_at, reservations.c.id)
_MINE = select(reservations.c.id, sessions.c.starts_at).join(sessions, sessions.c.id == reservations.c.session_id)


def _own(person: str) -> Select[Any]:
    return _MINE.where(reservations.c.person_id == person, reservations.c.moved_to.is_(None))


def _to_come(now: datetime) -> ColumnElement[bool]:
    return and_(live, sessions.c.ends_at > now)


def _at(place: Place) -> Any:
    return tuple_(literal(place.starts_at, sessions.c.starts_at.type), literal(place.id, reservations.c.id.type))
