"""The rules, one fact each, on plain values."""

from datetime import timedelta

import pytest

from services.booking.domain import State, call_off, cancel, reserve
from services.booking.errors import SessionClosed, SessionEnded, SessionStarted
from services.booking.tests.examples import DAY, NOW, a_reservation, a_session

SECOND = timedelta(seconds=1)


def full(waiting: int = 0) -> dict[str, int]:
    return {"capacity": 1, "taken": 1, "waiting": waiting, "tickets": 1 + waiting}


def test_a_free_seat_is_confirmed_at_once() -> None:
    booking = reserve(a_session(), "p", NOW)
    assert (booking.reservation.state, booking.position, booking.session.taken) == (State.CONFIRMED, None, 1)


def test_a_full_session_puts_the_person_at_the_end_of_the_waiting_list() -> None:
    booking = reserve(a_session(**full(waiting=2)), "p", NOW)
    assert (booking.reservation.state, booking.position, booking.session.waiting) == (State.WAITING, 3, 3)


def test_tickets_rise_and_are_not_given_twice() -> None:
    first = reserve(a_session(), "p", NOW)
    given_back = cancel(first.session, first.reservation, NOW)
    assert reserve(given_back.session, "p", NOW).reservation.ticket == 2


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (NOW - DAY - SECOND, "not_open_yet"),
        (NOW - DAY, None),
        (NOW + DAY - SECOND, None),
        (NOW + DAY, "closed"),
    ],
)
def test_the_booking_window_includes_its_opening_and_not_its_close(moment: object, reason: str | None) -> None:
    assert a_session().closed_because(moment) == reason  # type: ignore[arg-type]  # a datetime, by the table above


def test_a_closed_session_takes_no_booking_and_says_why() -> None:
    with pytest.raises(SessionClosed) as refusal:
        reserve(a_session(cancelled_at=NOW), "p", NOW)
    assert refusal.value.details == {"reason": "cancelled"}


def test_a_seat_given_back_is_free() -> None:
    session = a_session(taken=2, tickets=2)
    assert cancel(session, a_reservation(session), NOW).session.seats_left == 1


def test_a_cancelled_seat_goes_to_who_waits_first() -> None:
    session = a_session(**full(waiting=1))
    done = cancel(session, a_reservation(session), NOW, a_reservation(session, State.WAITING, ticket=2))
    assert done.promoted is not None
    assert (done.promoted.ticket, done.promoted.state, done.promoted.confirmed_at) == (2, State.CONFIRMED, NOW)
    assert (done.session.taken, done.session.waiting) == (1, 0)


def test_leaving_the_waiting_list_frees_no_seat() -> None:
    session = a_session(**full(waiting=1))
    done = cancel(session, a_reservation(session, State.WAITING, ticket=2), NOW)
    assert (done.session.taken, done.session.waiting) == (1, 0)


def test_cancelling_twice_changes_nothing_the_second_time() -> None:
    session = a_session(taken=1, tickets=1)
    once = cancel(session, a_reservation(session), NOW)
    twice = cancel(once.session, once.reservation, NOW + SECOND)
    assert (twice.session, twice.reservation) == (once.session, once.reservation)


def test_each_change_raises_the_revision() -> None:
    session = a_session(**full(waiting=1))
    waiting = a_reservation(session, State.WAITING, ticket=2)
    promoted = cancel(session, a_reservation(session), NOW, waiting)
    assert promoted.promoted is not None
    assert (promoted.reservation.revision, promoted.promoted.revision) == (1, 1)
    assert cancel(promoted.session, promoted.promoted, NOW).reservation.revision == 2


def test_a_seat_can_be_given_back_until_the_session_starts() -> None:
    session = a_session(taken=1, tickets=1)
    cancel(session, a_reservation(session), session.starts_at - SECOND)
    with pytest.raises(SessionStarted):
        cancel(session, a_reservation(session), session.starts_at)


def test_cancelling_again_after_the_start_is_no_error() -> None:
    session = a_session()
    gone = a_reservation(session, State.CANCELLED)
    assert cancel(session, gone, session.ends_at).reservation == gone


def test_a_session_called_off_has_no_seats_and_nobody_in_it() -> None:
    session = call_off(a_session(**full(waiting=2)), NOW)
    assert (session.seats_left, session.taken, session.waiting) == (0, 0, 0)


def test_calling_off_twice_keeps_the_first_time() -> None:
    session = call_off(a_session(), NOW)
    assert call_off(session, NOW + DAY) == session


def test_a_session_that_has_begun_can_be_called_off_and_one_that_is_over_cannot() -> None:
    session = a_session()
    assert call_off(session, session.starts_at).cancelled_at == session.starts_at
    with pytest.raises(SessionEnded):
        call_off(session, session.ends_at)
