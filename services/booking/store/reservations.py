"""Queries on reservations, and on the line of those who wait."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import repeat
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, case, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from services.booking.domain import OFFERS_MAX, Attendance, Reservation, Session, State
from services.booking.errors import NotFound
from services.booking.people import folded
from services.booking.store.sessions import hold_session
from services.booking.tables import in_line, live, offered, reservations, was_offered

_FAR = 1_000_000_000  # beyond all tickets
_CHANGES_OF_RESERVATION = (
    "state",
    "revision",
    "offered_at",
    "offer_expires_at",
    "confirmed_at",
    "cancelled_at",
    "entered_at",
    "attendance",
    "moved_to",
)
PERSONAL = ("name", "folded_name", "email", "phone")
_KEPT = ("name", "phone")  # of a reservation that is over, for who booked for the person
RESERVATIONS = select(*(column for column in reservations.c if column.name not in PERSONAL))

_earlier = reservations.alias("earlier")
_OFFERS_HAD = (
    select(func.count())
    .where(
        _earlier.c.session_id == reservations.c.session_id,
        _earlier.c.person_id == reservations.c.person_id,
        _earlier.c.offered_at.is_not(None),
    )
    .scalar_subquery()
)
_OFFERS_OF_PERSON = select(func.count()).where(
    reservations.c.session_id == bindparam("session"), reservations.c.person_id == bindparam("person"), was_offered
)

# Built once, as every booking takes them.
_ONE_RESERVATION = RESERVATIONS.where(reservations.c.id == bindparam("id"))
_THESE_RESERVATIONS = RESERVATIONS.where(reservations.c.id.in_(bindparam("ids", expanding=True)))
_NAMES = select(reservations.c.id, reservations.c.name).where(reservations.c.id.in_(bindparam("ids", expanding=True)))
_SAVE_RESERVATION = update(reservations).where(reservations.c.id == bindparam("reservation_id"))
LIVE_OF_PERSON = RESERVATIONS.where(
    reservations.c.session_id == bindparam("session"), reservations.c.person_id == bindparam("person"), live
)
_INSERT_UNLESS_LIVE = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(reservations).on_conflict_do_nothing(
        index_elements=[reservations.c.session_id, reservations.c.person_id], index_where=live
    )
    for dialect in (postgresql, sqlite)
}


def insert_reservation(
    tx: Transaction, reservation: Reservation, name: str, email: str | None, phone: str | None = None
) -> bool:
    """Insert it, unless the person has a live one in the session: then False."""
    values = {**vars(reservation), "name": name, "folded_name": folded(name), "email": email, "phone": phone}
    return tx.connection.execute(_INSERT_UNLESS_LIVE[tx.dialect], values).rowcount == 1


def insert_moved(tx: Transaction, reservation: Reservation, of: UUID) -> bool:
    """Insert it with what is known of the person of the reservation ``of``, unless they have a live one: then False.

    Raises NotFound where the person is forgotten.
    """
    query = select(reservations.c.name, reservations.c.email, reservations.c.phone).where(reservations.c.id == of)
    name, email, phone = tx.connection.execute(query).one()
    if name is None:
        raise NotFound
    return insert_reservation(tx, reservation, name, email, phone)


def make_room(tx: Transaction, reservation: Reservation) -> int:
    """The ticket for who waits as long as ``reservation`` says: before those who booked later, who move back by one."""
    line = (reservations.c.session_id == reservation.session_id) & in_line
    later = select(func.min(reservations.c.ticket)).where(line, reservations.c.booked_at > reservation.booked_at)
    first = tx.connection.execute(later).scalar_one()
    if first is None:
        return reservation.ticket
    # In two steps, as PostgreSQL looks at each row that it changes whether its ticket is taken.
    for since, by in ((first, _FAR), (_FAR, 1 - _FAR)):
        moved = update(reservations).where(line, reservations.c.ticket >= since)
        tx.connection.execute(moved.values(ticket=reservations.c.ticket + by))
    return int(first)


def insert_unreachable(
    tx: Transaction, many: Iterable[Reservation], names: Iterable[str | None] = repeat(None)
) -> None:
    """Reservations of nobody who could be reached: for demonstration."""
    rows = [{**vars(reservation), "name": name} for reservation, name in zip(many, names, strict=False)]
    tx.connection.execute(insert(reservations), rows)


def reservation(tx: Transaction, reservation_id: UUID) -> Reservation | None:
    row = tx.connection.execute(_ONE_RESERVATION, {"id": reservation_id}).mappings().one_or_none()
    return reservation_in(row) if row else None


def reservations_of(tx: Transaction, reservation_ids: Iterable[UUID]) -> list[Reservation]:
    """Those that there are."""
    rows = tx.connection.execute(_THESE_RESERVATIONS, {"ids": list(reservation_ids)}).mappings()
    return [reservation_in(row) for row in rows]


def names_of(tx: Transaction, reservation_ids: Collection[UUID]) -> dict[UUID, str | None]:
    """What the people of these reservations are called."""
    if not reservation_ids:
        return {}
    rows = tx.connection.execute(_NAMES, {"ids": list(reservation_ids)})
    return {row.id: row.name for row in rows}


def live_reservation(tx: Transaction, session_id: UUID, person_id: str) -> Reservation | None:
    row = tx.connection.execute(LIVE_OF_PERSON, {"session": session_id, "person": person_id}).mappings().one_or_none()
    return reservation_in(row) if row else None


def live_reservations(tx: Transaction, session_id: UUID) -> list[Reservation]:
    return [reservation_in(row) for row in tx.connection.execute(live_in(session_id)).mappings()]


def live_in(session_id: UUID) -> Select[Any]:
    return RESERVATIONS.where(reservations.c.session_id == session_id, live)


def next_in_line(tx: Transaction, session_id: UUID) -> Reservation | None:
    return _one(tx, waiting_in(session_id))


def waiting_in(session_id: UUID) -> Select[Any]:
    """Who waits, the first first, without those who have had all the offers that one person gets."""
    waiting = RESERVATIONS.where(reservations.c.session_id == session_id, in_line, _OFFERS_HAD < OFFERS_MAX)
    return waiting.order_by(reservations.c.ticket).limit(1)


def ended_offers(tx: Transaction, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Session and reservation of offers whose time is over, the oldest first."""
    return [(row.session_id, row.id) for row in tx.connection.execute(offers_until(now).limit(limit))]


