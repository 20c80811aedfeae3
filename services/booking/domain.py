"""The rules of sessions, seats and the waiting list, as plain values: no database, no clock of its own.

Every function takes what is, and gives back what is to be; it changes nothing. All times are aware. Who calls must hold
the session (its row locked) from reading it until the outcome is stored: then these rules hold under any concurrency.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from services.booking.errors import (
    FeedbackClosed,
    NoOffer,
    NoSeat,
    NotThere,
    OfferExpired,
    SeatsAreFree,
    SessionClosed,
    SessionEnded,
    SessionStarted,
    SheetClosed,
    TooEarly,
)

HOLD = timedelta(hours=12)  # how long a freed seat is held for who waits first
HOLDS_END = timedelta(hours=2)  # before the start: a seat that is freed later is held for nobody
OFFERS_MAX = 2  # to one person for one session
ENTRY_OPENS = timedelta(minutes=15)  # before the start
FEEDBACK_OPEN = timedelta(days=30)  # after the end
SHEET_CLOSES = timedelta(hours=72)  # after the end, by itself: from Friday evening on there is a Monday in it


class State(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"  # a seat is held until ``offer_expires_at``
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"

    @property
    def is_live(self) -> bool:
        return self in (State.CONFIRMED, State.WAITING, State.OFFERED)


class Attendance(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"


@dataclass(frozen=True)
class Partner:
    id: str  # a short slug
    name: str


@dataclass(frozen=True)
class Story:
    """A video to watch after a session, on a page of a partner's."""

    title: str
    url: str  # https


@dataclass(frozen=True)
class Session:
    """A group session. ``taken``, ``held`` and ``waiting`` count its live reservations, so that nobody counts rows.

    ``overbooked`` is how many seats there are beyond the capacity: given on purpose, or left when it was lowered.
    """

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
    held: int = 0
    waiting: int = 0
    overbooked: int = 0
    tickets: int = 0  # how many were ever given; the next reservation gets the next one
    sheet_closed_at: datetime | None = None
    series_id: UUID | None = None
    revision: int = 0  # rises when its words or times change
    stories: tuple[Story, ...] = ()

    @property
    def seats_left(self) -> int:
        return 0 if self.cancelled_at else max(0, self.capacity - self.taken - self.held)

    @property
    def entry_opens_at(self) -> datetime:
        return self.starts_at - ENTRY_OPENS

    @property
    def feedback_until(self) -> datetime:
        return self.ends_at + FEEDBACK_OPEN

    def closed_because(self, now: datetime) -> str | None:
        """Why it takes no bookings; None while it does: from ``opens_at`` on, until before ``closes_at``."""
        if self.cancelled_at:
            return "cancelled"
        if now < self.opens_at:
            return "not_open_yet"
        return "closed" if now >= self.closes_at else None

    def offers_a_seat(self, now: datetime) -> bool:
        """Whether a free seat is to be held for who waits first."""
        return self.seats_left > 0 and self.waiting > 0 and now < self.starts_at - HOLDS_END


@dataclass(frozen=True)
class Reservation:
    """One person's place in one session. Who waits comes in the order of the tickets."""

    session_id: UUID
    person_id: str | None  # None once the person has been forgotten
    state: State
    ticket: int
    booked_at: datetime
    waited: bool = False
    offered_at: datetime | None = None
    offer_expires_at: datetime | None = None  # while it is offered
    confirmed_at: datetime | None = None  # stays when the seat is given back
    cancelled_at: datetime | None = None  # when it ended, in whatever way
    entered_at: datetime | None = None  # when the person first went into the room
    attendance: Attendance | None = None
    revision: int = 0  # rises with each change
    booked_by: UUID | None = None  # the account of who booked for the person
    reachable: bool = True  # the person gave an e-mail address
    calendar_id: UUID | None = None  # that of the first reservation, for one that moved
    moved_to: UUID | None = None  # the one on another date that came in its place
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Booking:
    """What a request for a seat comes to: the session afterwards, and the new reservation in it."""

    session: Session
    reservation: Reservation
    position: int | None  # on the waiting list, 1 is next


@dataclass(frozen=True)
class Change:
    """A session and one of its reservations, as they are to be."""

    session: Session
    reservation: Reservation


# -- booking and giving back


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
    waiting = Reservation(session.id, person_id, State.WAITING, ticket, booked_at=now, waited=True)
    after = replace(session, waiting=session.waiting + 1, tickets=ticket)
    return Booking(after, waiting, after.waiting)


