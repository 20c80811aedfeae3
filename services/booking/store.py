"""Every query on booking's tables. Who calls decides; nothing here knows a rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, bindparam, func, insert, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from services.booking.domain import Partner, Reservation, Session, State
from services.booking.tables import in_line, known, live, partners, reservations, sessions, to_come


@dataclass(frozen=True)
class Filter:
    """Which sessions to list; None leaves a condition out. The times (aware) are about the start of a session."""

    starts_from: datetime
    starts_before: datetime | None = None
    language: str | None = None
    partner: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a page of a list ended. Start and id together, as sessions may start at the same time."""

    starts_at: datetime
    id: UUID


_SESSIONS = select(sessions, partners.c.name.label("partner_name")).join(
    partners, partners.c.id == sessions.c.partner_id
)
_RESERVATIONS = select(*(column for column in reservations.c if column.name not in {"name", "email"}))

# Built once, as every booking takes them.
_ONE_SESSION = _SESSIONS.where(sessions.c.id == bindparam("session_id"))
_HELD_SESSION = _ONE_SESSION.with_for_update(of=sessions)
_THESE_SESSIONS = _SESSIONS.where(sessions.c.id.in_(bindparam("ids", expanding=True)))
_ONE_RESERVATION = _RESERVATIONS.where(reservations.c.id == bindparam("id"))
_THESE_RESERVATIONS = _RESERVATIONS.where(reservations.c.id.in_(bindparam("ids", expanding=True)))
_SAVE_SEATS = update(sessions).where(sessions.c.id == bindparam("session_id"))
LIVE_OF_PERSON = _RESERVATIONS.where(
    reservations.c.session_id == bindparam("session"), reservations.c.person_id == bindparam("person"), live
)
_INSERT_UNLESS_LIVE = {
    dialect.__name__.rpartition(".")[2]: dialect.insert(reservations).on_conflict_do_nothing(
        index_elements=[reservations.c.session_id, reservations.c.person_id], index_where=live
    )
    for dialect in (postgresql, sqlite)
}


# -- partners


def save_partner(tx: Transaction, partner: Partner) -> None:
    renamed = tx.connection.execute(update(partners).where(partners.c.id == partner.id).values(name=partner.name))
    if not renamed.rowcount:
        tx.connection.execute(insert(partners).values(id=partner.id, name=partner.name))


def partner(tx: Transaction, partner_id: str) -> Partner | None:
    row = tx.connection.execute(select(partners).where(partners.c.id == partner_id)).one_or_none()
    return Partner(row.id, row.name) if row else None


def all_partners(tx: Transaction) -> list[Partner]:
    """By name. They are few."""
    return [Partner(row.id, row.name) for row in tx.connection.execute(select(partners).order_by(partners.c.name))]


# -- sessions


def insert_session(tx: Transaction, session: Session) -> None:
    values = {**vars(session), "partner_id": session.partner.id}
    del values["partner"]
    tx.connection.execute(insert(sessions), values)


def session(tx: Transaction, session_id: UUID) -> Session | None:
    row = tx.connection.execute(_ONE_SESSION, {"session_id": session_id}).mappings().one_or_none()
    return _session(row) if row else None


def sessions_of(tx: Transaction, session_ids: Iterable[UUID]) -> dict[UUID, Session]:
    """Those that there are, by their id."""
    rows = tx.connection.execute(_THESE_SESSIONS, {"ids": list(session_ids)}).mappings()
    return {row["id"]: _session(row) for row in rows}


def hold_session(tx: Transaction, session_id: UUID) -> Session | None:
    """The session, which nobody else can change until the transaction ends."""
    row = tx.connection.execute(_HELD_SESSION, {"session_id": session_id}).mappings().one_or_none()
    return _session(row) if row else None


def save_seats(tx: Transaction, session: Session) -> None:
    """Write what changes about a session that is held."""
    values = {name: getattr(session, name) for name in ("taken", "waiting", "tickets", "cancelled_at")}
    tx.connection.execute(_SAVE_SEATS, {"session_id": session.id, **values})


def list_sessions(tx: Transaction, wanted: Filter, after: Place | None, limit: int) -> list[Session]:
    """Sessions that were not called off, the earliest first."""
    return [_session(row) for row in tx.connection.execute(listing(wanted, after, limit)).mappings()]


def listing(wanted: Filter, after: Place | None, limit: int) -> Select[Any]:
    query = _SESSIONS.where(to_come, sessions.c.starts_at >= wanted.starts_from)
    if wanted.starts_before:
        query = query.where(sessions.c.starts_at < wanted.starts_before)
    if wanted.language:
        query = query.where(sessions.c.language == wanted.language)
    if wanted.partner:
        query = query.where(sessions.c.partner_id == wanted.partner)
    if after:
        place = tuple_(literal(after.starts_at, sessions.c.starts_at.type), literal(after.id, sessions.c.id.type))
        query = query.where(tuple_(sessions.c.starts_at, sessions.c.id) > place)
    return query.order_by(sessions.c.starts_at, sessions.c.id).limit(limit)


