"""What a person sees of all that they booked, by a pass; on both databases."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import booking
from contracts.person import person_id, personal_pass
from services.booking import personal
from services.booking.config import Settings
from services.booking.errors import InvalidArguments, NotPermitted
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, PERSON_KEY, SECRET_KEY

HOUR = timedelta(hours=1)
SETTINGS = Settings(database_uri="sqlite:///:memory:", person_key=PERSON_KEY, secret_key=SECRET_KEY, keep_days=60)


def pass_of(desk: Desk, person: str = "giulia") -> str:
    return personal_pass(PERSON_KEY, person_id(PERSON_KEY, f"{person}@example.org"), desk.now + HOUR)


def own(desk: Desk, **arguments: Any) -> dict[str, Any]:
    arguments.setdefault("personal_pass", pass_of(desk))
    with desk.database.reading() as tx:
        found = personal.list_reservations(tx, desk.now, SETTINGS, **arguments)
    return dict(booking.LIST_RESERVATIONS.result().dump(found))


def ids(page: dict[str, Any]) -> list[UUID]:
    return [UUID(item["id"]) for item in page["items"]]


def book(desk: Desk, days: float, person: str = "giulia", **changes: Any) -> UUID:
    """A seat in a session of its own that starts in so many days."""
    start = desk.now + days * DAY
    session = desk.publish(**{"starts_at": start, "ends_at": start + HOUR, **changes})
    return UUID(str(desk.book(session, person)["id"]))


@pytest.fixture
def five(desk: Desk) -> list[UUID]:
    """Two to come, one that was cancelled, two that are over; in the order in which they are listed."""
    older, over = book(desk, 1), book(desk, 2)
    later, cancelled, sooner = book(desk, 20), book(desk, 15), book(desk, 10)
    desk.cancel(cancelled)
    desk.now += 4 * DAY
    return [sooner, later, cancelled, over, older]


def test_what_is_to_come_is_first_then_what_is_over_or_cancelled(desk: Desk, five: list[UUID]) -> None:
    page = own(desk)
    assert ids(page) == five
    assert (page["next"], page["kept_days"]) == (None, 60)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_page_by_page_each_is_there_once(desk: Desk, five: list[UUID], limit: int) -> None:
    found: list[UUID] = []
    after = None
    while True:
        page = own(desk, after=after, limit=limit)
        found += ids(page)
        after = page["next"]
        if after is None:
            break
    assert found == five


def test_each_has_its_session_and_what_manages_it(desk: Desk) -> None:
    reservation = book(desk, 1)
    (item,) = own(desk)["items"]
    shown = desk.reservation(reservation)
    assert (item["token"], item["join_token"]) == (shown["token"], shown["join_token"])
    assert item["session"]["title"] == "Orientarsi dopo il diploma"
    assert not item.keys() & {"name", "email", "booked_by"}


def test_nobody_sees_what_others_booked(desk: Desk) -> None:
    theirs = book(desk, 1, person="omar")
    assert own(desk)["items"] == []
    assert own(desk, reservation_id=theirs)["items"] == []


def test_one_can_be_asked_for_alone(desk: Desk, five: list[UUID]) -> None:
    assert ids(own(desk, reservation_id=five[3])) == [five[3]]
    assert ids(own(desk, reservation_id=uuid4())) == []


@pytest.mark.parametrize("wrong", ["", "x", "\ud800"])
def test_without_a_pass_that_is_good_nothing_is_seen(desk: Desk, wrong: str) -> None:
    book(desk, 1)
    with pytest.raises(NotPermitted):
        own(desk, personal_pass=wrong)


def test_a_pass_is_over_after_its_time(desk: Desk) -> None:
    late = pass_of(desk)
    desk.now += HOUR
    with pytest.raises(NotPermitted):
        own(desk, personal_pass=late)


@pytest.mark.parametrize("after", ["x", "c", "oMjA", "c$$", "é"])
def test_a_page_that_is_none_is_refused(desk: Desk, after: str) -> None:
    with pytest.raises(InvalidArguments):
        own(desk, after=after)


def test_who_was_forgotten_has_nothing(desk: Desk) -> None:
    book(desk, 1)
    with desk.database.transaction() as tx:
        tx.connection.exec_driver_sql("UPDATE reservations SET person_id = NULL")
    assert own(desk)["items"] == []
