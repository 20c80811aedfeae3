"""The use cases of changing to another date of the same series, each inside the one transaction that it is given."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from contracts import booking
from services.booking import domain, store, waiting
from services.booking.answers import reservation_answer, session_answer, told_state
from services.booking.domain import Reservation, Session, State
from services.booking.errors import BookedAlready, NotFound, NotThisSeries
from services.booking.noting import note_by_link
from services.booking.people import holds
from services.booking.telling import record

INSTEAD_MAX = 3


def list_dates(
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str
) -> dict[str, Any]:
    """The other dates that take bookings now. Raises NotFound."""
    mine = store.reservation(tx, reservation_id) if holds(token, secret_key, reservation_id) else None
    session = store.session(tx, mine.session_id) if mine else None
    if session is None:
        raise NotFound
    return {
        "series_id": session.series_id,
        "items": [session_answer(other, now) for other in _others(tx, session, now)],
    }


def dates_instead(tx: Transaction, session: Session, reservation: Reservation, now: datetime) -> list[dict[str, Any]]:
    """For who is told that their session was called off: the next dates with free seats, or else to wait for one."""
    if not domain.was_called_off(session, reservation):
        return []
    first = sorted(_others(tx, session, now), key=lambda other: (other.seats_left == 0, other.starts_at))[:INSTEAD_MAX]
    return [session_answer(other, now) for other in sorted(first, key=lambda other: other.starts_at)]


def _others(tx: Transaction, session: Session, now: datetime) -> list[Session]:
    """The other dates of the series that take bookings now, the earliest first."""
    found = store.sessions_of(tx, store.dates_of(tx, session.series_id, now)) if session.series_id else {}
    others = [other for key, other in found.items() if key != session.id and other.closed_because(now) is None]
    return sorted(others, key=lambda other: other.starts_at)


def move_reservation(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    secret_key: bytes,
    *,
    reservation_id: UUID,
    token: str,
    session_id: UUID,
    by: UUID | None = None,
) -> dict[str, Any]:
    """Give the place back and take one on another date, with the place in line of who booked when this was booked.

    Who lost it because the session was called off can do so too.
    The new reservation has an id of its own, and so a link of its own, which the mail about it has.
    Raises NotFound, NotThisSeries, SessionStarted, SessionClosed, BookedAlready.
    """
    if not holds(token, secret_key, reservation_id):
        raise NotFound
    here, there, before = _held(tx, reservation_id, session_id)
    if there is None or here.series_id is None or here.series_id != there.series_id or here.id == there.id:
        raise NotThisSeries
    person = before.person_id
    if person is None or not (before.state.is_live or domain.was_called_off(here, before)):
        raise NotFound
    booked = domain.reserve(there, person, now)
    left = domain.cancel(here, before, now)
    moved = domain.move(here, left.reservation, booked.reservation)
    if moved.state is State.WAITING:
        moved = replace(moved, ticket=store.make_room(tx, moved))
    if not store.insert_moved(tx, moved, before.id):
        raise BookedAlready
    store.save_seats(tx, booked.session)
    if before.state.is_live:
        how = {"cancelled_by": "person", "was": told_state(before), "moved_to": str(moved.id)}
        record(tx, booking.RESERVATION_CANCELLED, here, before, **how)
    waiting.save(tx, replace(left, reservation=replace(left.reservation, moved_to=moved.id)), now)
    note_by_link(tx, now, by, "move_for", here, before)
    return _told(tx, booked.session, moved, before.id)


def _held(tx: Transaction, reservation_id: UUID, session_id: UUID) -> tuple[Session, Session | None, Reservation]:
    """Both sessions, held in the order of their ids, and the reservation as only now nobody else changes it."""
    found = store.reservation(tx, reservation_id)
    if found is None:
        raise NotFound
    held = {session.id: session for session in store.hold_sessions(tx, {found.session_id, session_id})}
    again = store.reservation(tx, reservation_id)
    if again is None or again.session_id not in held:
        raise NotFound
    return held[again.session_id], held.get(session_id), again


def _told(tx: Transaction, session: Session, moved: Reservation, before: UUID) -> dict[str, Any]:
    position, moved_from = store.position(tx, moved), str(before)
    if position is None:
        record(tx, booking.RESERVATION_CONFIRMED, session, moved, promoted=False, moved_from=moved_from)
    else:
        record(tx, booking.RESERVATION_WAITLISTED, session, moved, position=position, moved_from=moved_from)
    return reservation_answer(session, moved, position)