# -- reservations


def insert_reservation(tx: Transaction, reservation: Reservation, name: str, email: str) -> bool:
    """Insert it, unless the person has a live one in the session: then False."""
    values = {**vars(reservation), "name": name, "email": email}
    return tx.connection.execute(_INSERT_UNLESS_LIVE[tx.dialect], values).rowcount == 1


def insert_nameless(tx: Transaction, many: Iterable[Reservation]) -> None:
    """Reservations of nobody who could be reached: for demonstration."""
    tx.connection.execute(insert(reservations), [vars(reservation) for reservation in many])


def reservation(tx: Transaction, reservation_id: UUID) -> Reservation | None:
    row = tx.connection.execute(_ONE_RESERVATION, {"id": reservation_id}).mappings().one_or_none()
    return _reservation(row) if row else None


def reservations_of(tx: Transaction, reservation_ids: Iterable[UUID]) -> list[Reservation]:
    """Those that there are."""
    rows = tx.connection.execute(_THESE_RESERVATIONS, {"ids": list(reservation_ids)}).mappings()
    return [_reservation(row) for row in rows]


def live_reservation(tx: Transaction, session_id: UUID, person_id: str) -> Reservation | None:
    row = tx.connection.execute(LIVE_OF_PERSON, {"session": session_id, "person": person_id}).mappings().one_or_none()
    return _reservation(row) if row else None


def live_reservations(tx: Transaction, session_id: UUID) -> list[Reservation]:
    return [_reservation(row) for row in tx.connection.execute(live_in(session_id)).mappings()]


def live_in(session_id: UUID) -> Select[Any]:
    return _RESERVATIONS.where(reservations.c.session_id == session_id, live)


def next_in_line(tx: Transaction, session_id: UUID) -> Reservation | None:
    return _one(tx, waiting_in(session_id))


def waiting_in(session_id: UUID) -> Select[Any]:
    waiting = _RESERVATIONS.where(reservations.c.session_id == session_id, in_line)
    return waiting.order_by(reservations.c.ticket).limit(1)


def position(tx: Transaction, reservation: Reservation) -> int | None:
    """Where it stands on the waiting list, 1 is next; None when it does not wait."""
    if reservation.state is not State.WAITING:
        return None
    return tx.connection.execute(ahead_of(reservation)).scalar_one() + 1


def ahead_of(reservation: Reservation) -> Select[int]:
    mine = reservations.c.session_id == reservation.session_id
    return select(func.count()).where(mine, in_line, reservations.c.ticket < reservation.ticket)


def save_reservation(tx: Transaction, reservation: Reservation) -> None:
    """Write what changes about a reservation. A cancelled one keeps neither name nor address."""
    forgotten = {"name": None, "email": None} if reservation.state is State.CANCELLED else {}
    tx.connection.execute(
        update(reservations)
        .where(reservations.c.id == reservation.id)
        .values(
            state=reservation.state,
            revision=reservation.revision,
            confirmed_at=reservation.confirmed_at,
            cancelled_at=reservation.cancelled_at,
            **forgotten,
        )
    )


def cancel_all(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """Cancel every live reservation of a session that is held."""
    tx.connection.execute(
        update(reservations)
        .where(reservations.c.session_id == session_id, live)
        .values(
            state=State.CANCELLED,
            revision=reservations.c.revision + 1,
            cancelled_at=now,
            name=None,
            email=None,
        )
    )


def forget_people(tx: Transaction, ended_before: datetime, limit: int) -> int:
    """Erase who booked sessions that ended before then, at most ``limit`` reservations; returns how many."""
    chunk = known_before(ended_before).limit(limit)
    forgotten = {"person_id": None, "name": None, "email": None}
    return tx.connection.execute(update(reservations).where(reservations.c.id.in_(chunk)).values(forgotten)).rowcount


def known_before(ended_before: datetime) -> Select[UUID]:
    ended = select(reservations.c.id).join(sessions, sessions.c.id == reservations.c.session_id)
    return ended.where(sessions.c.ends_at < ended_before, known)


# -- from rows to values


def _session(row: RowMapping) -> Session:
    values = dict(row)
    return Session(partner=Partner(values.pop("partner_id"), values.pop("partner_name")), **values)


def _reservation(row: RowMapping) -> Reservation:
    values = dict(row)
    return Reservation(state=State(values.pop("state")), **values)


def _one(tx: Transaction, query: Select[Any]) -> Reservation | None:
    row = tx.connection.execute(query).mappings().one_or_none()
    return _reservation(row) if row else None
