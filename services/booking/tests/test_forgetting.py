"""Who booked is forgotten when nobody needs to know any more; on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from services.booking import store, usecases
from services.booking.series import Rooms, publish_sessions
from services.booking.tables import feedback, imported_sessions, reservations, series, sessions, staff_actions
from services.booking.tests.calendars.test_imports import take_over
from services.booking.tests.calendars.test_reading import an_event
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, OPERATOR, SECRET_KEY

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


# -- sessions that are long over


def purge(desk: Desk, now: Any, limit: int = 500) -> int:
    with desk.database.transaction() as tx:
        return usecases.purge_sessions(tx, now, keep_days=730, limit=limit)


def left(desk: Desk) -> dict[str, int]:
    tables = (sessions, series, reservations, feedback, imported_sessions)
    with desk.database.reading() as tx:
        counts = {table.name: tx.connection.scalar(select(func.count()).select_from(table)) for table in tables}
        of_sessions = select(func.count()).where(staff_actions.c.session_id.is_not(None))
        counts["staff_actions"] = tx.connection.scalar(of_sessions)
    return {name: number for name, number in counts.items() if number}


def test_a_session_goes_two_years_after_its_end_with_all_that_is_known_of_it(desk: Desk) -> None:
    take_over(desk, an_event(start="DTSTART:20261124T090000Z", end="DTEND:20261124T100000Z"))
    session = desk.sessions()["items"][0]["id"]
    mine = desk.book(session)["id"]
    desk.resize(session, 5)
    desk.now = END
    desk.mark(session, mine, "present")
    desk.close_sheet(session)
    with desk.database.transaction() as tx:
        store.save_feedback(tx, store.reservation(tx, mine), store.Opinion("yes", None))  # type: ignore[arg-type]
    assert set(left(desk)) == {"sessions", "reservations", "feedback", "imported_sessions", "staff_actions"}
    assert purge(desk, END + 730 * DAY) == 0
    assert purge(desk, END + 731 * DAY) == 2
    assert left(desk) == {}


def test_a_series_goes_with_the_last_of_its_sessions(desk: Desk) -> None:
    asked: dict[str, Any] = {
        "partner": "orso",
        "title": "Ogni mese",
        "description": "",
        "language": "it",
        "capacity": 2,
        "minutes": 60,
    }
    asked |= {"actor": OPERATOR, "starts_at": NOW.replace(tzinfo=None) + DAY, "rule": "FREQ=MONTHLY;COUNT=2"}
    with desk.database.transaction() as tx:
        published = publish_sessions(tx, NOW, Rooms("https://meet.example.org/{room}", SECRET_KEY), **asked)["items"]
    assert purge(desk, published[0]["ends_at"] + 731 * DAY) == 1
    assert left(desk) == {"sessions": 1, "series": 1, "staff_actions": 1}
    purge(desk, published[1]["ends_at"] + 731 * DAY)
    assert left(desk) == {}


def test_a_large_session_goes_in_chunks(desk: Desk) -> None:
    desk.crowd(desk.publish(capacity=20), 25)
    assert [purge(desk, END + 731 * DAY, limit=10) for _ in range(4)] == [10, 10, 6, 0]


def say(desk: Desk, when: Any, *useful: str) -> None:
    """What people say of a session at that time."""
    session = desk.publish(starts_at=when, ends_at=when + timedelta(hours=1), capacity=9)
    people = [desk.book(session, f"person{number}")["id"] for number, _ in enumerate(useful)]
    with desk.database.transaction() as tx:
        for person, word in zip(people, useful, strict=True):
            store.save_feedback(tx, store.reservation(tx, person), store.Opinion(word, None))  # type: ignore[arg-type]


def test_how_many_found_sessions_useful_is_the_same_when_they_have_gone(desk: Desk) -> None:
    say(desk, NOW + DAY, "yes", "yes", "no")
    say(desk, NOW + 2 * DAY, "yes", "partly")
    say(desk, NOW + 30 * DAY, "no")
    counted = []
    for _ in range(6):
        with desk.database.reading() as tx:
            counted.append(store.totals(tx))
        purge(desk, END + 800 * DAY, limit=2)
    assert left(desk) == {}
    assert {(total.month, *said.values()) for total, said in counted[0].items()} == {
        ("2026-11", 3, 1, 1),
        ("2026-12", 0, 0, 1),
    }
    assert counted == counted[:1] * 6
