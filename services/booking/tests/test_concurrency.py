"""Many at once, in threads, on the real databases: nothing is sold twice and nobody is passed over."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from contracts.wire import Refusal
from services.booking.tables import reservations
from services.booking.tests.desk import Desk


def at_once(jobs: Sequence[Callable[[], dict[str, Any]]]) -> list[dict[str, Any]]:
    """Run each job in a thread of its own; they start together."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def states(desk: Desk) -> Counter[str]:
    with desk.database.reading() as tx:
        rows = tx.connection.execute(select(reservations.c.state, func.count()).group_by(reservations.c.state))
        return Counter({str(state): number for state, number in rows})


def test_two_hundred_at_once_for_twenty_seats_get_twenty_and_a_queue_without_gaps(desk: Desk) -> None:
    session = desk.publish(capacity=20)
    answers = at_once([partial(desk.book, session, f"person{n}") for n in range(200)])
    assert Counter(answer["state"] for answer in answers) == {"confirmed": 20, "waiting": 180}
    assert sorted(answer["position"] for answer in answers if answer["position"]) == list(range(1, 181))
    assert states(desk) == {"confirmed": 20, "waiting": 180}


def test_the_positions_answered_are_the_positions_kept(desk: Desk) -> None:
    session = desk.publish(capacity=5)
    answers = at_once([partial(desk.book, session, f"person{n}") for n in range(20)])
    kept = {answer["id"]: desk.reservation(answer["id"])["position"] for answer in answers}
    assert kept == {answer["id"]: answer["position"] for answer in answers}


def test_one_person_many_times_at_once_makes_one_reservation(desk: Desk) -> None:
    session = desk.publish(capacity=20)
    answers = at_once([partial(desk.book, session, "giulia")] * 12)
    assert {answer["state"] for answer in answers} == {"confirmed"}
    assert states(desk) == {"confirmed": 1}
    assert (len(desk.said("reservation.confirmed")), len(desk.said("reservation.repeated"))) == (1, 11)


def test_seats_given_back_at_once_go_to_the_first_in_line_each_to_one(desk: Desk) -> None:
    session = desk.publish(capacity=5)
    booked = [desk.book(session, f"person{n}")["id"] for n in range(15)]
    at_once([partial(desk.cancel, mine) for mine in booked[:5]])
    assert [desk.line(each)[0] for each in booked[5:]] == ["offered"] * 5 + ["waiting"] * 5


def test_one_seat_given_back_many_times_at_once_frees_one_seat(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, *others = (desk.book(session, f"person{n}")["id"] for n in range(4))
    at_once([partial(desk.cancel, first)] * 10)
    assert [desk.line(each)[0] for each in others] == ["offered", "waiting", "waiting"]
    assert len(desk.said("reservation.cancelled")) == 1


def test_booking_cancelling_and_calling_off_at_once_leave_nobody_in_the_session(desk: Desk) -> None:
    session = desk.publish(capacity=3)
    booked = [desk.book(session, f"person{n}")["id"] for n in range(8)]
    jobs = [partial(desk.cancel, mine) for mine in booked]
    at_once([*jobs, partial(desk.call_off, session), partial(desk.call_off, session)])
    assert states(desk) == {"cancelled": 8}
    assert len(desk.said("reservation.cancelled")) == 8
    assert (desk.session(session)["waiting"], len(desk.said("session.cancelled"))) == (0, 1)


def test_bookings_and_cancellations_at_once_keep_the_counters_true(desk: Desk) -> None:
    session = desk.publish(capacity=10)
    booked = [desk.book(session, f"person{n}")["id"] for n in range(20)]
    jobs = [partial(desk.cancel, mine) for mine in booked[::2]]
    jobs += [partial(desk.book, session, f"late{n}") for n in range(10)]
    at_once(jobs)
    shown, counted = desk.session(session), states(desk)
    in_seats = counted["confirmed"] + counted["offered"]
    assert (in_seats, counted["waiting"], counted["cancelled"]) == (10, 10, 10)
    assert (shown["seats_left"], shown["waiting"]) == (0, 10)


def test_an_offer_answered_in_many_ways_at_once_ends_in_one(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, second, third = (desk.book(session, f"person{n}")["id"] for n in range(3))
    desk.cancel(first)
    answers = [partial(desk.accept, second), partial(desk.decline, second), partial(desk.cancel, second)]
    at_once([partial(_whatever_it_says, answer) for answer in answers * 4])
    told = states(desk)
    assert told["confirmed"] + told["offered"] == 1
    assert desk.line(third)[0] in ("offered", "waiting")
    assert desk.session(session)["seats_left"] == 0


def _whatever_it_says(job: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return job()
    except Refusal:
        return {}


def test_raising_lowering_and_giving_back_at_once_pass_nobody_over(desk: Desk) -> None:
    session = desk.publish(capacity=5)
    booked = [desk.book(session, f"person{n}")["id"] for n in range(20)]
    jobs: list[Callable[[], dict[str, Any]]] = [partial(desk.cancel, mine) for mine in booked[:5]]
    jobs += [partial(desk.resize, session, capacity) for capacity in (8, 3, 10)]
    at_once(jobs)
    desk.resize(session, 10)
    lines = [desk.line(each)[0] for each in booked[5:]]
    assert lines == ["offered"] * 10 + ["waiting"] * 5


def test_a_thousand_people_over_twenty_seats_with_cancellations_in_between_are_neither_doubled_nor_skipped(
    desk: Desk,
) -> None:
    session = desk.publish(capacity=20)
    booked: list[UUID] = []

    def come(number: int) -> None:
        mine = desk.book(session, f"person{number}")["id"]
        booked.append(mine)
        if number % 3 == 0:
            desk.cancel(booked[len(booked) // 2])
        if number % 5 == 0:
            _whatever_it_says(partial(desk.accept, booked[len(booked) // 3]))

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(come, range(1000)))
    counted = states(desk)
    assert (sum(counted.values()), counted["confirmed"] + counted["offered"]) == (1000, 20)
    in_line, offered_or_seated = tickets(desk, "waiting"), tickets(desk, "offered", "confirmed")
    assert max(offered_or_seated) < min(in_line), "nobody was skipped"
    told = Counter(event["subject"] for event in desk.said("reservation.cancelled"))
    assert told.total() == len(told) == counted["cancelled"]
    shown = desk.session(session)
    assert (shown["seats_left"], shown["waiting"]) == (0, counted["waiting"])


def tickets(desk: Desk, *wanted: str) -> list[int]:
    with desk.database.reading() as tx:
        return list(
            tx.connection.execute(select(reservations.c.ticket).where(reservations.c.state.in_(wanted))).scalars()
        )
