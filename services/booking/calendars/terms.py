"""Changing what a followed calendar's sessions are published with: the seats, the room, the language; and its address.

New terms are for the sessions to come too. What somebody changed by hand stays: such a session has other seats, or
another room, than the calendar gave it. The language is that of new sessions: what is published keeps its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from services.booking import series, staff, store
from services.booking.calendars import imported
from services.booking.calendars.matching import Given
from services.booking.calendars.usecases import (
    FETCHED_AGAIN_AFTER,
    answer,
    calendar_answer,
    check_terms,
    checked_url,
    held,
    note,
)
from services.booking.domain import Session
from services.booking.errors import InvalidArguments, NotFound
from services.booking.series import Rooms
from services.booking.staff import Actor, may_act
from services.booking.store import Calendar

FORMER_ROOMS_MAX = 5


@dataclass(frozen=True)
class Wish:
    """What is asked for; None leaves a thing as it is. With ``own_rooms`` each session gets a room of its own."""

    url: str | None = None
    language: str | None = None
    capacity: int | None = None
    room_url: str | None = None
    own_rooms: bool = False

    @property
    def about_rooms(self) -> bool:
        return self.own_rooms or self.room_url is not None

    def of(self, calendar: Calendar) -> Calendar:
        """The calendar with these terms. Raises InvalidArguments: url, room_url."""
        if self.own_rooms and self.room_url is not None:
            raise InvalidArguments(fields={"room_url": ["Write an address, or let each session have its own."]})
        terms = {"language": self.language, "capacity": self.capacity}
        changed: dict[str, Any] = {name: value for name, value in terms.items() if value is not None}
        if self.url is not None:
            changed["url"] = checked_url(self.url)
        if self.about_rooms:
            rooms = dict.fromkeys((calendar.room_url, *calendar.former_rooms))  # each once, the last one first
            former = [room for room in rooms if room and room != self.room_url]
            changed |= {"room_url": self.room_url, "former_rooms": former[:FORMER_ROOMS_MAX]}
        return replace(calendar, **changed)

    def room_of(self, session: Session, rooms: Rooms) -> str:
        return self.room_url or rooms.address(session.id)


@dataclass(frozen=True)
class Effects:
    """The sessions that get other seats, or another room; ``kept`` counts those that somebody gave theirs by hand."""

    to_come: int
    seats: list[Session]
    seats_kept: int
    rooms: list[Session]
    rooms_kept: int


def effects_of(wish: Wish, rooms: Rooms, sessions: Iterable[Session], given: Mapping[UUID, Given]) -> Effects:
    """What becomes of the sessions to come of a calendar, which gave them what is ``given``."""
    standing = [session for session in sessions if session.cancelled_at is None]
    other_seats = [each for each in standing if wish.capacity not in (None, each.capacity)]
    other_room = [each for each in standing if wish.about_rooms and each.room_url != wish.room_of(each, rooms)]
    seats = [each for each in other_seats if each.capacity == given[each.id].capacity]
    moved = [each for each in other_room if each.room_url == given[each.id].room_url]
    return Effects(len(standing), seats, len(other_seats) - len(seats), moved, len(other_room) - len(moved))


def get_calendar_effects(
    tx: Transaction, now: datetime, rooms: Rooms, *, actor: dict[str, Any], calendar_id: UUID, **wish: Any
) -> dict[str, int]:
    """What ``change_calendar`` would do to sessions. Raises NotFound, NotPermitted, InvalidArguments."""
    calendar = store.calendar(tx, calendar_id)
    if calendar is None:
        raise NotFound
    may_act(Actor(**actor), calendar.partner)
    wanted = Wish(**wish)
    check_terms(wanted.of(calendar), rooms, now)
    given = _given(tx, calendar, now)
    effects = effects_of(wanted, rooms, store.sessions_of(tx, given).values(), given)
    return {
        "to_come": effects.to_come,
        "seats": len(effects.seats),
        "seats_kept": effects.seats_kept,
        "rooms": len(effects.rooms),
        "rooms_kept": effects.rooms_kept,
        "told": sum(session.taken + session.held + session.waiting for session in effects.rooms),
    }


def change_calendar(
    tx: Transaction, now: datetime, rooms: Rooms, *, actor: dict[str, Any], calendar_id: UUID, **wish: Any
) -> dict[str, Any]:
    """Change its terms and those of its sessions to come, as the staff would one by one, and read it again at once.

    Who is in a session with another room is told, once. What changes nothing is not noted.
    Raises NotFound, NotPermitted, InvalidArguments.
    """
    before = held(tx, actor, calendar_id)
    wanted = Wish(**wish)
    calendar = wanted.of(before)
    check_terms(calendar, rooms, now)
    imported.hold_partner(tx, calendar.partner.id)  # as who takes a calendar over, so that they take turns
    given = _given(tx, calendar, now)
    effects = effects_of(wanted, rooms, store.hold_sessions(tx, given), given)
    if calendar == before and not effects.seats and not effects.rooms:
        return calendar_answer(calendar)
    for session in effects.seats:
        staff.set_capacity(tx, now, session_id=session.id, actor=actor, capacity=calendar.capacity)
    for session in effects.rooms:
        room = wanted.room_of(session, rooms)
        series.change_sessions(tx, now, actor=actor, session_id=session.id, scope="one", room_url=room)
    imported.give(tx, _now_given(effects, given, wanted, rooms))
    _save(tx, now, calendar)
    note(tx, now, actor, "change_calendar", calendar)
    return answer(tx, calendar_id)


def _given(tx: Transaction, calendar: Calendar, now: datetime) -> dict[UUID, Given]:
    """What the calendar gave its sessions to come; of one that is not confirmed nothing is touched."""
    known = {} if calendar.state == "new" else imported.known(tx, calendar.partner.id, calendar.name, now)
    return {each.session_id: each.given for each in known.values()}


def _now_given(effects: Effects, given: Mapping[UUID, Given], wish: Wish, rooms: Rooms) -> dict[UUID, Given]:
    found = dict(given)
    for session in effects.seats:
        found[session.id] = replace(found[session.id], capacity=wish.capacity)
    for session in effects.rooms:
        found[session.id] = replace(found[session.id], room_url=wish.room_of(session, rooms))
    return {session_id: values for session_id, values in found.items() if values != given[session_id]}


def _save(tx: Transaction, now: datetime, calendar: Calendar) -> None:
    """Whoever has the calendar in hand, as it was, loses it: it is read anew, and whole."""
    soonest = calendar.fetched_at + FETCHED_AGAIN_AFTER if calendar.fetched_at else now
    terms = {name: getattr(calendar, name) for name in ("url", "language", "capacity", "room_url", "former_rooms")}
    fresh = dict.fromkeys(("etag", "last_modified", "preview", "claimed_until", "problem", "problem_about"))
    store.save_calendar(tx, calendar.id, **terms, **fresh, failures=0, next_at=max(now, soonest))
