"""What the staff may do, by role and partner, and the use cases of a session's number of seats.

Each is inside the one transaction that it is given; ``now`` is aware.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from contracts import booking
from contracts.booking import CAPACITY_MAX
from services.booking import domain, store
from services.booking.answers import reservation_answer, session_answer, session_facts
from services.booking.domain import Partner, Session, State
from services.booking.errors import ConsentMissing, InvalidArguments, NotFound, NotPermitted
from services.booking.noting import note
from services.booking.somebody import place_of, somebody
from services.booking.telling import record, tell_notify
from services.booking.waiting import offer_free_seats


@dataclass(frozen=True)
class Actor:
    """Who is signed in, as ``contracts.staff.Actor`` says it."""

    id: UUID
    role: str
    partner: str | None


def may_look(actor: Actor, partner: Partner) -> None:
    """Raises NotPermitted unless the actor may see who is in a session of this partner.

    The role is what says who acts for every partner: a prescriber belongs to none as well, and sees nobody.
    """
    own = actor.role in {"operator", "viewer"} and actor.partner == partner.id
    if actor.role != "coordinator" and not own:
        raise NotPermitted


def may_act(actor: Actor, partner: Partner) -> None:
    """Raises NotPermitted unless the actor may change a session of this partner."""
    may_look(actor, partner)
    if actor.role == "viewer":
        raise NotPermitted


def may_book(actor: Actor, partner: Partner) -> None:
    """Raises NotPermitted unless the actor may book for somebody in a session of this partner."""
    if actor.role != "prescriber":
        may_act(actor, partner)


def set_capacity(
    tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any], capacity: int
) -> dict[str, Any]:
    """Raise or lower the number of seats. Raises NotFound, NotPermitted, InvalidArguments, SessionEnded."""
    before = held_by(tx, session_id, actor)
    if not 1 <= capacity <= CAPACITY_MAX:
        raise InvalidArguments(fields={"capacity": [f"Write a number from 1 to {CAPACITY_MAX}."]})
    session = domain.set_capacity(before, capacity, now)
    if session != before:
        facts = {**session_facts(session), "capacity": capacity, "was": before.capacity}
        subject = f"session/{session_id}"
        tx.record(booking.SESSION_CAPACITY_CHANGED, subject=subject, partner=session.partner.id, data=facts)
        session = offer_free_seats(tx, session, now)
        store.save_seats(tx, session)
        details = {"was": before.capacity, "capacity": capacity}
        note(tx, now, actor, "set_capacity", session, details=details)
    return session_answer(session, now)


def overbook(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    person_key: bytes,
    *,
    session_id: UUID,
    actor: dict[str, Any],
    language: str,
    consent: bool,
    reason: str,
    **person: Any,
) -> dict[str, Any]:
    """Give a person a seat beyond the capacity; who waits already is seated. The reason is kept with the seat.

    ``person`` is name, email and phone, the latter two may be None.
    Raises NotFound, NotPermitted, InvalidArguments, ConsentMissing, SeatsAreFree, SessionEnded, SessionClosed.
    """
    session = held_by(tx, session_id, actor)
    who = somebody(**person)
    if not consent:
        raise ConsentMissing
    pseudonym = who.person_id(person_key)
    before = place_of(tx, session_id, who, pseudonym)
    done = domain.overbook(session, before, pseudonym, now)
    if before is None:
        mine = replace(done.reservation, booked_by=actor["id"], reachable=who.email is not None)
        done = replace(done, reservation=mine)
        store.insert_reservation(tx, mine, who.name, who.email, who.phone)
    if before is None or before.state is not State.CONFIRMED:
        store.save_reservation(tx, done.reservation)
        store.save_seats(tx, done.session)
        about = {"reservation_id": done.reservation.id, "reason": reason.strip()}
        note(tx, now, actor, "overbook", session, **about)
        tell_notify(tx, session, done.reservation, who, language)
        record(tx, booking.RESERVATION_CONFIRMED, session, done.reservation, promoted=done.reservation.waited)
        _tell_overbooked(tx, done.session, done.reservation.id)
    return reservation_answer(done.session, done.reservation, None)


def _tell_overbooked(tx: Transaction, session: Session, reservation_id: UUID) -> None:
    data = {
        **session_facts(session),
        "reservation_id": str(reservation_id),
        "capacity": session.capacity,
        "taken": session.taken + session.held,
    }
    tx.record(booking.SESSION_OVERBOOKED, subject=f"session/{session.id}", partner=session.partner.id, data=data)


def held_by(tx: Transaction, session_id: UUID, actor: dict[str, Any]) -> Session:
    """A session that nobody else can change until the end, for who may act on it. Raises NotFound, NotPermitted."""
    session = store.hold_session(tx, session_id)
    if session is None:
        raise NotFound
    may_act(Actor(**actor), session.partner)
    return session


def seen_by(tx: Transaction, session_id: UUID, actor: dict[str, Any]) -> Session:
    """A session for who may see who is in it. Raises NotFound, NotPermitted."""
    session = store.session(tx, session_id)
    if session is None:
        raise NotFound
    may_look(Actor(**actor), session.partner)
    return session
