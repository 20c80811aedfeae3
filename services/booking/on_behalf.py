"""The use cases of booking for somebody, and of who may be the same person: that is suggested, and nothing is merged.

Each is inside the one transaction that it is given; ``now`` is aware.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from bus.transaction import Transaction
from services.booking import domain, store, usecases
from services.booking.answers import reservation_answer, session_answer, told_state
from services.booking.domain import Session
from services.booking.errors import BookedAlready, ConsentMissing, NotFound, NotPermitted
from services.booking.noting import note
from services.booking.pages import cursor, place
from services.booking.people import folded, manage_token
from services.booking.somebody import place_of, somebody
from services.booking.staff import Actor, may_book
from services.booking.store import Named, Signs
from services.booking.telling import tell_notify

ALIKE_MAX = 10  # by each sign
LINES_MAX = 1000  # of a sheet that are looked at for those on one page

log = structlog.get_logger(__name__)


def reserve_for(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    person_key: bytes,
    *,
    session_id: UUID,
    actor: dict[str, Any],
    language: str,
    consent: bool,
    **person: Any,
) -> dict[str, Any]:
    """Take a seat for somebody, or a place on the waiting list. ``person`` is name, email and phone.

    Who is known to have a place already is said openly: see docs/decisions/booked-for-somebody.md.
    Raises NotFound, NotPermitted, InvalidArguments, ConsentMissing, SessionClosed, BookedAlready.
    """
    session, who = store.hold_session(tx, session_id), somebody(**person)
    if session is None:
        raise NotFound
    may_book(Actor(**actor), session.partner)
    if not consent:
        raise ConsentMissing
    pseudonym = who.person_id(person_key)
    booked = domain.reserve(session, pseudonym, now)
    mine = replace(booked.reservation, booked_by=actor["id"], reachable=who.email is not None)
    booked = replace(booked, reservation=mine)
    if place_of(tx, session_id, who, pseudonym):
        log.info("booked already", staff_id=str(actor["id"]), session_id=str(session_id))  # who has learned so
        raise BookedAlready
    store.insert_reservation(tx, mine, who.name, who.email, who.phone)
    store.save_seats(tx, booked.session)
    note(tx, now, actor, "reserve_for", session, reservation_id=mine.id)
    tell_notify(tx, session, mine, who, language)
    usecases.tell_booked(tx, session, booked)
    return reservation_answer(booked.session, mine, booked.position)


def list_booked_for(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    secret_key: bytes,
    *,
    actor: dict[str, Any],
    reservation_id: UUID | None = None,
    after: str | None = None,
    limit: int = 20,
) -> dict[str, Any]:
    """What the actor booked for others, the newest first, or one of it. Raises NotPermitted, InvalidArguments.

    An operator who went to another partner sees no more of the people of the one before.
    """
    who = Actor(**actor)
    if who.role == "viewer":
        raise NotPermitted
    if reservation_id:
        found = store.booked_for_one(tx, who.id, who.partner, reservation_id)
    else:
        found = store.booked_for(tx, who.id, who.partner, place(after) if after else None, limit + 1)
    page = found[:limit]
    held = store.sessions_of(tx, {each.reservation.session_id for each in page})
    last = page[-1].reservation if len(found) > limit else None
    return {
        "items": [_booked_for(tx, now, secret_key, each, held[each.reservation.session_id]) for each in page],
        "next": cursor(store.Place(last.booked_at, last.id)) if last else None,
    }


def find_alike(  # noqa: PLR0913 (the arguments of the contract, and two keys)
    tx: Transaction,
    now: datetime,
    person_key: bytes,
    secret_key: bytes,
    *,
    session_id: UUID,
    actor: dict[str, Any],
    **person: Any,
) -> dict[str, Any]:
    """Who in the session, or on another date of its series to come, may be the same person; the earliest date first.

    A prescriber gets only whom they booked for themselves. Raises NotFound, NotPermitted, InvalidArguments.
    """
    session, who, asks = store.session(tx, session_id), somebody(**person), Actor(**actor)
    if session is None:
        raise NotFound
    may_book(asks, session.partner)
    there = {session.id, *(store.dates_of(tx, session.series_id, now) if session.series_id else ())}
    signs = Signs(who.person_id(person_key), folded(who.name), who.phone)
    found = store.alike(tx, there, signs, asks.id if asks.role == "prescriber" else None, ALIKE_MAX)
    held = store.sessions_of(tx, {each.reservation.session_id for each in found})
    items = [
        {
            "id": each.reservation.id,
            "session": session_answer(held[each.reservation.session_id], now),
            "state": told_state(each.reservation),
            "name": each.name,
            "because": _because(each, signs),
            "token": manage_token(secret_key, each.reservation.id) if each.reservation.booked_by == asks.id else None,
        }
        for each in found
    ]
    return {"items": sorted(items, key=lambda item: (item["session"]["starts_at"], item["id"]))}


def alike_on_sheet(tx: Transaction, session_id: UUID, lines: Sequence[Named]) -> dict[UUID, list[UUID]]:
    """For each of these lines of a sheet, the others of the whole sheet with the same folded name or number."""
    having: dict[tuple[str, str | None], set[UUID]] = defaultdict(set)
    for other in store.alike_lines(tx, session_id, lines, LINES_MAX):
        for sign in _signs(other):
            having[sign].add(other.reservation.id)
    return {
        line.reservation.id: sorted(set().union(*(having[sign] for sign in _signs(line))) - {line.reservation.id})[
            :ALIKE_MAX
        ]
        for line in lines
    }


def _signs(line: Named) -> list[tuple[str, str | None]]:
    signs = (("name", line.folded_name), ("phone", line.phone))
    return [sign for sign in signs if sign[1]]


def _because(found: Named, signs: Signs) -> list[str]:
    reasons = {
        "same_name": found.folded_name == signs.folded_name,
        "same_phone": signs.phone is not None and found.phone == signs.phone,
        "same_address": found.reservation.reachable and found.reservation.person_id == signs.person_id,
    }
    return [reason for reason, holds in reasons.items() if holds]


def _booked_for(tx: Transaction, now: datetime, secret_key: bytes, found: Named, session: Session) -> dict[str, Any]:
    mine = found.reservation
    return {
        **usecases.details(tx, now, secret_key, mine, session),
        "name": found.name,
        "phone": found.phone,
        "reachable": mine.reachable,
        "booked_at": mine.booked_at,
        "attendance": mine.attendance if session.sheet_closed_at else None,
        "token": manage_token(secret_key, mine.id),
    }
