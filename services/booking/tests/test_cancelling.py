"""Giving a seat back, and calling a session off, on both databases."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from services.booking.domain import HOLD
from services.booking.errors import NotFound, SessionEnded, SessionStarted
from services.booking.people import join_token, manage_token
from services.booking.tables import reservations
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, SECRET_KEY, a_session


def test_a_cancelled_seat_is_held_for_who_waits_first(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, second, third = (desk.book(session, person)["id"] for person in ("giulia", "omar", "lin"))
    assert desk.cancel(first)["state"] == "cancelled"
    assert desk.line(second) == ("offered", None)
    assert desk.line(third) == ("waiting", 1)
    assert desk.session(session)["seats_left"] == 0


def test_the_one_who_is_offered_the_seat_is_told_after_the_one_who_left(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, second = (desk.book(session, person)["id"] for person in ("giulia", "omar"))
    desk.cancel(first)
    left, moved = desk.said("reservation.")[-2:]
    assert (left["type"], left["subject"]) == ("reservation.cancelled.v1", f"reservation/{first}")
    assert (left["data"]["cancelled_by"], left["data"]["was"]) == ("person", "confirmed")
    assert (moved["type"], moved["subject"]) == ("reservation.offered.v1", f"reservation/{second}")
    assert moved["data"]["expires_at"] == (NOW + HOLD).isoformat()


def test_cancelling_twice_frees_one_seat_and_says_so_once(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, second, third = (desk.book(session, person)["id"] for person in ("giulia", "omar", "lin"))
    assert desk.cancel(first) == desk.cancel(first)
    assert len(desk.said("reservation.cancelled")) == 1
    assert [desk.line(each)[0] for each in (second, third)] == ["offered", "waiting"]


def test_leaving_the_waiting_list_moves_the_others_up(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    _, second, third = (desk.book(session, person)["id"] for person in ("giulia", "omar", "lin"))
    desk.cancel(second)
    assert desk.reservation(third)["position"] == 1
    assert desk.said("reservation.cancelled")[0]["data"]["was"] == "waiting"


def test_a_wrong_token_is_answered_as_an_unknown_reservation(desk: Desk) -> None:
    mine = desk.book(desk.publish())["id"]
    for reservation, token in ((mine, "wrong"), (mine, manage_token(SECRET_KEY, a_session().id)), (a_session().id, "")):
        with pytest.raises(NotFound) as refusal:
            desk.cancel(reservation, token or manage_token(SECRET_KEY, reservation))
        assert (str(refusal.value), refusal.value.details) == ("", {})


def test_a_seat_cannot_be_given_back_once_the_session_has_started(desk: Desk) -> None:
    mine = desk.book(desk.publish())["id"]
    desk.now = NOW + DAY
    with pytest.raises(SessionStarted):
        desk.cancel(mine)


def test_a_cancelled_reservation_keeps_neither_name_nor_address(desk: Desk) -> None:
    mine = desk.book(desk.publish())["id"]
    desk.cancel(mine)
    with desk.database.reading() as tx:
        row = tx.connection.execute(select(reservations)).mappings().one()
    assert (row["name"], row["email"]) == (None, None)


def test_the_holder_has_a_link_to_join_only_while_confirmed(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, second = (desk.book(session, person)["id"] for person in ("giulia", "omar"))
    links = [desk.reservation(each)["join_token"] for each in (first, second)]
    desk.cancel(first)
    desk.accept(second)
    links += [desk.reservation(each)["join_token"] for each in (first, second)]
    assert links == [join_token(SECRET_KEY, first), None, None, join_token(SECRET_KEY, second)]


def test_the_description_says_what_changed_and_what_was(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, second, third = (desk.book(session, person)["id"] for person in ("giulia", "omar", "lin"))
    desk.cancel(third)
    desk.cancel(first)
    desk.accept(second)
    desk.cancel(second)
    told = [desk.reservation(each) for each in (first, second, third)]
    assert [each["revision"] for each in told] == [1, 3, 1]
    assert [each["was_confirmed"] for each in told] == [True, True, False]


def live(desk: Desk, session: UUID) -> int:
    with desk.database.reading() as tx:
        query = select(func.count()).where(reservations.c.session_id == session, reservations.c.state != "cancelled")
        return int(tx.connection.execute(query).scalar_one())


def test_a_session_called_off_cancels_every_reservation_and_tells_each(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    booked = [desk.book(session, person)["id"] for person in ("giulia", "omar")]
    answer = desk.call_off(session)
    assert (answer["cancelled"], answer["bookable"], answer["seats_left"], answer["waiting"]) == (True, False, 0, 0)
    assert live(desk, session) == 0
    told = desk.said("reservation.cancelled")
    assert {event["subject"] for event in told} == {f"reservation/{each}" for each in booked}
    assert {event["data"]["cancelled_by"] for event in told} == {"session"}
    assert sorted(event["data"]["was"] for event in told) == ["confirmed", "waiting"]
    assert [event["subject"] for event in desk.said("session.cancelled")] == [f"session/{session}"]


def test_calling_off_twice_is_said_once(desk: Desk) -> None:
    session = desk.publish()
    desk.book(session)
    assert desk.call_off(session) == desk.call_off(session)
    assert (len(desk.said("session.cancelled")), len(desk.said("reservation.cancelled"))) == (1, 1)


def test_who_had_cancelled_already_is_not_told_again(desk: Desk) -> None:
    session = desk.publish()
    desk.cancel(desk.book(session)["id"])
    desk.call_off(session)
    assert [event["data"]["cancelled_by"] for event in desk.said("reservation.cancelled")] == ["person"]


def test_a_session_that_is_over_is_not_called_off(desk: Desk) -> None:
    session = desk.publish()
    desk.now = NOW + 2 * DAY
    with pytest.raises(SessionEnded):
        desk.call_off(session)


def test_an_unknown_session_cannot_be_called_off(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.call_off(a_session().id)


def test_calling_off_a_thousand_reservations_takes_few_statements(desk: Desk, statements: list[str]) -> None:
    session = desk.publish(capacity=900)
    desk.crowd(session, 1000)
    statements.clear()
    desk.call_off(session)
    assert len(desk.said("reservation.cancelled")) == 1000
    assert len(statements) < 10
