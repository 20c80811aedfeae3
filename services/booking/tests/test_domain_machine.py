"""Any order of what people, staff and time can do to a session: the counters are right and nobody is passed over."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.booking import domain
from services.booking.domain import HOLDS_END, OFFERS_MAX, Change, Reservation, Session, State
from services.booking.errors import NoOffer, OfferExpired, SeatsAreFree, SessionStarted
from services.booking.tests.examples import NOW, a_session

PEOPLE = [f"person {number}" for number in range(8)]
people = st.sampled_from(PEOPLE)


class OneSession(RuleBasedStateMachine):
    """A session whose reservations are kept in a dictionary; what a person was given is noted beside it."""

    @initialize(capacity=st.integers(1, 4))
    def publish(self, capacity: int) -> None:
        self.now = NOW
        self.session: Session = a_session(capacity=capacity)
        self.stored: dict[UUID, Reservation] = {}
        self.offers: Counter[str | None] = Counter()
        self.seated: set[str | None] = set()

    # What people do

    @precondition(lambda self: not self.session.closed_because(self.now))
    @rule(person=people)
    def book(self, person: str) -> None:
        booking = domain.reserve(self.session, person, self.now)
        assert (booking.position is None) == (self.session.seats_left > 0)
        if not self.live_of(person):
            self.keep(Change(booking.session, booking.reservation))

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        chosen = self.any(data)
        try:
            self.keep(domain.cancel(self.session, chosen, self.now))
        except SessionStarted:
            assert self.now >= self.session.starts_at
        else:
            self.seated -= {chosen.person_id} if chosen.state is State.CONFIRMED else set()

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def accept(self, data: st.DataObject) -> None:
        chosen, seats = self.any(data), self.session.seats_left
        try:
            self.keep(domain.accept(self.session, chosen, self.now))
        except NoOffer:
            assert chosen.state is not State.OFFERED
        except (OfferExpired, SessionStarted):
            assert chosen.state is not State.CONFIRMED
        else:
            assert chosen.state in (State.OFFERED, State.CONFIRMED) or seats > 0

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def decline(self, data: st.DataObject) -> None:
        chosen = self.any(data)
        try:
            self.keep(domain.decline(self.session, chosen, self.now))
        except NoOffer:
            assert chosen.state not in (State.OFFERED, State.DECLINED)

    # What the staff and the clock do

    @precondition(lambda self: not self.session.cancelled_at and self.now < self.session.ends_at)
    @rule(capacity=st.integers(1, 6))
    def resize(self, capacity: int) -> None:
        self.session = self.offered(domain.set_capacity(self.session, capacity, self.now))

    @precondition(lambda self: not self.session.cancelled_at and self.now < self.session.ends_at)
    @rule(person=people)
    def overbook(self, person: str) -> None:
        before = self.session
        try:
            change = domain.overbook(before, self.live_of(person), person, self.now)
        except SeatsAreFree:
            assert before.seats_left > 0
            return
        assert change.session.overbooked - before.overbooked in (0, 1)
        self.keep(change)

    @rule(hours=st.integers(1, 9))
    def pass_time(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for reservation in list(self.stored.values()):
            self.keep(domain.expire(self.session, reservation, self.now))

    @precondition(lambda self: len(self.stored) > 8 and self.now < self.session.ends_at)
    @rule()
    def call_it_off(self) -> None:
        self.session = domain.call_off(self.session, self.now)
        for reservation in self.live():
            ended = replace(reservation, state=State.CANCELLED, offer_expires_at=None)
            self.stored[reservation.id] = ended
        self.seated = set()

    # What must hold

    @invariant()
    def the_counters_say_who_is_in(self) -> None:
        counted = Counter(r.state for r in self.stored.values())
        told = (self.session.taken, self.session.held, self.session.waiting)
        assert told == (counted[State.CONFIRMED], counted[State.OFFERED], counted[State.WAITING])

    @invariant()
    def there_are_never_more_live_seats_than_the_capacity_and_those_overbooked(self) -> None:
        assert self.session.taken + self.session.held <= self.session.capacity + self.session.overbooked

    @invariant()
    def each_person_is_in_one_state(self) -> None:
        assert all(each == 1 for each in Counter(r.person_id for r in self.live()).values())

    @invariant()
    def nobody_loses_a_seat_but_by_giving_it_back(self) -> None:
        assert self.seated == {r.person_id for r in self.stored.values() if r.state is State.CONFIRMED}

    @invariant()
    def no_seat_stays_free_while_somebody_could_be_offered_it(self) -> None:
        if self.session.seats_left and self.now < self.session.starts_at - HOLDS_END:
            assert self.next_in_line() is None

    @invariant()
    def no_offer_lasts_until_shortly_before_the_start(self) -> None:
        ends = [r.offer_expires_at for r in self.live() if r.offer_expires_at]
        assert all(self.now < end <= self.session.starts_at - HOLDS_END for end in ends)

    @invariant()
    def nobody_is_offered_more_than_there_is(self) -> None:
        assert all(each <= OFFERS_MAX for each in self.offers.values())

    # What booking's store does

    def keep(self, change: Change) -> None:
        self.stored[change.reservation.id] = change.reservation
        if change.reservation.state is State.CONFIRMED:
            self.seated.add(change.reservation.person_id)
        self.session = self.offered(change.session)

    def offered(self, session: Session) -> Session:
        while session.offers_a_seat(self.now) and (first := self.next_in_line()):
            made = domain.offer(session, first, self.now)
            self.stored[first.id], session = made.reservation, made.session
            self.offers[first.person_id] += 1
        return session

    def next_in_line(self) -> Reservation | None:
        line = [r for r in self.stored.values() if r.state is State.WAITING and self.offers[r.person_id] < OFFERS_MAX]
        return min(line, key=lambda r: r.ticket, default=None)

    def live(self) -> list[Reservation]:
        return [r for r in self.stored.values() if r.state.is_live]

    def live_of(self, person: str) -> Reservation | None:
        return next((r for r in self.live() if r.person_id == person), None)

    def any(self, data: st.DataObject) -> Reservation:
        return data.draw(st.sampled_from(list(self.stored.values())))


TestOneSession = OneSession.TestCase
TestOneSession.settings = settings(max_examples=100, stateful_step_count=40)
