"""Queries on the line of a session as the staff sees it: who waits, and who is offered a seat."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, func, select

from bus.transaction import Transaction
from services.booking.domain import Reservation
from services.booking.store.reservations import RESERVATIONS, reservation_in
from services.booking.tables import in_line as waits
from services.booking.tables import reservations, standing_in_line


@dataclass(frozen=True)
class InLine:
    """Somebody in the line; ``name`` is None once the person has been forgotten."""

    reservation: Reservation
    name: str | None


def in_line(tx: Transaction, session_id: UUID, after: int, limit: int) -> list[InLine]:
    """Who waits or is offered a seat, in the order of the line, from the ticket ``after`` on."""
    return [_in_line(row) for row in tx.connection.execute(line_of(session_id, after).limit(limit)).mappings()]


def line_of(session_id: UUID, after: int = 0) -> Select[Any]:
    query = RESERVATIONS.add_columns(reservations.c.name)
    query = query.where(reservations.c.session_id == session_id, standing_in_line, reservations.c.ticket > after)
    return query.order_by(reservations.c.ticket)


def waiting_until(tx: Transaction, session_id: UUID, ticket: int) -> int:
    """How many wait up to this ticket, with it."""
    mine = (reservations.c.session_id == session_id) & waits
    return tx.connection.execute(select(func.count()).where(mine, reservations.c.ticket <= ticket)).scalar_one()


def _in_line(row: RowMapping) -> InLine:
    values = dict(row)
    name = values.pop("name")
    return InLine(reservation_in(values), name)
