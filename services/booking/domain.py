"""The rules of sessions, seats and the waiting list, as plain values: no database, no clock of its own.

Every function takes what is, and gives back what is to be; it changes nothing. All times are aware. Who calls must hold
the session (its row locked) from reading it until the outcome is stored: then these rules hold under any concurrency.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from services.booking.errors import SessionClosed, SessionEnded, SessionStarted


class State(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Partner:
    id: str  # a short slug
    name: str


@dataclass(frozen=True)
class Session:
    """A group session. ``taken`` and ``waiting`` count its live reservations, so that nobody has to count rows."""

    id: UUID
    partner: Partner
    title: str
    description: str
    language: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    capacity: int
    room_url: str
    cancelled_at: datetime | None = None
    taken: int = 0
    waiting: int = 0
    tickets: int = 0  # how many were ever given; the next reservation gets the next one

    @property
    def seats_left(self) -> int:
        return 0 if self.cancelled_at else self.capacity - self.taken

    def closed_because(self, now: datetime) -> str | None:
        """Why it takes no bookings; None while it does: from ``opens_at`` on, until before ``closes_at``."""
        if self.cancelled_at:
            return "cancelled"
        if now < self.opens_at:
            return "not_open_yet"
        return "closed" if now >= self.closes_at else None


@dataclass(frozen=True)
class Reservation:
    """One person's place in one session. Who waits comes in the order of the tickets."""

    session_id: UUID
    person_id: str | None  # None once the person has been forgotten
    state: State
    ticket: int
    booked_at: datetime
    confirmed_at: datetime | None = None  # stays when the seat is given back
    cancelled_at: datetime | None = None
    revision: int = 0  # rises with each change
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Booking:
    """What a request for a seat comes to: the session afterwards, and the new reservation in it."""

    session: Session
    reservation: Reservation
    position: int | None  # on the waiting list, 1 is next


@dataclass(frozen=True)
class Cancellation:
    session: Session
    reservation: Reservation
    promoted: Reservation | None = None


def reserve(session: Session, person_id: str, now: datetime) -> Booking:
    """Take a seat, or a place at the end of the waiting list. Raises SessionClosed outside the booking window.

    A person has one live reservation in a session. This does not know whether there is one already: so what it answers
    can be told to whoever asks. Who stores it finds out; then nothing is stored, and the answer stays the same.
    """
    if reason := session.closed_because(now):
        raise SessionClosed(reason=reason)
    ticket = session.tickets + 1
    if session.seats_left:
        seated = Reservation(session.id, person_id, State.CONFIRMED, ticket, booked_at=now, confirmed_at=now)
        return Booking(replace(session, taken=session.taken + 1, tickets=ticket), seated, None)
    waiting = Reservation(session.id, person_id, State.WAITING, ticket, booked_at=now)
    after = replace(session, waiting=session.waiting + 1, tickets=ticket)
    return Booking(after, waiting, after.waiting)


def cancel(
    session: Session, reservation: Reservation, now: datetime, next_in_line: Reservation | None = None
) -> Cancellation:
    """Give a place back; a seat goes to ``next_in_line``, who waits with the lowest ticket. Twice is as good as once.

    Raises SessionStarted once the session has begun.
    """
    if reservation.state is State.CANCELLED:
        return Cancellation(session, reservation)
    if now >= session.starts_at:
        raise SessionStarted
    gone = replace(reservation, state=State.CANCELLED, cancelled_at=now, revision=reservation.revision + 1)
    if reservation.state is State.WAITING:
        return Cancellation(replace(session, waiting=session.waiting - 1), gone)
    if next_in_line is None:
        return Cancellation(replace(session, taken=session.taken - 1), gone)
    promoted = replace(next_in_line, state=State.CONFIRMED, confirmed_at=now, revision=next_in_line.revision + 1)
    return Cancellation(replace(session, waiting=session.waiting - 1), gone, promoted)


def call_off(session: Session, now: datetime) -> Session:
    """The session will not take place (any more), and nobody has a place in it. Twice is as good as once.

    Raises SessionEnded when it is over.
    """
    if session.cancelled_at:
        return session
    if now >= session.ends_at:
        raise SessionEnded
    return replace(session, cancelled_at=now, taken=0, waiting=0)
