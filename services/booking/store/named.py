"""Reservations together with what is known of their people."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from bus.transaction import Transaction
from services.booking.domain import Reservation
from services.booking.store.reservations import RESERVATIONS, reservation_in
from services.booking.tables import reservations

NAMED = RESERVATIONS.add_columns(reservations.c.name, reservations.c.folded_name, reservations.c.phone)


@dataclass(frozen=True)
class Named:
    """A reservation with what is known of the person; None once it is forgotten. ``phone`` is in E.164."""

    reservation: Reservation
    name: str | None
    folded_name: str | None
    phone: str | None


def named(tx: Transaction, query: Select[Any]) -> list[Named]:
    """What ``query``, which is one of NAMED, finds."""
    rows = [dict(row) for row in tx.connection.execute(query).mappings()]
    people = [[row.pop(name) for name in ("name", "folded_name", "phone")] for row in rows]
    return [Named(reservation_in(row), *person) for row, person in zip(rows, people, strict=True)]
