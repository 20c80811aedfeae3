"""The audit of what the staff did: that nothing is left out of it, who may read it, and how; on both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from contracts import booking
from contracts.wire import Command
from services.booking import actions, moving, series, store, usecases, waiting
from services.booking.calendars import terms
from services.booking.calendars import usecases as calendars
from services.booking.domain import Partner
from services.booking.errors import InvalidArguments, NotPermitted
from services.booking.people import manage_token
from services.booking.series import Rooms
from services.booking.tables import staff_actions
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, OPERATOR, PRESCRIBER, SECRET_KEY

ROOMS = Rooms("https://meet.example.org/{room}", SECRET_KEY)
VIEWER = {**OPERATOR, "role": "viewer"}
COORDINATOR = {"id": uuid4(), "role": "coordinator", "partner": None}
OTHER = {"id": uuid4(), "role": "operator", "partner": "small"}
HOUR = timedelta(hours=1)
WORDS: dict[str, Any] = {"title": "Il primo colloquio", "description": "", "language": "it", "capacity": 2}


def listed(desk: Desk, actor: dict[str, Any] = COORDINATOR, **wanted: Any) -> dict[str, Any]:
    with desk.database.reading() as tx:
        return actions.list_actions(tx, actor=actor, **wanted)


def did(desk: Desk, actor: dict[str, Any] = COORDINATOR, **wanted: Any) -> list[str]:
    """The actions of one page, less what the platform did by itself: the newest first."""
    return [item["action"] for item in listed(desk, actor, **wanted)["items"] if item["staff_id"]]


# -- nothing is left out


@dataclass
class Member:
    """Does one thing after another at the desk."""

    desk: Desk

    def do(self, usecase: Callable[..., Any], *more: Any, **arguments: Any) -> Any:
        with self.desk.database.transaction() as tx:
            return usecase(tx, self.desk.now, *more, **arguments)

    def series(self, starts: int = 1) -> list[UUID]:
        asked = {"actor": OPERATOR, "partner": "orso", "minutes": 60, "rule": "FREQ=DAILY;COUNT=2", **WORDS}
        starts_at = (NOW + starts * DAY).replace(tzinfo=None)
        found = self.do(series.publish_sessions, ROOMS, starts_at=starts_at, **asked)
        return [item["id"] for item in found["items"]]

    def mine(self, session_id: UUID | None = None) -> dict[str, Any]:
        """Somebody who was booked for, with the link that the member has."""
        mine = self.desk.book_for(session_id or self.desk.publish(), "Mario Conti")["id"]
        return {"reservation_id": mine, "token": manage_token(SECRET_KEY, mine), "by": OPERATOR["id"]}

    def offered(self) -> dict[str, Any]:
        session = self.desk.publish(capacity=1)
        first, mine = self.desk.book(session)["id"], self.mine(session)
        self.desk.cancel(first)
        return mine

    def calendar(self, state: str = "new") -> dict[str, Any]:
        about = {"url": "https://calendar.example.org/orso.ics", "name": "corsi", "language": "it", "capacity": 2}
        entered = self.do(calendars.follow_calendar, ROOMS, actor=OPERATOR, partner="orso", **about)
        self.do(lambda tx, _: store.save_calendar(tx, entered["id"], state=state, preview={"counts": {}, "items": []}))
        return {"calendar_id": entered["id"], "actor": OPERATOR}


def _publish(member: Member) -> Any:
    return member.series()


def _change(member: Member) -> Any:
    about = {"session_id": member.desk.publish(), "scope": "one", "actor": OPERATOR}
    return member.do(series.change_sessions, title="Un altro titolo", **about)


def _call_off(member: Member) -> Any:
    return member.do(series.call_off_sessions, session_id=member.desk.publish(), scope="one", actor=OPERATOR)


def _overbook(member: Member) -> Any:
    session = member.desk.publish(capacity=1)
    member.desk.book(session)
    return member.desk.overbook(session, "omar")


def _mark(member: Member) -> Any:
    session = member.desk.publish()
    mine = member.desk.book(session)["id"]
    member.desk.now = NOW + DAY
    return member.desk.mark(session, mine, "excused")


def _close(member: Member) -> Any:
    session = member.desk.publish()
    member.desk.now = NOW + 2 * DAY
    return member.desk.close_sheet(session)


def _move(member: Member) -> Any:
    here, there = member.series()
    return member.do(moving.move_reservation, SECRET_KEY, session_id=there, **member.mine(here))


# How each command of the staff is given, by its name in the contract, and what the audit calls it.
WAYS: dict[str, tuple[Callable[[Member], Any], str]] = {
    "publish_sessions": (_publish, "publish"),
    "change_sessions": (_change, "change"),
    "call_off_sessions": (_call_off, "call_off"),
    "set_capacity": (lambda member: member.desk.resize(member.desk.publish(), 9), "set_capacity"),
    "overbook": (_overbook, "overbook"),
    "reserve_for": (lambda member: member.mine(), "reserve_for"),
    "mark_attendance": (_mark, "mark_excused"),
    "close_attendance": (_close, "close_attendance"),
    "cancel_reservation": (
        lambda member: member.do(usecases.cancel_reservation, SECRET_KEY, **member.mine()),
        "cancel_for",
    ),
    "move_reservation": (_move, "move_for"),
    "accept_offer": (lambda member: member.do(waiting.accept_offer, SECRET_KEY, **member.offered()), "accept_for"),
    "decline_offer": (lambda member: member.do(waiting.decline_offer, SECRET_KEY, **member.offered()), "decline_for"),
    "follow_calendar": (lambda member: member.calendar(), "follow_calendar"),
    "confirm_calendar": (
        lambda member: member.do(calendars.confirm_calendar, **member.calendar()),
        "confirm_calendar",
    ),
    "change_calendar": (
        lambda member: member.do(terms.change_calendar, ROOMS, capacity=9, **member.calendar("following")),
        "change_calendar",
    ),
    "fetch_calendar_now": (
        lambda member: member.do(calendars.fetch_calendar_now, **member.calendar("following")),
        "fetch_calendar",
    ),
    "unfollow_calendar": (
        lambda member: member.do(calendars.unfollow_calendar, **member.calendar()),
        "unfollow_calendar",
    ),
}
OF_THE_STAFF = [
    request.name
    for request in booking.REQUESTS
    if isinstance(request, Command) and {"actor", "by"} & request.arguments().fields.keys()
]


@pytest.mark.parametrize("command", OF_THE_STAFF)
def test_every_command_of_the_staff_leaves_a_row_of_who_did_it_for_which_partner(desk: Desk, command: str) -> None:
    give, action = WAYS[command]
    give(Member(desk))
    (newest,) = listed(desk, limit=1)["items"]
    assert (newest["action"], newest["staff_id"], newest["partner"]) == (action, OPERATOR["id"], "orso")
    assert action in booking.ACTIONS


def test_what_is_done_twice_is_noted_once(desk: Desk) -> None:
    member = Member(desk)
    session = desk.publish()
    mine = desk.book(session)["id"]
    desk.now = NOW + DAY
    for _ in range(2):
        desk.resize(session, 9)
    for _ in range(2):
        desk.mark(session, mine, "present")
    for _ in range(2):
        member.do(series.call_off_sessions, session_id=session, scope="one", actor=OPERATOR)
    assert did(desk) == ["call_off", "mark_present", "set_capacity"]


def test_what_the_person_does_by_the_same_link_is_not_the_staffs(desk: Desk) -> None:
    mine = {**Member(desk).mine(), "by": None}
    Member(desk).do(usecases.cancel_reservation, SECRET_KEY, **mine)
    assert did(desk) == ["reserve_for"]


def test_nobody_is_noted_who_did_not_book_for_the_person(desk: Desk) -> None:
    mine = {**Member(desk).mine(), "by": uuid4()}
    Member(desk).do(usecases.cancel_reservation, SECRET_KEY, **mine)
    assert did(desk) == ["reserve_for"]


# -- reading it


@pytest.fixture
def two_partners(desk: Desk) -> tuple[UUID, UUID]:
    """A session of each of two partners, after each got more seats."""
    with desk.database.transaction() as tx:
        usecases.add_partner(tx, Partner("small", "Small"))
    ours, theirs = desk.publish(), desk.publish(partner="small")
    desk.resize(ours, 5)
    desk.now += HOUR
    desk.resize(theirs, 6, OTHER)
    return ours, theirs


def test_an_operator_reads_what_was_done_for_the_own_partner(desk: Desk, two_partners: tuple[UUID, UUID]) -> None:
    (mine,) = [item for item in listed(desk, OPERATOR)["items"] if item["action"] == "set_capacity"]
    assert (mine["staff_id"], mine["session_id"]) == (OPERATOR["id"], two_partners[0])
    assert (mine["title"], mine["was"], mine["capacity"]) == ("Orientarsi dopo il diploma", 2, 5)
    assert listed(desk, OPERATOR, session_id=two_partners[1])["items"] == []


@pytest.mark.parametrize(
    ("actor", "partner"),
    [(VIEWER, None), (PRESCRIBER, None), (OPERATOR, "small"), ({**OPERATOR, "partner": None}, None)],
)
def test_who_has_no_need_of_it_reads_nothing(desk: Desk, actor: dict[str, Any], partner: str | None) -> None:
    with pytest.raises(NotPermitted):
        listed(desk, actor, partner=partner)


def test_a_coordinator_finds_actions_by_partner_member_session_and_time(
    desk: Desk, two_partners: tuple[UUID, UUID]
) -> None:
    def seats(**wanted: Any) -> list[int]:
        return [item["capacity"] for item in listed(desk, **wanted)["items"] if item["action"] == "set_capacity"]

    assert seats() == [6, 5]
    assert seats(partner="small") == seats(staff_id=OTHER["id"]) == seats(session_id=two_partners[1]) == [6]
    assert seats(done_from=NOW + HOUR) == [6]
    assert seats(done_before=NOW + HOUR) == [5]


def test_pages_follow_each_other_though_all_was_done_at_once(desk: Desk) -> None:
    session = desk.publish()
    for capacity in range(3, 10):
        desk.resize(session, capacity)
    seen, after = [], None
    while True:
        page = listed(desk, after=after, limit=3)
        seen += [item["capacity"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [9, 8, 7, 6, 5, 4, 3, None]


@pytest.mark.parametrize(
    "cursor", ["x", "MjAyNi0xMS0yM1QwOTowMDowMCswMDowMCAtMQ", "MjAyNi0xMS0yM1QwOTowMDowMCswMDowMCAx" * 2]
)
def test_a_cursor_that_is_not_ours_is_refused(desk: Desk, cursor: str) -> None:
    with pytest.raises(InvalidArguments):
        listed(desk, after=cursor)


def test_the_page_is_what_the_contract_says(desk: Desk) -> None:
    Member(desk).calendar()
    _change(Member(desk))
    page = booking.LIST_ACTIONS.result().dump(listed(desk, OPERATOR))
    assert not booking.ActionPage().validate(page)
    change, published, entered = page["items"]
    assert (change["changed"], published["staff_id"], entered["calendar"]) == (["title"], None, "corsi")


def test_what_the_staff_did_is_deleted_after_two_years_however_much_it_is(desk: Desk) -> None:
    session = desk.publish()
    for capacity in range(3, 8):
        desk.resize(session, capacity)
    with desk.database.transaction() as tx:
        assert usecases.forget_people(tx, NOW + 730 * DAY, keep_days=90, limit=4) == 0
    steps = []
    for _ in range(3):
        with desk.database.transaction() as tx:
            steps.append(usecases.forget_people(tx, NOW + 731 * DAY, keep_days=90, limit=4))
    with desk.database.reading() as tx:
        left = tx.connection.scalar(select(func.count()).select_from(staff_actions))
    assert (steps, left) == ([4, 2, 0], 0)
