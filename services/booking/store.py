"""Every query on booking's tables. Who calls decides; nothing here knows a rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, bindparam, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from services.booking.domain import OFFERS_MAX, Attendance, Partner, Reservation, Session, State
from services.booking.errors import NotFound
from services.booking.tables import (
    in_line,
    known,
    live,
    offered,
    partners,
    reservations,
    seated,
    series,
    sessions,
    staff_actions,
    to_come,
    was_offered,
)


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

_FACTS_OF_SESSION = ("title", "description", "room_url", "starts_at", "ends_at", "closes_at", "revision")
_FAR = 1_000_000_000  # beyond all tickets
_CHANGES_OF_SESSION = (
    "taken",
    "held",
    "waiting",
    "overbooked",
    "tickets",
    "capacity",
    "cancelled_at",
    "sheet_closed_at",
)
_CHANGES_OF_RESERVATION = (
    "state",
    "revision",
    "offered_at",
    "offer_expires_at",
    "confirmed_at",
    "cancelled_at",
    "entered_at",
    "attendance",
)

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
_ONE_SESSION = _SESSIONS.where(sessions.c.id == bindparam("session_id"))
_HELD_SESSION = _ONE_SESSION.with_for_update(of=sessions)
_THESE_SESSIONS = _SESSIONS.where(sessions.c.id.in_(bindparam("ids", expanding=True)))
_ONE_RESERVATION = _RESERVATIONS.where(reservations.c.id == bindparam("id"))
_THESE_RESERVATIONS = _RESERVATIONS.where(reservations.c.id.in_(bindparam("ids", expanding=True)))
_SAVE_RESERVATION = update(reservations).where(reservations.c.id == bindparam("reservation_id"))
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


def hold_reservation(tx: Transaction, reservation_id: UUID) -> tuple[Session, Reservation]:
    """A reservation and its session, which nobody else can change until the transaction ends. Raises NotFound."""
    found = reservation(tx, reservation_id)
    held = hold_session(tx, found.session_id) if found else None
    again = reservation(tx, reservation_id)  # only now does nobody else change it
    if held is None or again is None:
        raise NotFound
    return held, again


def save_seats(tx: Transaction, session: Session) -> None:
    """Write what changes about a session that is held."""
    values = {name: getattr(session, name) for name in _CHANGES_OF_SESSION}
    tx.connection.execute(_SAVE_SEATS, {"session_id": session.id, **values})


def hold_sessions(tx: Transaction, session_ids: Iterable[UUID]) -> list[Session]:
    """Several sessions, held in the order of their ids, so that two who do so wait for each other in turn."""
    held = [hold_session(tx, session_id) for session_id in sorted(session_ids)]
    return sorted((session for session in held if session), key=lambda session: session.starts_at)


def save_facts(tx: Transaction, session: Session) -> None:
    """Write the words and times of a session that is held."""
    values = {name: getattr(session, name) for name in _FACTS_OF_SESSION}
    tx.connection.execute(_SAVE_SEATS, {"session_id": session.id, **values})


def insert_series(tx: Transaction, series_id: UUID, partner: Partner, rule: str, now: datetime) -> None:
    row = {"id": series_id, "partner_id": partner.id, "rule": rule, "published_at": now}
    tx.connection.execute(insert(series), row)


def dates_of(tx: Transaction, series_id: UUID, since: datetime) -> list[UUID]:
    """The sessions of a series that start from then on and were not called off; a series is short."""
    return list(tx.connection.execute(in_series(series_id, since)).scalars())


def in_series(series_id: UUID, since: datetime) -> Select[Any]:
    mine = sessions.c.series_id == series_id
    return select(sessions.c.id).where(mine, to_come, sessions.c.starts_at >= since)


def shorten_offers(tx: Transaction, session_id: UUID, latest: datetime) -> None:
    """No seat is held past ``latest``."""
    too_long = (reservations.c.session_id == session_id) & offered & (reservations.c.offer_expires_at > latest)
    tx.connection.execute(update(reservations).where(too_long).values(offer_expires_at=latest))


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


def insert_moved(tx: Transaction, reservation: Reservation, of: UUID) -> bool:
    """Insert it with name and address of the reservation ``of``, unless the person has a live one: then False."""
    query = select(reservations.c.name, reservations.c.email).where(reservations.c.id == of)
    name, email = tx.connection.execute(query).one()
    return insert_reservation(tx, reservation, name, email)


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
    """Who waits, the first first, without those who have had all the offers that one person gets."""
    waiting = _RESERVATIONS.where(reservations.c.session_id == session_id, in_line, _OFFERS_HAD < OFFERS_MAX)
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
    """Write what changes about a reservation. One that is over keeps neither name nor address."""
    values = {name: getattr(reservation, name) for name in _CHANGES_OF_RESERVATION}
    forgotten = {} if reservation.state.is_live else {"name": None, "email": None}
    tx.connection.execute(_SAVE_RESERVATION, {"reservation_id": reservation.id, **values, **forgotten})


def cancel_all(tx: Transaction, session_id: UUID, now: datetime) -> None:
    """Cancel every live reservation of a session that is held."""
    tx.connection.execute(
        update(reservations)
        .where(reservations.c.session_id == session_id, live)
        .values(
            state=State.CANCELLED,
            revision=reservations.c.revision + 1,
            cancelled_at=now,
            offer_expires_at=None,
            name=None,
            email=None,
        )
    )


# -- the attendance sheet


@dataclass(frozen=True)
class Participant:
    """One line of the sheet; ``name`` is None once the person has been forgotten."""

    reservation: Reservation
    name: str | None


def participants(tx: Transaction, session_id: UUID, after: int, limit: int) -> list[Participant]:
    """Who has a seat, in the order in which they booked, from the ticket ``after`` on."""
    found = tx.connection.execute(seated_in(session_id, after).limit(limit)).mappings()
    return [_participant(row) for row in found]


def seated_in(session_id: UUID, after: int = 0) -> Select[Any]:
    query = _RESERVATIONS.add_columns(reservations.c.name)
    query = query.where(reservations.c.session_id == session_id, seated, reservations.c.ticket > after)
    return query.order_by(reservations.c.ticket)


def participant(tx: Transaction, session_id: UUID, reservation_id: UUID) -> Participant | None:
    query = _RESERVATIONS.add_columns(reservations.c.name).where(
        reservations.c.id == reservation_id, reservations.c.session_id == session_id
    )
    row = tx.connection.execute(query).mappings().one_or_none()
    return _participant(row) if row else None


def all_seated(tx: Transaction, session_id: UUID) -> list[Reservation]:
    """Everybody who has a seat; as many as a session has."""
    return [each.reservation for each in map(_participant, tx.connection.execute(seated_in(session_id)).mappings())]


def count_absent(tx: Transaction, session_id: UUID) -> None:
    """Whoever has a seat and is not marked was absent."""
    unmarked = (reservations.c.session_id == session_id) & seated & reservations.c.attendance.is_(None)
    tx.connection.execute(update(reservations).where(unmarked).values(attendance=Attendance.ABSENT))


# -- what the staff did


def note_action(tx: Transaction, now: datetime, staff_id: UUID, action: str, session_id: UUID, **about: Any) -> None:
    """Keep who of the staff did what; ``about`` is ``reservation_id`` and ``reason``, where there are any."""
    row = {"at": now, "staff_id": staff_id, "action": action, "session_id": session_id, **about}
    tx.connection.execute(insert(staff_actions), row)


# -- forgetting


def forget_people(tx: Transaction, ended_before: datetime, limit: int) -> int:
    """Erase who booked sessions that ended before then, at most ``limit`` reservations; returns how many."""
    chunk = tx.connection.execute(known_before(ended_before).limit(limit)).scalars().all()
    if not chunk:
        return 0
    forgotten = {"person_id": None, "name": None, "email": None}
    tx.connection.execute(update(reservations).where(reservations.c.id.in_(chunk)).values(forgotten))
    about_them = staff_actions.c.reservation_id.in_(chunk)
    tx.connection.execute(update(staff_actions).where(about_them).values(reason=None))
    return len(chunk)


def forget_actions(tx: Transaction, before: datetime) -> int:
    """Delete what the staff did before then; returns how many rows went."""
    return tx.connection.execute(delete(staff_actions).where(staff_actions.c.at < before)).rowcount


def known_before(ended_before: datetime) -> Select[UUID]:
    ended = select(reservations.c.id).join(sessions, sessions.c.id == reservations.c.session_id)
    return ended.where(sessions.c.ends_at < ended_before, known)


# -- from rows to values


def _session(row: RowMapping) -> Session:
    values = dict(row)
    return Session(partner=Partner(values.pop("partner_id"), values.pop("partner_name")), **values)


def _reservation(row: Mapping[Any, Any]) -> Reservation:
    values = dict(row)
    attendance = values.pop("attendance")
    return Reservation(
        state=State(values.pop("state")), attendance=Attendance(attendance) if attendance else None, **values
    )


def _participant(row: RowMapping) -> Participant:
    values = dict(row)
    name = values.pop("name")
    return Participant(_reservation(values), name)


def _one(tx: Transaction, query: Select[Any]) -> Reservation | None:
    row = tx.connection.execute(query).mappings().one_or_none()
    return _reservation(row) if row else None
