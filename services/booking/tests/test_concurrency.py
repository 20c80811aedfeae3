"""Many at once, in threads, on the real databases: nothing is sold twice and nobody is passed over."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

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
    assert [desk.reservation(each)["state"] for each in booked[5:]] == ["confirmed"] * 5 + ["waiting"] * 5


def test_one_seat_given_back_many_times_at_once_frees_one_seat(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, *others = (desk.book(session, f"person{n}")["id"] for n in range(4))
    at_once([partial(desk.cancel, first)] * 10)
    assert [desk.reservation(each)["state"] for each in others] == ["confirmed", "waiting", "waiting"]
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
    assert counted == {"confirmed": 10, "waiting": 10, "cancelled": 10}
    assert (shown["seats_left"], shown["waiting"]) == (0, 10)
