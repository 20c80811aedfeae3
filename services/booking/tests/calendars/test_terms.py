"""Other seats, another room, language or address of a followed calendar, on SQLite and PostgreSQL."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.booking import series, store
from services.booking.calendars import usecases as calendars
from services.booking.domain import Session
from services.booking.errors import InvalidArguments
from services.booking.tests.calendars.follower import PATH, ROOMS, Follower
from services.booking.tests.calendars.test_imports import FRIDAY, TUESDAY
from services.booking.tests.calendars.test_reading import an_event
from services.booking.tests.calendars.web import Web
from services.booking.tests.desk import Desk
from services.booking.tests.examples import OPERATOR

WEEKLY = an_event("RRULE:FREQ=WEEKLY;COUNT=3", start=TUESDAY)
HERE, THERE = "https://meet.example.org/here", "https://meet.example.org/there"
OTHER: dict[str, Any] = {"room_url": THERE}


@pytest.fixture
def follower(desk: Desk, web: Web) -> Follower:
    return Follower(desk, web)


def published(follower: Follower) -> list[Session]:
    """The sessions to come, the earliest first."""
    ids = [UUID(str(each["id"])) for each in follower.desk.sessions()["items"]]
    with follower.desk.database.reading() as tx:
        found = store.sessions_of(tx, ids)
    return [found[session_id] for session_id in ids]


def change_by_hand(follower: Follower, session_id: UUID, **changes: Any) -> None:
    about = {"session_id": session_id, "scope": "one", **changes}
    with follower.desk.database.transaction() as tx:
        series.change_sessions(tx, follower.desk.now, actor=OPERATOR, **about)


def test_sessions_to_come_get_the_new_seats_and_who_waits_is_offered_one(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY, capacity=1)
    first = published(follower)[0].id
    follower.desk.book(first)
    waiting = follower.desk.book(first, "omar")
    follower.change(calendar, capacity=2)
    assert [session.capacity for session in published(follower)] == [2, 2, 2]
    assert follower.desk.line(waiting["id"])[0] == "offered"


def test_who_is_in_a_session_with_another_room_is_told_once(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY, room_url=HERE)
    follower.change(calendar, **OTHER)
    assert {session.room_url for session in published(follower)} == {THERE}
    assert [told["data"]["changed"] for told in follower.desk.said("session.changed.v1")] == [["room"]] * 3


@pytest.mark.parametrize("again", [False, True], ids=["once", "and a second time, to what it was given by hand"])
def test_what_somebody_changed_by_hand_stays(follower: Follower, again: bool) -> None:
    calendar = follower.taken_over(WEEKLY, room_url=HERE)
    first, second, _ = published(follower)
    follower.desk.resize(first.id, 5)
    change_by_hand(follower, second.id, room_url=f"{HERE}-2")
    if again:
        follower.change(calendar, capacity=5, room_url=f"{HERE}-2")
    follower.change(calendar, capacity=9, **OTHER)
    assert [session.capacity for session in published(follower)] == [5, 9, 9]
    assert [session.room_url for session in published(follower)] == [THERE, f"{HERE}-2", THERE]


def test_what_would_become_of_the_sessions_is_known_before(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY, room_url=HERE)
    first, second, _ = published(follower)
    follower.desk.resize(first.id, 5)
    follower.desk.book(second.id)
    foreseen = {"to_come": 3, "seats": 2, "seats_kept": 1, "rooms": 3, "rooms_kept": 0, "told": 1}
    assert follower.effects(calendar, capacity=9, **OTHER) == foreseen
    assert follower.effects(calendar, language="en") == dict.fromkeys(foreseen, 0) | {"to_come": 3}
    assert [session.capacity for session in published(follower)] == [5, 2, 2]


def test_new_sessions_get_the_new_terms_and_those_there_keep_their_language(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.put(WEEKLY, an_event(uid="2", start=FRIDAY))
    follower.change(calendar, language="en", capacity=7, **OTHER)
    follower.pass_time(timedelta(seconds=10))
    follower.run()
    facts = [(session.language, session.capacity, session.room_url) for session in published(follower)]
    assert facts == [("it", 7, THERE), ("en", 7, THERE), ("it", 7, THERE), ("it", 7, THERE)]


def test_the_room_of_before_is_not_told_where_the_calendar_still_has_it(follower: Follower) -> None:
    calendar = follower.taken_over(an_event(f"DESCRIPTION:Prove\\nStanza: {HERE}", start=TUESDAY), room_url=HERE)
    follower.change(calendar, own_rooms=True)
    follower.change(calendar, **OTHER)
    follower.pass_time(timedelta(seconds=10))
    follower.run()
    assert follower.seen(calendar)["last"]["unchanged"] == 1
    assert [session.description for session in published(follower)] == ["Prove"]


def test_each_session_gets_a_room_of_its_own_if_so_wished(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY, room_url=HERE)
    follower.change(calendar, own_rooms=True)
    assert [each.room_url for each in published(follower)] == [ROOMS.address(each.id) for each in published(follower)]


def test_another_address_is_read_at_once_and_whoever_reads_the_one_of_before_changes_nothing(
    follower: Follower,
) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.web.pages["/moved"] = follower.web.pages[PATH]
    follower.put(an_event(uid="else", start=FRIDAY))
    follower.pass_time(timedelta(minutes=30))
    in_hand = follower.following(lambda work: (follower.change(calendar, url=f"{follower.web.url}/moved"), work())[1])
    assert in_hand.run()
    assert len(published(follower)) == 3
    assert follower.seen(calendar)["next_at"] == follower.desk.now
    follower.run()
    assert follower.web.asked[-1] == "/moved"
    assert follower.seen(calendar)["last"]["unchanged"] == 3


def test_sessions_of_a_calendar_that_is_not_confirmed_are_not_touched(follower: Follower) -> None:
    follower.do(calendars.unfollow_calendar, follower.taken_over(WEEKLY))
    follower.change(follower.follow(), capacity=9)
    assert [session.capacity for session in published(follower)] == [2, 2, 2]


@pytest.mark.parametrize(
    ("field", "wish"),
    [
        ("capacity", {"capacity": 0}),
        ("capacity", {"capacity": 1_000_000}),
        ("url", {"url": "http://calendar.example.org/a.ics"}),
        ("room_url", {"room_url": "meet"}),
        ("room_url", {"own_rooms": True, **OTHER}),
    ],
)
def test_terms_that_will_not_do_change_nothing(follower: Follower, field: str, wish: dict[str, Any]) -> None:
    calendar = follower.taken_over(WEEKLY)
    for ask in (follower.change, follower.effects):
        with pytest.raises(InvalidArguments) as refused:
            ask(calendar, **wish)
        assert set(refused.value.details["fields"]) == {field}
    assert follower.seen(calendar)["capacity"] == 2