def cancel(session: Session, reservation: Reservation, now: datetime) -> Change:
    """Give a place back. Twice is as good as once. Raises SessionStarted once the session has begun."""
    if not reservation.state.is_live:
        return Change(session, reservation)
    if now >= session.starts_at:
        raise SessionStarted
    return Change(_without(session, reservation), _ended(reservation, State.CANCELLED, now))


def was_called_off(session: Session, reservation: Reservation) -> bool:
    """Whether it ended with its session, in the same moment, and no other date came in its place yet."""
    together = reservation.state is State.CANCELLED and reservation.cancelled_at == session.cancelled_at
    return together and reservation.moved_to is None


def move(here: Session, left: Reservation, arrived: Reservation) -> Reservation:
    """The new reservation ``arrived``, in the place of ``left``, which ended in the session ``here``.

    It is as old as that one in the line, and the same entry in the person's calendar: revisions go on rising.
    """
    return replace(
        arrived,
        booked_at=left.booked_at,
        booked_by=left.booked_by,
        reachable=left.reachable,
        calendar_id=left.calendar_id or left.id,
        revision=left.revision + here.revision + 1,
    )


def can_change(before: Session, after: Session, now: datetime) -> None:
    """Raises SessionStarted once it has begun, unless only the stories change; SessionClosed when it was called off."""
    if before.cancelled_at:
        raise SessionClosed(reason="cancelled")
    if now >= before.starts_at and not same_but_stories(before, after):
        raise SessionStarted


def same_but_stories(before: Session, after: Session) -> bool:
    return replace(after, stories=before.stories) == before


def call_off(session: Session, now: datetime) -> Session:
    """The session will not take place (any more), and nobody has a place in it. Twice is as good as once.

    Raises SessionEnded when it is over.
    """
    if session.cancelled_at:
        return session
    if now >= session.ends_at:
        raise SessionEnded
    return replace(session, cancelled_at=now, taken=0, held=0, waiting=0, overbooked=0)


# -- the waiting list


def offer(session: Session, first: Reservation, now: datetime) -> Change:
    """Hold a free seat for who waits first; see ``Session.offers_a_seat``."""
    after = replace(session, held=session.held + 1, waiting=session.waiting - 1)
    until = min(now + HOLD, session.starts_at - HOLDS_END)
    return Change(after, _revised(first, state=State.OFFERED, offered_at=now, offer_expires_at=until))


def accept(session: Session, reservation: Reservation, now: datetime) -> Change:
    """Take the seat that is held; or, as who waits, one that is free because it was freed too late to be held.

    Twice is as good as once. Raises OfferExpired, NoOffer, SessionStarted.
    """
    if reservation.state is State.CONFIRMED:
        return Change(session, reservation)
    if now >= session.starts_at:
        raise SessionStarted
    if reservation.state is State.EXPIRED or _is_past(reservation, now):
        raise OfferExpired
    if reservation.state is State.WAITING and not session.seats_left:
        raise NoOffer
    if not reservation.state.is_live:
        raise NoOffer
    return _seated(session, reservation, now)


def decline(session: Session, reservation: Reservation, now: datetime) -> Change:
    """Leave the seat that is held to the next one. Twice is as good as once. Raises NoOffer."""
    if reservation.state is State.DECLINED:
        return Change(session, reservation)
    if reservation.state is not State.OFFERED:
        raise NoOffer
    return Change(_without(session, reservation), _ended(reservation, State.DECLINED, now))


def expire(session: Session, reservation: Reservation, now: datetime) -> Change:
    """End an offer whose time is over; anything else stays as it is."""
    if not _is_past(reservation, now):
        return Change(session, reservation)
    return Change(_without(session, reservation), _ended(reservation, State.EXPIRED, now))


# -- the number of seats


def set_capacity(session: Session, capacity: int, now: datetime) -> Session:
    """Raise or lower the number of seats. Nobody loses one: what is too many is overbooked from now on.

    Raises SessionEnded when it is over, SessionClosed when it was called off.
    """
    _still_takes_place(session, now)
    return replace(session, capacity=capacity, overbooked=max(0, session.taken + session.held - capacity))


