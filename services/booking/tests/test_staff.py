"""What the staff does with seats and with the attendance sheet, on both databases."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.booking import usecases
from services.booking.errors import InvalidArguments, NotFound, NotPermitted, SeatsAreFree
from services.booking.noting import PLATFORM
from services.booking.people import manage_token
from services.booking.tables import staff_actions
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, OPERATOR, SECRET_KEY

HOUR = timedelta(hours=1)
STRANGER = {**OPERATOR, "partner": "other"}
VIEWER = {**OPERATOR, "role": "viewer"}
COORDINATOR = {**OPERATOR, "role": "coordinator", "partner": None}


def actions(desk: Desk) -> list[tuple[UUID, str, str | None]]:
    """What members did, the oldest first."""
    members = staff_actions.c.staff_id != PLATFORM["id"]
    with desk.database.reading() as tx:
        rows = tx.connection.execute(select(staff_actions).where(members).order_by(staff_actions.c.position))
        return [(row.staff_id, row.action, row.reason) for row in rows]


def test_raising_the_capacity_offers_the_seats_to_who_waits(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    _, *line = (desk.book(session, f"person{number}")["id"] for number in range(4))
    desk.resize(session, 3)
    assert [desk.line(each)[0] for each in line] == ["offered", "offered", "waiting"]
    changed = desk.said("session.capacity_changed")[0]["data"]
    assert (changed["was"], changed["capacity"]) == (1, 3)


def test_lowering_the_capacity_takes_no_seat_away(desk: Desk) -> None:
    session = desk.publish(capacity=3)
    booked = [desk.book(session, f"person{number}")["id"] for number in range(3)]
    assert desk.resize(session, 1)["seats_left"] == 0
    assert {desk.reservation(each)["state"] for each in booked} == {"confirmed"}


def test_the_same_capacity_again_is_nothing_to_tell(desk: Desk) -> None:
    session = desk.publish(capacity=3)
    desk.resize(session, 3)
    assert (desk.said("session.capacity_changed"), actions(desk)) == ([], [])


@pytest.mark.parametrize("capacity", [0, -1, 10_001])
def test_a_capacity_that_makes_no_sense_is_refused(desk: Desk, capacity: int) -> None:
    session = desk.publish()
    with pytest.raises(InvalidArguments):
        desk.resize(session, capacity)


@pytest.mark.parametrize("actor", [STRANGER, VIEWER], ids=["another partner's", "viewer"])
def test_who_may_not_act_changes_nothing(desk: Desk, actor: dict[str, Any]) -> None:
    session = desk.publish(capacity=1)
    desk.book(session)
    with pytest.raises(NotPermitted):
        desk.resize(session, 9, actor)
    with pytest.raises(NotPermitted):
        desk.overbook(session, "omar", actor)
    assert (desk.session(session)["capacity"], actions(desk)) == (1, [])


def test_a_coordinator_acts_for_every_partner(desk: Desk) -> None:
    assert desk.resize(desk.publish(), 9, COORDINATOR)["capacity"] == 9


def test_overbooking_is_an_event_of_its_own_and_its_reason_stays_here(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    desk.book(session, "giulia")
    answer = desk.overbook(session, "omar")
    assert (answer["state"], answer["waiting_list"]) == ("confirmed", None)
    told = desk.said("session.overbooked")[0]["data"]
    assert (told["capacity"], told["taken"], told["reservation_id"]) == (1, 2, str(answer["id"]))
    assert "interpreter" not in repr(desk.said(""))
    assert actions(desk) == [(OPERATOR["id"], "overbook", "Comes with an interpreter.")]


def test_overbooking_seats_who_waits_already(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    desk.book(session, "giulia")
    waiting = desk.book(session, "omar")["id"]
    assert desk.overbook(session, "omar")["id"] == waiting
    assert desk.line(waiting)[0] == "accepted"


def test_overbooking_who_has_a_seat_changes_nothing(desk: Desk) -> None:
    session = desk.publish(capacity=1)
    mine = desk.book(session, "giulia")["id"]
    assert desk.overbook(session, "giulia")["id"] == mine
    assert (desk.said("session.overbooked"), actions(desk)) == ([], [])


def test_nobody_overbooks_while_seats_are_free(desk: Desk) -> None:
    with pytest.raises(SeatsAreFree):
        desk.overbook(desk.publish(), "omar")


# Attendance


def test_going_in_fills_the_sheet(desk: Desk) -> None:
    session = desk.publish()
    came, _ = (desk.book(session, person)["id"] for person in ("giulia", "omar"))
    desk.now = NOW + DAY
    assert desk.enter(came) == {"room_url": "https://meet.example.org/orientarsi"}
    sheet = desk.sheet(session)["items"]
    assert [(line["name"], line["attendance"], line["entered_at"]) for line in sheet] == [
        ("giulia", "present", desk.now),
        ("omar", None, None),
    ]


def test_the_link_that_manages_a_reservation_does_not_open_the_room(desk: Desk) -> None:
    mine = desk.book(desk.publish())["id"]
    desk.now = NOW + DAY
    with pytest.raises(NotFound):
        desk.enter(mine, manage_token(SECRET_KEY, mine))


def test_closing_the_sheet_says_of_each_who_had_a_seat_whether_they_came(desk: Desk) -> None:
    session = desk.publish(capacity=3)
    came, ill, lost = (desk.book(session, person)["id"] for person in ("giulia", "omar", "lin"))
    desk.now = NOW + DAY
    desk.enter(came)
    desk.mark(session, ill, "excused")
    desk.now += 2 * HOUR
    assert desk.close_sheet(session) == desk.close_sheet(session)
    (attended,) = desk.said("reservation.attended")
    missed = {event["subject"]: event["data"]["excused"] for event in desk.said("reservation.missed")}
    assert attended["subject"] == f"reservation/{came}"
    assert missed == {f"reservation/{ill}": True, f"reservation/{lost}": False}


def test_a_sheet_is_closed_also_when_its_people_are_forgotten(desk: Desk) -> None:
    session = desk.publish()
    desk.book(session, "giulia")
    desk.now = NOW + 200 * DAY
    with desk.database.transaction() as tx:
        usecases.forget_people(tx, desk.now, keep_days=90)
    assert desk.close_sheet(session)["closed_at"] == desk.now
    assert desk.said("reservation.missed") == []


def test_the_answers_to_what_staff_does_hold_no_names(desk: Desk) -> None:
    session = desk.publish()
    mine = desk.book(session, "giulia")["id"]
    desk.now = NOW + DAY
    marked = desk.mark(session, mine, "excused")
    desk.now += 2 * HOUR
    assert "giulia" not in repr((marked, desk.close_sheet(session)))


def test_only_who_works_for_the_partner_sees_the_sheet(desk: Desk) -> None:
    session = desk.publish()
    assert desk.sheet(session, VIEWER)["items"] == []
    with pytest.raises(NotPermitted):
        desk.sheet(session, STRANGER)
    with pytest.raises(NotFound):
        desk.sheet(uuid4())


def test_a_long_sheet_has_pages(desk: Desk) -> None:
    session = desk.publish(capacity=300)
    desk.crowd(session, 250)
    first = desk.sheet(session)
    rest = desk.sheet(session, after=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (200, 50, None)
