"""Queries about who was booked for: what became of them, and who may be the same person as another."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, literal, tuple_

from bus.transaction import Transaction
from services.booking.domain import Reservation
from services.booking.store.named import NAMED, Named, named
from services.booking.store.reservations import RESERVATIONS, reservation_in
from services.booking.store.sessions import Place
from services.booking.tables import folded, for_somebody, live, numbered, reservations, seated, sessions

LIVE_WITH_NUMBER = RESERVATIONS.where(
    reservations.c.session_id == bindparam("session"), reservations.c.phone == bindparam("phone"), numbered
)


@dataclass(frozen=True)
class Signs:
    """What a person is recognised by; None where it is not known."""

    person_id: str
    folded_name: str
    phone: str | None


def live_with_number(tx: Transaction, session_id: UUID, phone: str) -> Reservation | None:
    query = LIVE_WITH_NUMBER.order_by(reservations.c.ticket).limit(1)
    row = tx.connection.execute(query, {"session": session_id, "phone": phone}).mappings().one_or_none()
    return reservation_in(row) if row else None


# -- what an account booked for others


def booked_for(tx: Transaction, account: UUID, partner: str | None, after: Place | None, limit: int) -> list[Named]:
    """What the account booked, in sessions of the partner if one is named, the newest first."""
    return named(tx, booked_by(account, partner, after).limit(limit))


def booked_for_one(tx: Transaction, account: UUID, partner: str | None, reservation_id: UUID) -> list[Named]:
    return named(tx, booked_by(account, partner, None).where(reservations.c.id == reservation_id))


def booked_by(account: UUID, partner: str | None, after: Place | None) -> Select[Any]:
    query = NAMED.where(reservations.c.booked_by == account, for_somebody)
    if partner:
        query = query.join(sessions, sessions.c.id == reservations.c.session_id).where(sessions.c.partner_id == partner)
    if after:
        moment, key = reservations.c.booked_at, reservations.c.id
        query = query.where(
            tuple_(moment, key) < tuple_(literal(after.starts_at, moment.type), literal(after.id, key.type))
        )
    return query.order_by(reservations.c.booked_at.desc(), reservations.c.id.desc())


# -- who may be the same person


def alike(
    tx: Transaction, session_ids: Collection[UUID], signs: Signs, account: UUID | None, limit: int
) -> list[Named]:
    """Live reservations in these sessions with one of the signs, made by the account if one is named.

    At most ``limit`` for each sign: a number that everybody gives, say, suggests nothing any more.
    """
    found: dict[UUID, Named] = {}
    for query in alike_in(session_ids, signs):
        mine = query.where(reservations.c.booked_by == account) if account else query
        found |= {each.reservation.id: each for each in named(tx, mine.limit(limit))}
    return list(found.values())


def alike_in(session_ids: Collection[UUID], signs: Signs) -> list[Select[Any]]:
    """A query for each sign, as each has an index of its own."""
    there = reservations.c.session_id.in_(session_ids)
    having: list[ColumnElement[bool]] = [
        live & (reservations.c.person_id == signs.person_id),
        folded & (reservations.c.folded_name == signs.folded_name),
    ]
    if signs.phone:
        having.append(numbered & (reservations.c.phone == signs.phone))
    return [NAMED.where(there, sign) for sign in having]


def alike_lines(tx: Transaction, session_id: UUID, lines: Collection[Named], limit: int) -> list[Named]:
    """Who has a seat in the session and the folded name or the number of one of these; at most ``limit`` by either."""
    names = {line.folded_name for line in lines if line.folded_name}
    phones = {line.phone for line in lines if line.phone}
    found: dict[UUID, Named] = {}
    for query in (with_names(session_id, names), with_phones(session_id, phones)):
        found |= {each.reservation.id: each for each in named(tx, query.limit(limit))}
    return list(found.values())


def with_names(session_id: UUID, names: Collection[str]) -> Select[Any]:
    return NAMED.where(reservations.c.session_id == session_id, folded, seated, reservations.c.folded_name.in_(names))


def with_phones(session_id: UUID, phones: Collection[str]) -> Select[Any]:
    return NAMED.where(reservations.c.session_id == session_id, numbered, seated, reservations.c.phone.in_(phones))
