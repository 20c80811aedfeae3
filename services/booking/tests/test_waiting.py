"""The waiting list on both databases: who is offered a seat, and what becomes of it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from services.booking.domain import HOLD
from services.booking.errors import NotFound, OfferExpired
from services.booking.tables import reservations
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, SECRET_KEY
from services.booking.waiting import accept_offer

MINUTE = timedelta(minutes=1)


def queue(desk: Desk, people: int = 3, **session: object) -> list[UUID]:
    """The reservations of ``people`` in a session with one seat, which the first has."""
    published = desk.publish(capacity=1, **session)
    return [desk.book(published, f"person{number}")["id"] for number in range(people)]


def test_who_accepts_has_the_seat_and_is_told(desk: Desk) -> None:
    first, second, _ = queue(desk)
    desk.cancel(first)
    answer = desk.accept(second)
    assert (answer["state"], answer["waiting_list"]["state"]) == ("confirmed", "accepted")
    told = desk.said("reservation.confirmed")[-1]
    assert (told["subject"], told["data"]["promoted"]) == (f"reservation/{second}", True)


def test_accepting_twice_is_said_once(desk: Desk) -> None:
    first, second, _ = queue(desk)
    desk.cancel(first)
    assert desk.accept(second) == desk.accept(second)
    assert len(desk.said("reservation.confirmed")) == 2


def test_a_seat_that_is_declined_goes_to_the_next_one_at_once(desk: Desk) -> None:
    first, second, third = queue(desk)
    desk.cancel(first)
    assert desk.decline(second)["waiting_list"]["state"] == "declined"
    assert desk.line(third)[0] == "offered"
    lapsed, next_offer = desk.said("reservation.")[-2:]
    assert (lapsed["type"], lapsed["data"]["because"]) == ("reservation.lapsed.v1", "declined")
    assert next_offer["subject"] == f"reservation/{third}"


def test_a_seat_that_nobody_answers_for_goes_to_the_next_one(desk: Desk) -> None:
    first, second, third = queue(desk, starts_at=NOW + 3 * DAY, ends_at=NOW + 3 * DAY + HOLD / 12)
    desk.cancel(first)
    desk.now += HOLD - MINUTE
    desk.expire()
    assert desk.line(second)[0] == "offered"
    desk.now += MINUTE
    with pytest.raises(OfferExpired):
        desk.accept(second)
    desk.expire()
    desk.expire()
    assert (desk.line(second)[0], desk.line(third)[0]) == ("expired", "offered")
    assert [event["data"]["because"] for event in desk.said("reservation.lapsed")] == ["expired"]


def test_who_left_while_a_seat_was_held_leaves_it_to_the_next_one(desk: Desk) -> None:
    first, second, third = queue(desk)
    desk.cancel(first)
    desk.cancel(second)
    assert (desk.line(second)[0], desk.line(third)[0]) == ("withdrawn", "offered")


def test_a_seat_freed_shortly_before_the_start_is_for_whoever_takes_it(desk: Desk) -> None:
    first, second, third = queue(desk)
    desk.now = NOW + DAY - timedelta(hours=2)
    desk.cancel(first)
    assert desk.reservation(third)["waiting_list"]["seat_is_free"]
    desk.accept(third)
    assert (desk.line(second), desk.line(third)) == (("waiting", 1), ("accepted", None))
    assert desk.said("reservation.offered") == []


def test_who_had_two_offers_is_passed_over(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    holder = desk.book(session, "holder")["id"]
    for _ in range(2):
        again = desk.book(session, "late")["id"]
        desk.cancel(holder)
        desk.decline(again)
        holder = desk.book(session, "holder")["id"]
    third, patient = desk.book(session, "late")["id"], desk.book(session, "patient")["id"]
    desk.cancel(holder)
    assert (desk.line(third)[0], desk.line(patient)[0]) == ("waiting", "offered")
    assert desk.reservation(third)["waiting_list"]["passed_over"]


def test_an_offer_is_accepted_only_with_its_own_link(desk: Desk) -> None:
    first, second, _ = queue(desk)
    desk.cancel(first)
    with pytest.raises(NotFound), desk.database.transaction() as tx:
        accept_offer(tx, NOW, SECRET_KEY, reservation_id=second, token="wrong")


def test_a_session_called_off_ends_an_offer(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    first, second = (desk.book(session, person)["id"] for person in ("giulia", "omar"))
    desk.cancel(first)
    desk.call_off(session)
    assert desk.line(second)[0] == "withdrawn"
    assert desk.said("reservation.cancelled")[-1]["data"]["was"] == "waiting"


def test_a_place_that_lapsed_keeps_neither_name_nor_address(desk: Desk) -> None:
    first, second, _ = queue(desk)
    desk.cancel(first)
    desk.decline(second)
    with desk.database.reading() as tx:
        kept = select(reservations.c.name, reservations.c.email).where(reservations.c.id == second)
        assert tuple(tx.connection.execute(kept).one()) == (None, None)
