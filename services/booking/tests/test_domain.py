"""The rules, one fact each, on plain values."""

from datetime import timedelta
from typing import Any

import pytest

from services.booking.domain import (
    HOLD,
    HOLDS_END,
    Attendance,
    Change,
    State,
    accept,
    call_off,
    cancel,
    close_sheet,
    decline,
    enter,
    expire,
    mark,
    offer,
    overbook,
    reserve,
    set_capacity,
)
from services.booking.errors import (
    NoOffer,
    NoSeat,
    OfferExpired,
    SeatsAreFree,
    SessionClosed,
    SessionEnded,
    SessionStarted,
    SheetClosed,
    TooEarly,
)
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
    made = offered()
    taken = accept(made.session, made.reservation, NOW)
    given_back = cancel(taken.session, taken.reservation, NOW)
    assert [each.reservation.revision for each in (made, taken, given_back)] == [1, 2, 3]


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


# The waiting list


def offered(**changes: Any) -> Change:
    """A session whose only seat is held for the one who waited."""
    session = a_session(**{"capacity": 1, "waiting": 1, "tickets": 2, **changes})
    return offer(session, a_reservation(session, State.WAITING, ticket=2, waited=True), NOW)


def test_a_seat_is_held_for_twelve_hours() -> None:
    assert offered(starts_at=NOW + 3 * DAY).reservation.offer_expires_at == NOW + HOLD


def test_a_seat_is_never_held_past_two_hours_before_the_start() -> None:
    made = offered(starts_at=NOW + timedelta(hours=5))
    assert made.reservation.offer_expires_at == NOW + timedelta(hours=3)


def test_a_seat_that_is_held_is_nobody_elses() -> None:
    assert offered().session.seats_left == 0


def test_a_seat_freed_late_is_held_for_nobody() -> None:
    session = a_session(waiting=1)
    assert session.offers_a_seat(session.starts_at - HOLDS_END - SECOND)
    assert not session.offers_a_seat(session.starts_at - HOLDS_END)


def test_who_waits_can_take_a_seat_that_is_free() -> None:
    session = a_session(waiting=1, taken=1)
    taken = accept(session, a_reservation(session, State.WAITING, ticket=2), session.starts_at - SECOND)
    assert (taken.reservation.state, taken.session.taken, taken.session.waiting) == (State.CONFIRMED, 2, 0)


def test_who_waits_cannot_take_a_seat_that_is_not_free() -> None:
    session = a_session(**full(waiting=1))
    with pytest.raises(NoOffer):
        accept(session, a_reservation(session, State.WAITING, ticket=2), NOW)


def test_an_offer_can_be_accepted_until_its_time_is_over() -> None:
    made = offered()
    until = made.reservation.offer_expires_at
    assert until is not None
    assert accept(made.session, made.reservation, until - SECOND).session.taken == 1
    with pytest.raises(OfferExpired):
        accept(made.session, made.reservation, until)


def test_accepting_twice_changes_nothing_the_second_time() -> None:
    made = offered()
    once = accept(made.session, made.reservation, NOW)
    assert accept(once.session, once.reservation, NOW + SECOND) == once


def test_an_offer_expires_when_its_time_is_over_and_not_before() -> None:
    made = offered()
    until = made.reservation.offer_expires_at
    assert until is not None
    assert expire(made.session, made.reservation, until - SECOND) == made
    gone = expire(made.session, made.reservation, until)
    assert (gone.reservation.state, gone.session.held, gone.session.seats_left) == (State.EXPIRED, 0, 1)


def test_who_declines_frees_the_seat_and_does_so_once() -> None:
    made = offered()
    once = decline(made.session, made.reservation, NOW)
    assert (once.reservation.state, once.session.seats_left) == (State.DECLINED, 1)
    assert decline(once.session, once.reservation, NOW) == once


def test_a_cancelled_reservation_brings_no_offer_back() -> None:
    made = offered()
    gone = cancel(made.session, made.reservation, NOW)
    assert gone.session.held == 0
    for answer in (accept, decline):
        with pytest.raises(NoOffer):
            answer(gone.session, gone.reservation, NOW)


# The number of seats


def test_lowering_the_capacity_throws_nobody_out() -> None:
    session = set_capacity(a_session(capacity=5, taken=4, held=1), 2, NOW)
    assert (session.taken, session.held, session.overbooked, session.seats_left) == (4, 1, 3, 0)


def test_a_seat_given_back_beyond_the_capacity_is_not_free() -> None:
    session = set_capacity(a_session(capacity=3, taken=3), 2, NOW)
    after = cancel(session, a_reservation(session), NOW).session
    assert (after.seats_left, after.overbooked) == (0, 0)


def test_overbooking_gives_a_seat_beyond_the_capacity() -> None:
    done = overbook(a_session(**full()), None, "p", NOW)
    assert (done.reservation.state, done.session.taken, done.session.overbooked) == (State.CONFIRMED, 2, 1)


def test_overbooking_seats_who_waits_already() -> None:
    session = a_session(**full(waiting=1))
    done = overbook(session, a_reservation(session, State.WAITING, ticket=2), "p", NOW)
    assert (done.session.taken, done.session.waiting, done.reservation.ticket) == (2, 0, 2)


def test_nobody_overbooks_while_seats_are_free() -> None:
    with pytest.raises(SeatsAreFree):
        overbook(a_session(), None, "p", NOW)


# Being there


def test_the_room_opens_fifteen_minutes_before_the_start_and_closes_at_the_end() -> None:
    session = a_session(taken=1)
    seat = a_reservation(session)
    opens = session.starts_at - timedelta(minutes=15)
    with pytest.raises(TooEarly) as early:
        enter(session, seat, opens - SECOND)
    assert early.value.details == {"opens_at": opens.isoformat()}
    entered = enter(session, seat, opens)
    assert (entered.entered_at, entered.attendance) == (opens, Attendance.PRESENT)
    with pytest.raises(SessionEnded):
        enter(session, seat, session.ends_at)


def test_going_out_and_in_again_keeps_the_first_time() -> None:
    session = a_session(taken=1)
    entered = enter(session, a_reservation(session), session.starts_at)
    assert enter(session, entered, session.starts_at + SECOND) == entered


def test_who_waits_cannot_enter() -> None:
    session = a_session(**full(waiting=1))
    with pytest.raises(NoSeat):
        enter(session, a_reservation(session, State.WAITING), session.starts_at)


def test_a_closed_sheet_takes_no_more_notes() -> None:
    session = close_sheet(a_session(taken=1), a_session().ends_at)
    with pytest.raises(SheetClosed):
        mark(session, a_reservation(session, attendance=Attendance.ABSENT), Attendance.EXCUSED, session.ends_at)


def test_a_sheet_is_not_closed_before_the_session_is_over() -> None:
    with pytest.raises(TooEarly):
        close_sheet(a_session(), a_session().starts_at)
