"""The use cases of the waiting list: a seat that becomes free is held for who waits first, who accepts or declines.

Each is inside the one transaction that it is given; ``now`` is aware.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from bus.times import written
from bus.transaction import Transaction
from contracts import booking
from services.booking import domain, store
from services.booking.answers import reservation_answer
from services.booking.domain import Change, Reservation, Session, State
from services.booking.errors import NotFound
from services.booking.noting import note_by_link
from services.booking.people import holds
from services.booking.telling import record


def accept_offer(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str, by: UUID | None = None
) -> dict[str, Any]:
    """Take the seat that is held, or one that is free. Raises NotFound, OfferExpired, NoOffer, SessionStarted."""
    session, before = held(tx, secret_key, reservation_id, token)
    done = domain.accept(session, before, now)
    if before.state is not State.CONFIRMED:
        record(tx, booking.RESERVATION_CONFIRMED, session, done.reservation, promoted=True)
        save(tx, done, now)
        note_by_link(tx, now, by, "accept_for", session, before)
    return reservation_answer(done.session, done.reservation, None)


def decline_offer(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str, by: UUID | None = None
) -> dict[str, Any]:
    """Leave the seat that is held to the next one. Raises NotFound, NoOffer."""
    session, before = held(tx, secret_key, reservation_id, token)
    done = domain.decline(session, before, now)
    if before.state is State.OFFERED:
        record(tx, booking.RESERVATION_LAPSED, session, before, because="declined")
        save(tx, done, now)
        note_by_link(tx, now, by, "decline_for", session, before)
    return reservation_answer(done.session, done.reservation, None)


def expire_offer(tx: Transaction, now: datetime, *, session_id: UUID, reservation_id: UUID) -> None:
    """End an offer whose time is over, if nobody else did meanwhile, and hold the seat for the next one."""
    session, before = store.hold_session(tx, session_id), store.reservation(tx, reservation_id)
    if session is None or before is None:
        return
    done = domain.expire(session, before, now)
    if done.reservation is not before:
        record(tx, booking.RESERVATION_LAPSED, session, before, because="expired")
        save(tx, done, now)


def held(tx: Transaction, secret_key: bytes, reservation_id: UUID, token: str) -> tuple[Session, Reservation]:
    """A reservation and its session, which nobody else can change until the end. Raises NotFound."""
    if not holds(token, secret_key, reservation_id):
        raise NotFound
    return store.hold_reservation(tx, reservation_id)


def save(tx: Transaction, change: Change, now: datetime) -> None:
    """Store what a person did, and hold what became free for who waits."""
    store.save_reservation(tx, change.reservation)
    store.save_seats(tx, offer_free_seats(tx, change.session, now))


def offer_free_seats(tx: Transaction, session: Session, now: datetime) -> Session:
    """Hold each free seat for the next in line, as far as anybody is; answers the session as it is then."""
    while session.offers_a_seat(now):
        first = store.next_in_line(tx, session.id)
        if first is None:  # who waits has had all the offers that one person gets
            break
        made = domain.offer(session, first, now)
        store.save_reservation(tx, made.reservation)
        until = made.reservation.offer_expires_at
        record(tx, booking.RESERVATION_OFFERED, session, made.reservation, expires_at=until and written(until))
        session = made.session
    return session
