"""Queries on partners, sessions and series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, bindparam, insert, literal, select, tuple_, update

from bus.transaction import Transaction
from services.booking.domain import Partner, Session
from services.booking.tables import called_off, partners, series, sessions, to_come


@dataclass(frozen=True)
class Filter:
    """Which sessions to list; None leaves a condition out. The times (aware) are about the start of a session.

    With ``called_off_until`` those that were called off and would end after it, in place of those that take place.
    """

    starts_from: datetime
    starts_before: datetime | None = None
    language: str | None = None
    partner: str | None = None
    called_off_until: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where a page of a list ended. Start and id together, as sessions may start at the same time."""

    starts_at: datetime
    id: UUID


_SESSIONS = select(sessions, partners.c.name.label("partner_name")).join(
    partners, partners.c.id == sessions.c.partner_id
)
_FACTS_OF_SESSION = ("title", "description", "room_url", "starts_at", "ends_at", "closes_at", "revision", "stories")
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

# Built once, as every booking takes them.
_ONE_SESSION = _SESSIONS.where(sessions.c.id == bindparam("session_id"))
_HELD_SESSION = _ONE_SESSION.with_for_update(of=sessions)
_THESE_SESSIONS = _SESSIONS.where(sessions.c.id.in_(bindparam("ids", expanding=True)))
_SAVE_SEATS = update(sessions).where(sessions.c.id == bindparam("session_id"))


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


def list_sessions(tx: Transaction, wanted: Filter, after: Place | None, limit: int) -> list[Session]:
    """The earliest first."""
    return [_session(row) for row in tx.connection.execute(listing(wanted, after, limit)).mappings()]


def listing(wanted: Filter, after: Place | None, limit: int) -> Select[Any]:
    query = _SESSIONS.where(sessions.c.starts_at >= wanted.starts_from)
    if wanted.called_off_until:
        query = query.where(called_off, sessions.c.ends_at > wanted.called_off_until)
    else:
        query = query.where(to_come)
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


def _session(row: RowMapping) -> Session:
    values = dict(row)
    return Session(partner=Partner(values.pop("partner_id"), values.pop("partner_name")), **values)
