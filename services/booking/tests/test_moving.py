"""Changing to another date of the same series, on both databases."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.wire import Refusal
from services.booking import moving
from services.booking.errors import BookedAlready, NotFound, NotThisSeries, SessionClosed, SessionStarted
from services.booking.people import manage_token
from services.booking.tables import reservations
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, SECRET_KEY
from services.booking.tests.test_concurrency import at_once
from services.booking.tests.test_series import WEEKLY, Office


@pytest.fixture
def dates(desk: Desk) -> list[UUID]:
    """Four dates with one seat each."""
    return [session["id"] for session in Office(desk).publish(rule=WEEKLY, capacity=1)]


def move(desk: Desk, reservation: UUID, to: UUID) -> dict[str, Any]:
    token = manage_token(SECRET_KEY, reservation)
    with desk.database.transaction() as tx:
        return moving.move_reservation(tx, desk.now, SECRET_KEY, reservation_id=reservation, token=token, session_id=to)


def offered_dates(desk: Desk, reservation: UUID) -> list[UUID]:
    token = manage_token(SECRET_KEY, reservation)
    with desk.database.reading() as tx:
        found = moving.list_dates(tx, desk.now, SECRET_KEY, reservation_id=reservation, token=token)
    return [session["id"] for session in found["items"]]


def test_a_seat_is_given_back_and_one_on_the_other_date_taken(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[0], "giulia")["id"]
    waiting = desk.book(dates[0], "omar")["id"]
    moved = move(desk, mine, dates[1])
    assert (moved["state"], moved["session_id"]) == ("confirmed", dates[1])
    assert (desk.reservation(mine)["state"], desk.line(waiting)[0]) == ("cancelled", "offered")
    assert [event["type"] for event in desk.said("reservation.")[-3:]] == [
        "reservation.cancelled.v1",
        "reservation.offered.v1",
        "reservation.confirmed.v1",
    ]


def test_who_moves_into_a_line_stands_before_those_who_booked_later(desk: Desk, dates: list[UUID]) -> None:
    desk.book(dates[0], "first")
    mine = desk.book(dates[0], "giulia")["id"]
    desk.book(dates[1], "holder")
    before = desk.book(dates[1], "early")["id"]
    desk.now += DAY / 24
    late = [desk.book(dates[1], f"late{number}")["id"] for number in range(3)]
    moved = move(desk, mine, dates[1])
    assert (moved["state"], moved["position"]) == ("waiting", 2)
    assert [desk.line(each)[1] for each in (before, moved["id"], *late)] == [1, 2, 3, 4, 5]


def test_both_events_of_a_move_name_the_other_reservation(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[0], "giulia")["id"]
    new = move(desk, mine, dates[1])["id"]
    left, came = (event["data"] for event in desk.said("reservation.")[-2:])
    assert (left["reservation_id"], left["moved_to"]) == (str(mine), str(new))
    assert (came["reservation_id"], came["moved_from"]) == (str(new), str(mine))
    assert [letter["moved_to"] for letter in desk.letters(mine, new)] in ([new, None], [None, new])


def test_who_moves_keeps_one_entry_in_the_calendar_and_its_revision_rises(desk: Desk, dates: list[UUID]) -> None:
    """RFC 5546 section 2.1.5: of entries with one UID, the one with the highest SEQUENCE holds."""
    first = desk.book(dates[0])["id"]
    told = [desk.reservation(first)]
    for date in (dates[1], dates[2], dates[0]):
        told.append(desk.reservation(move(desk, told[-1]["id"], date)["id"]))
        told.insert(-1, desk.reservation(told[-2]["id"]))  # as given back: a waiting list would leave it at that
    assert {each["calendar_id"] for each in told} == {first}
    revisions = [each["revision"] for each in told]
    assert revisions == sorted(set(revisions))


def test_the_new_reservation_keeps_the_name(desk: Desk, dates: list[UUID]) -> None:
    move(desk, desk.book(dates[0], "giulia")["id"], dates[1])
    assert [line["name"] for line in desk.sheet(dates[1])["items"]] == ["giulia"]


def test_the_dates_to_choose_from_are_those_of_the_series_that_take_bookings(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[1])["id"]
    desk.call_off(dates[2])
    assert offered_dates(desk, mine) == [dates[0], dates[3]]


def test_a_session_alone_has_no_other_dates(desk: Desk) -> None:
    assert offered_dates(desk, desk.book(desk.publish())["id"]) == []


def test_a_reservation_moves_within_its_series_only(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[0])["id"]
    for elsewhere in (desk.publish(), dates[0]):
        with pytest.raises(NotThisSeries):
            move(desk, mine, elsewhere)


def test_who_has_a_place_on_that_date_already_keeps_both_as_they_are(desk: Desk, dates: list[UUID]) -> None:
    mine, other = desk.book(dates[0])["id"], desk.book(dates[1])["id"]
    with pytest.raises(BookedAlready):
        move(desk, mine, dates[1])
    assert [desk.reservation(each)["state"] for each in (mine, other)] == ["confirmed"] * 2


def test_nobody_moves_once_the_session_has_begun_nor_to_one_that_is_closed(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[1])["id"]
    desk.now = desk.session(dates[0])["starts_at"]
    with pytest.raises(SessionClosed):
        move(desk, mine, dates[0])
    desk.now = desk.session(dates[1])["starts_at"]
    with pytest.raises(SessionStarted):
        move(desk, mine, dates[2])


def test_a_reservation_that_is_over_moves_nowhere(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[0])["id"]
    desk.cancel(mine)
    with pytest.raises(NotFound):
        move(desk, mine, dates[1])


# A session that was called off


def test_who_lost_a_place_with_the_session_moves_to_another_date(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[0], "giulia")["id"]
    desk.call_off(dates[0])
    assert desk.reservation(mine)["called_off"]
    moved = move(desk, mine, dates[1])
    assert (moved["state"], desk.reservation(mine)["called_off"]) == ("confirmed", False)
    assert [line["name"] for line in desk.sheet(dates[1])["items"]] == ["giulia"]
    last = desk.said("reservation.")[-1]
    assert (last["type"], last["data"]["moved_from"]) == ("reservation.confirmed.v1", str(mine))


def test_whoever_moved_or_gave_the_place_back_before_moves_no_more(desk: Desk, dates: list[UUID]) -> None:
    given_back, moved = desk.book(dates[0], "omar")["id"], desk.book(dates[1], "giulia")["id"]
    desk.cancel(given_back)
    desk.now += DAY / 24
    for date in dates[:2]:
        desk.call_off(date)
    move(desk, moved, dates[2])
    for over in (given_back, moved):
        assert not desk.reservation(over)["called_off"]
        with pytest.raises(NotFound):
            move(desk, over, dates[3])


def test_notify_is_told_three_other_dates_and_first_of_those_with_free_seats(desk: Desk) -> None:
    dates = [session["id"] for session in Office(desk).publish(rule=WEEKLY.replace("4", "6"), capacity=1)]
    mine = desk.book(dates[0])["id"]
    desk.book(dates[1], "omar")
    assert desk.letters(mine)[0]["other_dates"] == []
    desk.call_off(dates[0])
    assert [date["id"] for date in desk.letters(mine)[0]["other_dates"]] == dates[2:5]
    desk.call_off(dates[3])
    desk.call_off(dates[4])
    assert [date["id"] for date in desk.letters(mine)[0]["other_dates"]] == [dates[1], dates[2], dates[5]]


def test_who_was_called_off_is_forgotten_once_they_moved(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book(dates[0])["id"]
    desk.call_off(dates[0])
    move(desk, mine, dates[1])
    with desk.database.reading() as tx:
        known = select(reservations.c.name, reservations.c.email).where(reservations.c.id == mine)
        assert tuple(tx.connection.execute(known).one()) == (None, None)


def test_who_was_called_off_alone_is_forgotten_at_once(desk: Desk) -> None:
    alone = desk.publish()
    desk.book(alone)
    desk.call_off(alone)
    with desk.database.reading() as tx:
        assert tx.connection.execute(select(reservations.c.email)).scalars().all() == [None]


def test_people_who_change_places_at_once_end_in_one_place_each(desk: Desk, dates: list[UUID]) -> None:
    people = [(date, desk.book(date, f"person{date}{number}")["id"]) for date in dates[:2] for number in range(6)]
    targets = {dates[0]: dates[1], dates[1]: dates[0]}

    def change(date: UUID, mine: UUID) -> dict[str, Any]:
        try:
            return move(desk, mine, targets[date])
        except Refusal:
            return {}

    at_once([partial(change, date, mine) for date, mine in people for _ in range(2)])
    shown = [desk.session(date) for date in dates[:2]]
    assert [session["seats_left"] for session in shown] == [0, 0]
    assert sum(session["waiting"] for session in shown) + 2 == len(people)
