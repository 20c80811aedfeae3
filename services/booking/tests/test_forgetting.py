"""Who booked is forgotten when nobody needs to know any more; on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from services.booking import usecases
from services.booking.tables import reservations
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW

END = NOW + DAY + timedelta(hours=1)


def forget(desk: Desk, now: Any, limit: int = 500) -> int:
    with desk.database.transaction() as tx:
        return usecases.forget_people(tx, now, keep_days=90, limit=limit)


def people(desk: Desk) -> list[tuple[Any, ...]]:
    columns = (reservations.c.name, reservations.c.email, reservations.c.person_id)
    with desk.database.reading() as tx:
        return [tuple(row) for row in tx.connection.execute(select(*columns))]


def test_a_person_is_forgotten_ninety_days_after_the_session(desk: Desk) -> None:
    desk.book(desk.publish())
    assert forget(desk, END + 90 * DAY) == 0
    assert forget(desk, END + 90 * DAY + timedelta(seconds=1)) == 1
    assert people(desk) == [(None, None, None)]


def test_others_are_not_forgotten_with_them(desk: Desk) -> None:
    desk.book(desk.publish())
    later = NOW + 30 * DAY
    desk.book(desk.publish(starts_at=later, ends_at=later + timedelta(hours=1)), "omar")
    forget(desk, END + 91 * DAY)
    assert [name for name, *_ in people(desk) if name] == ["omar"]


def test_the_reservation_stays_as_a_number(desk: Desk) -> None:
    session = desk.publish()
    mine = desk.book(session)["id"]
    forget(desk, END + 91 * DAY)
    assert desk.reservation(mine)["state"] == "confirmed"
    assert desk.session(session)["seats_left"] == 1


def test_forgetting_goes_on_in_chunks_until_nobody_is_left(desk: Desk) -> None:
    desk.crowd(desk.publish(capacity=20), 25)
    assert [forget(desk, END + 91 * DAY, limit=10) for _ in range(4)] == [10, 10, 5, 0]


def test_cancelled_reservations_are_forgotten_too(desk: Desk) -> None:
    desk.cancel(desk.book(desk.publish())["id"])
    forget(desk, END + 91 * DAY)
    assert people(desk) == [(None, None, None)]
