"""Taking a seat, and what is said about it, on both databases."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from contracts import booking
from contracts.person import person_id
from services.booking.errors import ConsentMissing, InvalidArguments, NotFound, SessionClosed
from services.booking.tables import reservations
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, PERSON_KEY, a_session


def rows(desk: Desk) -> int:
    with desk.database.reading() as tx:
        return int(tx.connection.execute(select(func.count()).select_from(reservations)).scalar_one())


def test_the_answer_is_what_the_contract_says(desk: Desk) -> None:
    answer = desk.book(desk.publish())
    assert booking.RESERVE_SEAT.result().dump(answer) == {
        "id": str(answer["id"]),
        "session_id": str(answer["session_id"]),
        "state": "confirmed",
        "position": None,
        "waiting_list": None,
    }


def test_who_waits_is_told_where_they_stand(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    desk.book(session, "giulia")
    place = desk.book(session, "omar")["waiting_list"]
    assert place == {
        "state": "waiting",
        "position": 1,
        "offer_expires_at": None,
        "passed_over": False,
        "seat_is_free": False,
    }


def test_seats_are_counted_as_they_are_taken(desk: Desk) -> None:
    session = desk.publish(capacity=2)
    for person in ("giulia", "omar", "lin"):
        desk.book(session, person)
    shown = desk.session(session)
    assert (shown["seats_left"], shown["waiting"], shown["bookable"]) == (0, 1, True)


def test_positions_on_the_waiting_list_follow_the_order_of_arrival(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    positions = [desk.book(session, person)["position"] for person in ("giulia", "omar", "lin")]
    assert positions == [None, 1, 2]


def test_a_confirmed_reservation_is_told_with_the_pseudonym_and_without_the_name(desk: Desk) -> None:
    session = desk.publish()
    answer = desk.book(session, "giulia")
    (event,) = desk.said("reservation.")
    assert (event["type"], event["subject"]) == ("reservation.confirmed.v1", f"reservation/{answer['id']}")
    assert event["partner"] == event["data"]["partner"] == "orso"
    assert event["data"]["person_id"] == person_id(PERSON_KEY, "giulia@example.org")
    assert event["data"]["promoted"] is False
    assert "giulia" not in str(event)


def test_who_has_to_wait_is_told_the_position(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    desk.book(session, "giulia")
    desk.book(session, "omar")
    (event,) = desk.said("reservation.waitlisted")
    assert event["data"]["position"] == 1


def test_notify_is_asked_to_remember_how_the_person_is_reached(desk: Desk) -> None:
    session = desk.publish()
    answer = desk.book(session, email="Giulia@Example.org", name="Giulia  Ferrero", language="en")
    (command,) = desk.said("notify.")
    assert command["data"] == {
        "email": "giulia@example.org",
        "name": "Giulia Ferrero",
        "language": "en",
        "consent": True,
        "idempotency_key": f"contact:{answer['id']}",
        "deadline": desk.session(session)["ends_at"].isoformat(),
    }


def test_the_contact_is_sent_before_the_event_that_needs_it(desk: Desk) -> None:
    desk.book(desk.publish())
    assert [said["type"] for said in desk.said()][-2:] == ["notify.remember_contact", "reservation.confirmed.v1"]


@pytest.mark.parametrize("again", ["giulia@example.org", "GIULIA@example.org", " giulia@Example.ORG "])
def test_booking_twice_with_one_address_makes_one_reservation(desk: Desk, again: str) -> None:
    session = desk.publish()
    desk.book(session, "giulia")
    desk.book(session, "Someone Else", email=again)
    assert (rows(desk), desk.session(session)["seats_left"]) == (1, 1)


@pytest.mark.parametrize("capacity", [1, 5])
def test_the_answer_to_a_second_booking_is_what_a_stranger_would_get(desk: Desk, capacity: int) -> None:
    session = desk.publish(capacity=capacity)
    first = desk.book(session, "giulia")
    again = desk.book(session, "giulia")
    stranger = desk.book(session, "omar")
    assert {**again, "id": None} == {**stranger, "id": None}
    assert again["id"] not in (first["id"], stranger["id"])


def test_nothing_is_kept_under_the_id_in_the_answer_to_a_second_booking(desk: Desk) -> None:
    session = desk.publish()
    desk.book(session, "giulia")
    again = desk.book(session, "giulia")
    with pytest.raises(NotFound):
        desk.reservation(again["id"])


def test_notify_is_told_how_each_reservation_stands_and_those_that_are_not_known_are_left_out(desk: Desk) -> None:
    full = desk.publish(capacity=1)
    first, second = desk.book(full, "giulia"), desk.book(full, "marco")
    told = {letter["id"]: letter for letter in desk.letters(second["id"], uuid4(), first["id"])}
    assert set(told) == {first["id"], second["id"]}
    for one in (first, second):
        shown = desk.reservation(one["id"])
        assert {name: told[one["id"]][name] for name in shown} == shown


def test_a_second_booking_is_told_about_the_first_reservation_and_changes_no_contact(desk: Desk) -> None:
    session = desk.publish()
    first = desk.book(session, "giulia")
    desk.book(session, "giulia", name="Mallory")
    (event,) = desk.said("reservation.repeated")
    assert event["subject"] == f"reservation/{first['id']}"
    assert len(desk.said("notify.")) == 1


def test_who_cancelled_can_book_again(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first = desk.book(session, "giulia")
    desk.cancel(first["id"])
    assert desk.book(session, "giulia")["state"] == "confirmed"
    assert rows(desk) == 2


def test_one_person_may_book_several_sessions(desk: Desk) -> None:
    assert [desk.book(desk.publish(), "giulia")["state"] for _ in range(2)] == ["confirmed", "confirmed"]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"consent": False}, ConsentMissing),
        ({"name": "Giulia\n"}, InvalidArguments),
        ({"email": "giulia"}, InvalidArguments),
    ],
)
def test_a_request_that_is_refused_leaves_nothing_behind(
    desk: Desk, change: dict[str, Any], refusal: type[Exception]
) -> None:
    session = desk.publish()
    with pytest.raises(refusal):
        desk.book(session, **change)
    assert (rows(desk), desk.said("reservation."), desk.session(session)["seats_left"]) == (0, [], 2)


def test_an_unknown_session_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.book(a_session().id)


def test_a_session_is_bookable_in_its_window_only(desk: Desk) -> None:
    session = desk.publish(opens_at=NOW + DAY / 2)
    assert desk.session(session)["bookable"] is False
    with pytest.raises(SessionClosed) as refusal:
        desk.book(session)
    assert refusal.value.details == {"reason": "not_open_yet"}
    desk.now = NOW + DAY / 2
    assert desk.session(session)["bookable"] is True
    assert desk.book(session)["state"] == "confirmed"