def overbook(session: Session, reservation: Reservation | None, person_id: str, now: datetime) -> Change:
    """Give a person a seat beyond the capacity: a new one, or the one who waits with ``reservation``.

    Who has a seat keeps it. Raises SeatsAreFree when there is no need to; SessionEnded, SessionClosed.
    """
    _still_takes_place(session, now)
    if reservation and reservation.state is State.CONFIRMED:
        return Change(session, reservation)
    if session.seats_left:
        raise SeatsAreFree
    if reservation is None:
        ticket = session.tickets + 1
        session = replace(session, tickets=ticket, waiting=session.waiting + 1)
        reservation = Reservation(session.id, person_id, State.WAITING, ticket, booked_at=now)
    seated = _seated(session, reservation, now)
    beyond = seated.session.taken + seated.session.held - session.capacity
    return replace(seated, session=replace(seated.session, overbooked=max(session.overbooked, beyond)))


# -- being there


def enter(session: Session, reservation: Reservation, now: datetime) -> Reservation:
    """Go into the room: the person is present, unless the sheet was closed before.

    Raises NoSeat, TooEarly (with ``opens_at``), SessionEnded.
    """
    if reservation.state is not State.CONFIRMED:
        raise NoSeat
    if now < session.entry_opens_at:
        raise TooEarly(opens_at=session.entry_opens_at.isoformat())
    if now >= session.ends_at:
        raise SessionEnded
    if reservation.entered_at or session.sheet_closed_at:
        return reservation
    return replace(reservation, entered_at=now, attendance=Attendance.PRESENT)


def mark(session: Session, reservation: Reservation, attendance: Attendance, now: datetime) -> Reservation:
    """Note by hand whether a person was there. On a sheet that closed by itself this can be said of who is not marked,
    and not changed again. Raises NoSeat, TooEarly before the doors open, SheetClosed.
    """
    if reservation.state is not State.CONFIRMED:
        raise NoSeat
    if now < session.entry_opens_at:
        raise TooEarly(opens_at=session.entry_opens_at.isoformat())
    if session.sheet_closed_at and reservation.attendance not in (None, attendance):
        raise SheetClosed
    return replace(reservation, attendance=attendance)


def close_sheet(session: Session, now: datetime) -> Session:
    """Nothing is noted any more. Twice is as good as once. Raises TooEarly before the end, SessionClosed."""
    if session.cancelled_at:
        raise SessionClosed(reason="cancelled")
    if now < session.ends_at:
        raise TooEarly(opens_at=session.ends_at.isoformat())
    return session if session.sheet_closed_at else replace(session, sheet_closed_at=now)


def may_rate(session: Session, reservation: Reservation, now: datetime) -> None:
    """Whether the person can say now how the session was: from its end on, for 30 days, and as long as we know them.

    Raises NoSeat, NotThere for who is marked as absent or excused, TooEarly (with ``opens_at``), FeedbackClosed.
    """
    if reservation.state is not State.CONFIRMED:
        raise NoSeat
    if reservation.attendance in (Attendance.ABSENT, Attendance.EXCUSED):
        raise NotThere
    if now < session.ends_at:
        raise TooEarly(opens_at=session.ends_at.isoformat())
    if now >= session.feedback_until or reservation.person_id is None:
        raise FeedbackClosed


# -- shared


def _is_past(reservation: Reservation, now: datetime) -> bool:
    return reservation.offer_expires_at is not None and now >= reservation.offer_expires_at


def _still_takes_place(session: Session, now: datetime) -> None:
    if session.cancelled_at:
        raise SessionClosed(reason="cancelled")
    if now >= session.ends_at:
        raise SessionEnded


def _seated(session: Session, reservation: Reservation, now: datetime) -> Change:
    emptied = _without(session, reservation)
    confirmed = _revised(reservation, state=State.CONFIRMED, confirmed_at=now, offer_expires_at=None)
    return Change(replace(emptied, taken=emptied.taken + 1, overbooked=session.overbooked), confirmed)


def _without(session: Session, reservation: Reservation) -> Session:
    """The session without what a live reservation takes of it; a seat beyond the capacity does not become free."""
    counter = {State.CONFIRMED: "taken", State.OFFERED: "held", State.WAITING: "waiting"}[reservation.state]
    after = replace(session, **{counter: getattr(session, counter) - 1})
    return replace(after, overbooked=min(after.overbooked, max(0, after.taken + after.held - after.capacity)))


def _ended(reservation: Reservation, state: State, now: datetime) -> Reservation:
    return _revised(reservation, state=state, cancelled_at=now, offer_expires_at=None)


def _revised(reservation: Reservation, **changes: object) -> Reservation:
    return replace(reservation, revision=reservation.revision + 1, **changes)  # type: ignore[arg-type]  # of its fields
