"""Sheets that nobody closes: they close by themselves, tell what is known, and leave the rest to be said."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.booking import actions, attendance
from services.booking.domain import SHEET_CLOSES
from services.booking.errors import NotPermitted, SheetClosed
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, OPERATOR, PRESCRIBER

PEOPLE = ("giulia", "omar", "lin", "bea")


@pytest.fixture
def session_id(desk: Desk) -> UUID:
    return desk.publish(capacity=9)


@pytest.fixture
def people(desk: Desk, session_id: UUID) -> dict[str, UUID]:
    """Giulia went in by her link, Omar is marked as excused, nobody marked Lin and Bea; the time is over."""
    booked = {name: UUID(str(desk.book(session_id, name)["id"])) for name in PEOPLE}
    desk.now = desk.session(session_id)["starts_at"]
    desk.enter(booked["giulia"])
    desk.mark(session_id, booked["omar"], "excused")
    desk.now = desk.session(session_id)["ends_at"] + SHEET_CLOSES + timedelta(seconds=1)
    return booked


def told(desk: Desk) -> list[tuple[str, str]]:
    said = [*desk.said("reservation.attended"), *desk.said("reservation.missed")]
    return [(each["type"].split(".")[1], each["data"]["reservation_id"]) for each in said]


def marks(desk: Desk, session_id: UUID) -> list[Any]:
    return [line["attendance"] for line in desk.sheet(session_id)["items"]]


def open_sheets(desk: Desk, actor: dict[str, Any] = OPERATOR) -> list[UUID]:
    with desk.database.reading() as tx:
        found = attendance.list_open_sheets(tx, desk.now, actor=actor)
    return [each["session"]["id"] for each in found["items"]]


def test_it_tells_of_who_is_marked_and_says_nothing_of_who_is_not(
    desk: Desk, session_id: UUID, people: dict[str, UUID]
) -> None:
    for _ in range(2):
        desk.close_sheets_left()
    assert told(desk) == [("attended", str(people["giulia"])), ("missed", str(people["omar"]))]
    assert marks(desk, session_id) == ["present", "excused", None, None]


def test_the_audit_says_that_nobody_of_the_staff_closed_it(desk: Desk, people: dict[str, UUID]) -> None:
    desk.close_sheets_left()
    with desk.database.reading() as tx:
        last, *_ = actions.list_actions(tx, actor=OPERATOR)["items"]
    assert (last["action"], last["staff_id"]) == ("close_attendance", None)


def test_before_its_time_it_stays_open_and_says_when_it_closes(
    desk: Desk, session_id: UUID, people: dict[str, UUID]
) -> None:
    desk.now -= timedelta(seconds=1)
    desk.close_sheets_left()
    assert told(desk) == []
    assert desk.sheet(session_id)["closes_itself_at"] == desk.now


def test_who_was_not_marked_can_be_marked_once_and_is_told_at_once(
    desk: Desk, session_id: UUID, people: dict[str, UUID]
) -> None:
    desk.close_sheets_left()
    for _ in range(2):
        desk.mark(session_id, people["lin"], "present")
    assert told(desk).count(("attended", str(people["lin"]))) == 1
    for name in ("lin", "giulia"):
        with pytest.raises(SheetClosed):
            desk.mark(session_id, people[name], "absent")


def test_closing_it_afterwards_says_that_the_others_were_absent(
    desk: Desk, session_id: UUID, people: dict[str, UUID]
) -> None:
    desk.close_sheets_left()
    for _ in range(2):
        desk.close_sheet(session_id)
    assert sorted(told(desk)) == sorted(
        [("attended", str(people["giulia"])), *(("missed", str(people[name])) for name in ("omar", "lin", "bea"))]
    )
    assert marks(desk, session_id) == ["present", "excused", "absent", "absent"]


def test_the_desk_is_reminded_of_the_sheets_of_its_partner_until_they_are_closed(
    desk: Desk, session_id: UUID, people: dict[str, UUID]
) -> None:
    desk.now -= SHEET_CLOSES
    desk.publish(starts_at=desk.now + DAY, ends_at=desk.now + DAY + timedelta(hours=1))
    assert open_sheets(desk) == open_sheets(desk, {**OPERATOR, "role": "coordinator", "partner": None}) == [session_id]
    assert open_sheets(desk, {**OPERATOR, "partner": "other"}) == []
    desk.close_sheet(session_id)
    assert open_sheets(desk) == []
    with pytest.raises(NotPermitted):
        open_sheets(desk, PRESCRIBER)
