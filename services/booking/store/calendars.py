"""Queries on the calendars that are followed. Who calls decides; nothing here knows a rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, func, insert, literal, select, tuple_, update

from bus.times import UTCDateTime
from bus.transaction import Transaction
from services.booking.domain import Partner
from services.booking.tables import calendars, partners

_NOW = bindparam("now", type_=UTCDateTime)


@dataclass(frozen=True)
class Calendar:
    """A row of ``calendars``. ``claimed_until`` (aware) is the claim of who has it in hand."""

    id: UUID
    partner: Partner
    name: str
    url: str
    language: str
    capacity: int
    room_url: str | None
    state: str
    followed_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    read_at: datetime | None = None
    fetched_at: datetime | None = None
    next_at: datetime | None = None
    claimed_until: datetime | None = None
    failures: int = 0
    problem: str | None = None
    problem_about: str | None = None
    preview: dict[str, Any] | None = None
    last: dict[str, int] | None = None
    changes: dict[str, int] | None = None
    changed_at: datetime | None = None
    former_rooms: Sequence[str] = ()


_CALENDARS = select(calendars, partners.c.name.label("partner_name")).join(
    partners, partners.c.id == calendars.c.partner_id
)
_ONE = _CALENDARS.where(calendars.c.id == bindparam("calendar"))
_HELD = _ONE.with_for_update(of=calendars)
_MANY = select(func.count()).select_from(calendars).where(calendars.c.partner_id == bindparam("partner"))
_NAMED = select(calendars.c.id).where(
    calendars.c.partner_id == bindparam("partner"), calendars.c.name == bindparam("name")
)
_DUE = select(calendars.c.id).where(calendars.c.next_at <= _NOW).order_by(calendars.c.next_at).limit(literal(1))
_FIRST_DUE = _DUE.with_for_update(skip_locked=True)
_SAVE = update(calendars).where(calendars.c.id == bindparam("calendar"))
_DELETE = delete(calendars).where(calendars.c.id == bindparam("calendar"))


def insert_calendar(tx: Transaction, calendar: Calendar) -> None:
    row = {**vars(calendar), "partner_id": calendar.partner.id, "former_rooms": list(calendar.former_rooms)}
    del row["partner"]
    tx.connection.execute(insert(calendars), row)


def calendar(tx: Transaction, calendar_id: UUID) -> Calendar | None:
    return _calendar(tx.connection.execute(_ONE, {"calendar": calendar_id}).one_or_none())


def hold_calendar(tx: Transaction, calendar_id: UUID) -> Calendar | None:
    """The calendar, which nobody else can change until the transaction ends."""
    return _calendar(tx.connection.execute(_HELD, {"calendar": calendar_id}).one_or_none())


def save_calendar(tx: Transaction, calendar_id: UUID, **values: Any) -> None:
    tx.connection.execute(_SAVE, {"calendar": calendar_id, **values})


def delete_calendar(tx: Transaction, calendar_id: UUID) -> None:
    tx.connection.execute(_DELETE, {"calendar": calendar_id})


def many_calendars(tx: Transaction, partner: str) -> int:
    return int(tx.connection.execute(_MANY, {"partner": partner}).scalar_one())


def has_calendar(tx: Transaction, partner: str, name: str) -> bool:
    return tx.connection.execute(_NAMED, {"partner": partner, "name": name}).first() is not None


def list_calendars(tx: Transaction, partner: str | None, after: tuple[str, str], limit: int) -> list[Calendar]:
    """By partner and name, those after ``after``."""
    rows = tx.connection.execute(listing(partner, after).limit(limit))
    return [found for row in rows if (found := _calendar(row))]


def listing(partner: str | None, after: tuple[str, str]) -> Select[Any]:
    place = tuple_(calendars.c.partner_id, calendars.c.name)
    query = _CALENDARS.where(place > tuple_(*map(literal, after))).order_by(calendars.c.partner_id, calendars.c.name)
    return query.where(calendars.c.partner_id == partner) if partner else query


def any_due(tx: Transaction, now: datetime) -> bool:
    return tx.connection.execute(_DUE, {"now": now}).first() is not None


def claim_due(tx: Transaction, now: datetime, until: datetime) -> Calendar | None:
    """Take the calendar that is due for longest, which until then is nobody else's."""
    first = tx.connection.execute(_FIRST_DUE, {"now": now}).scalar_one_or_none()
    if first is None:
        return None
    save_calendar(tx, first, claimed_until=until, next_at=until)
    return calendar(tx, first)


def forget_unconfirmed(tx: Transaction, followed_before: datetime) -> None:
    """Delete what was entered before then and never confirmed. They are few."""
    old = calendars.c.followed_at < followed_before
    tx.connection.execute(delete(calendars).where(calendars.c.state == "new", old))


def due_at(now: datetime) -> Select[Any]:
    return _DUE.params(now=now)


def _calendar(row: Any) -> Calendar | None:
    if row is None:
        return None
    values = row._asdict()
    return Calendar(partner=Partner(values.pop("partner_id"), values.pop("partner_name")), **values)