def offers_until(now: datetime) -> Select[Any]:
    over = select(reservations.c.session_id, reservations.c.id).where(offered, reservations.c.offer_expires_at <= now)
    return over.order_by(reservations.c.offer_expires_at)


def position(tx: Transaction, reservation: Reservation) -> int | None:
    """Where it stands on the waiting list, 1 is next; None when it does not wait."""
    if reservation.state is not State.WAITING:
        return None
    return tx.connection.execute(ahead_of(reservation)).scalar_one() + 1


def offers_had(tx: Transaction, reservation: Reservation) -> int:
    """How often the person of a waiting reservation was offered a seat in its session; 0 for all others."""
    if reservation.state is not State.WAITING:
        return 0
    had = {"session": reservation.session_id, "person": reservation.person_id}
    return int(tx.connection.execute(_OFFERS_OF_PERSON, had).scalar_one())


def ahead_of(reservation: Reservation) -> Select[int]:
    mine = reservations.c.session_id == reservation.session_id
    return select(func.count()).where(mine, in_line, reservations.c.ticket < reservation.ticket)


def save_reservation(tx: Transaction, reservation: Reservation) -> None:
    """Write what changes about a reservation. One that is over keeps nothing personal, but for who booked for them."""
    values = {name: getattr(reservation, name) for name in _CHANGES_OF_RESERVATION}
    forgotten = {} if reservation.state.is_live else dict.fromkeys(PERSONAL)
    if reservation.booked_by and reservation.moved_to is None:
        forgotten = {name: None for name in forgotten if name not in _KEPT}
    tx.connection.execute(_SAVE_RESERVATION, {"reservation_id": reservation.id, **values, **forgotten})


def cancel_all(tx: Transaction, session: Session, now: datetime) -> None:
    """Cancel every live reservation of a session that is held.

    Of a person is kept what ``save_reservation`` keeps; and all, where there are other dates that they can move to.
    """
    for_nobody = reservations.c.booked_by.is_(None)
    kept = {name: case((for_nobody, None), else_=reservations.c[name]) for name in _KEPT}
    forgotten = {} if session.series_id else {**dict.fromkeys(PERSONAL), **kept}
    tx.connection.execute(
        update(reservations)
        .where(reservations.c.session_id == session.id, live)
        .values(
            state=State.CANCELLED,
            revision=reservations.c.revision + 1,
            cancelled_at=now,
            offer_expires_at=None,
            **forgotten,
        )
    )


def hold_reservation(tx: Transaction, reservation_id: UUID) -> tuple[Session, Reservation]:
    """A reservation and its session, which nobody else can change until the transaction ends. Raises NotFound."""
    found = reservation(tx, reservation_id)
    held = hold_session(tx, found.session_id) if found else None
    again = reservation(tx, reservation_id)  # only now does nobody else change it
    if held is None or again is None:
        raise NotFound
    return held, again


def shorten_offers(tx: Transaction, session_id: UUID, latest: datetime) -> None:
    """No seat is held past ``latest``."""
    too_long = (reservations.c.session_id == session_id) & offered & (reservations.c.offer_expires_at > latest)
    tx.connection.execute(update(reservations).where(too_long).values(offer_expires_at=latest))


def reservation_in(row: Mapping[Any, Any]) -> Reservation:
    values = dict(row)
    attendance = values.pop("attendance")
    return Reservation(
        state=State(values.pop("state")), attendance=Attendance(attendance) if attendance else None, **values
    )


def _one(tx: Transaction, query: Select[Any]) -> Reservation | None:
    row = tx.connection.execute(query).mappings().one_or_none()
    return reservation_in(row) if row else None
