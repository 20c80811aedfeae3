"""Any order of bookings, cancellations and calling off: the counters are right and nobody is passed over."""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.booking.domain import Reservation, State, call_off, cancel, reserve
from services.booking.errors import SessionClosed
from services.booking.tests.examples import NOW, a_session

PEOPLE = [f"person {number}" for number in range(8)]


class OneSession(RuleBasedStateMachine):
    """A session, and beside it a model that is too simple to be wrong: the list of who is in, in order of arrival."""

    @initialize(capacity=st.integers(1, 4))
    def publish(self, capacity: int) -> None:
        self.session = a_session(capacity=capacity)
        self.stored: dict[object, Reservation] = {}
        self.queue: list[str] = []

    @precondition(lambda self: not self.session.cancelled_at)
    @rule(person=st.sampled_from(PEOPLE))
    def book(self, person: str) -> None:
        booking = reserve(self.session, person, NOW)
        place = len(self.queue) + 1 - self.session.capacity
        assert booking.position == (place if place > 0 else None), "the answer, also to who is in already"
        if person in self.queue:
            return
        self.session = booking.session
        self.stored[booking.reservation.id] = booking.reservation
        self.queue.append(person)

    @precondition(lambda self: self.stored)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        reservation = data.draw(st.sampled_from(list(self.stored.values())))
        waiting = [r for r in self.stored.values() if r.state is State.WAITING]
        first = min(waiting, key=lambda r: r.ticket, default=None)
        done = cancel(self.session, reservation, NOW, first)
        self.session = done.session
        self.stored[reservation.id] = done.reservation
        if done.promoted:
            self.stored[done.promoted.id] = done.promoted
        if reservation.state is not State.CANCELLED and reservation.person_id:
            self.queue.remove(reservation.person_id)

    @precondition(lambda self: len(self.queue) > 5)  # else most runs would be over before they were interesting
    @rule()
    def call_it_off(self) -> None:
        self.session = call_off(self.session, NOW)
        self.stored = {key: replace(r, state=State.CANCELLED) for key, r in self.stored.items()}
        self.queue = []

    @precondition(lambda self: self.session.cancelled_at)
    @rule(person=st.sampled_from(PEOPLE))
    def book_in_vain(self, person: str) -> None:
        try:
            reserve(self.session, person, NOW)
        except SessionClosed:
            return
        raise AssertionError("a session that was called off took a booking")

    @invariant()
    def the_first_to_come_have_the_seats(self) -> None:
        seated, waiting = self.queue[: self.session.capacity], self.queue[self.session.capacity :]
        assert self.people(State.CONFIRMED) == set(seated)
        assert self.people(State.WAITING) == set(waiting)
        assert (self.session.taken, self.session.waiting) == (len(seated), len(waiting))

    def people(self, state: State) -> set[str | None]:
        return {r.person_id for r in self.stored.values() if r.state is state}


TestOneSession = OneSession.TestCase
TestOneSession.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
