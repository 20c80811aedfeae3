"""A partner's calendar that is followed: entered once, seen, confirmed, and from then on fetched by itself."""

import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bus.tables import outbox, requests
from services.booking import store
from services.booking.calendars import usecases as calendars
from services.booking.calendars.following import EVERY, LEASE, LONGEST_PAUSE, WHOLE_EVERY
from services.booking.calendars.reading import Reading
from services.booking.calendars.usecases import CALENDARS_MAX
from services.booking.errors import InvalidArguments, NotFound, NotPermitted, NotReadYet, TooManyCalendars
from services.booking.series import Rooms
from services.booking.tables import staff_actions
from services.booking.tests.calendars.follower import PATH, SECRET, Follower
from services.booking.tests.calendars.test_imports import FRIDAY, TUESDAY, listed
from services.booking.tests.calendars.test_reading import an_event
from services.booking.tests.calendars.web import Web
from services.booking.tests.desk import Desk
from services.booking.tests.examples import OPERATOR, SECRET_KEY

WEEKLY = an_event("RRULE:FREQ=WEEKLY;COUNT=4", start=TUESDAY)
ALONE = an_event(start=TUESDAY)
COORDINATOR = {**OPERATOR, "role": "coordinator", "partner": None}
VIEWER = {**OPERATOR, "role": "viewer"}
STRANGER = {**OPERATOR, "partner": "dora"}
PRESCRIBER = {**OPERATOR, "role": "prescriber", "partner": None}


@pytest.fixture
def follower(desk: Desk, web: Web) -> Follower:
    return Follower(desk, web)


# -- entering one


def test_what_a_calendar_would_bring_is_seen_before_anything_is_published(follower: Follower) -> None:
    follower.put(WEEKLY)
    calendar = follower.follow()
    assert follower.run() == 1
    seen = follower.seen(calendar)
    assert (seen["state"], seen["preview"]["counts"]["published"], len(seen["preview"]["items"])) == ("new", 4, 4)
    assert listed(follower.desk) == []


def test_a_calendar_that_waits_to_be_confirmed_is_not_fetched_again(follower: Follower) -> None:
    follower.put(WEEKLY)
    follower.follow()
    follower.run()
    follower.pass_time(timedelta(days=2))
    assert follower.run() == 0


def test_a_calendar_that_nobody_confirmed_for_a_week_is_forgotten(follower: Follower) -> None:
    follower.put(WEEKLY)
    calendar = follower.follow()
    follower.pass_time(timedelta(days=8))
    with follower.desk.database.transaction() as tx:
        calendars.forget_unconfirmed(tx, follower.desk.now)
    with pytest.raises(NotFound):
        follower.seen(calendar)


def test_a_calendar_that_is_confirmed_becomes_sessions(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    assert len(listed(follower.desk)) == 4
    seen = follower.seen(calendar)
    assert (seen["state"], seen["last"]["published"], seen["preview"]) == ("following", 4, None)
    assert seen["fetched_at"] == seen["changed_at"] == follower.desk.now


def test_each_session_gets_a_room_of_its_own_where_the_calendar_has_none(follower: Follower) -> None:
    follower.taken_over(WEEKLY)
    with follower.desk.database.reading() as tx:
        rooms = {store.session(tx, each["id"]).room_url for each in follower.desk.sessions()["items"]}  # type: ignore[union-attr]
    assert len(rooms) == 4


def test_nobody_confirms_what_was_not_read_yet(follower: Follower) -> None:
    calendar = follower.follow()
    with pytest.raises(NotReadYet):
        follower.do(calendars.confirm_calendar, calendar)


def test_what_cannot_be_a_session_is_told_before_anybody_confirms_it(follower: Follower) -> None:
    follower.put(ALONE.replace("PT90M", "P2D"))
    calendar = follower.follow()
    follower.run()
    seen = follower.seen(calendar)
    assert (seen["problem"], seen["problem_about"]) == ("event_length", "Il primo colloquio (2026-12-01)")


def test_an_address_as_calendar_programs_write_it_will_do(follower: Follower) -> None:
    follower.put(ALONE)
    calendar = follower.follow(url=f" {follower.web.url}{PATH}\n".replace("https", "webcal"))
    follower.run()
    assert follower.seen(calendar)["preview"]["counts"]["published"] == 1


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("name", {"name": "I Corsi"}),
        ("name", {"name": "mine"}),
        ("url", {"url": "http://calendar.example.org/orso.ics"}),
        ("url", {"url": "https://me:secret@calendar.example.org/orso.ics"}),
        ("capacity", {"capacity": 0}),
        ("room_url", {"room_url": "meet"}),
        ("room_url", {"rooms": Rooms(None, SECRET_KEY)}),
    ],
)
def test_terms_that_will_not_do_are_told_by_field_and_never_repeated(
    follower: Follower, field: str, changes: dict[str, Any]
) -> None:
    follower.follow(name="mine")
    with pytest.raises(InvalidArguments) as refused:
        follower.follow(**changes)
    assert set(refused.value.details["fields"]) == {field}
    assert "secret" not in repr(refused.value.details)


def test_a_partner_follows_some_calendars_and_not_any_number(follower: Follower) -> None:
    for number in range(CALENDARS_MAX):
        follower.follow(name=f"number-{number}")
    with pytest.raises(TooManyCalendars):
        follower.follow()


# -- following it


def test_a_change_there_is_followed_when_its_turn_comes(follower: Follower) -> None:
    calendar = follower.taken_over(ALONE, an_event(uid="2", start=FRIDAY))
    follower.put(ALONE.replace("T17", "T18"), an_event(uid="2", start=FRIDAY))
    assert follower.run() == 0
    follower.pass_time(EVERY)
    assert follower.run() == 1
    assert listed(follower.desk)[0].endswith("18:00")
    seen = follower.seen(calendar)
    assert (seen["last"]["changed"], seen["last"]["unchanged"]) == (1, 1)


def test_the_last_change_is_remembered_while_nothing_changes(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    changed_at = follower.desk.now
    follower.pass_time(EVERY)
    follower.run()
    seen = follower.seen(calendar)
    assert (seen["changes"]["published"], seen["changed_at"]) == (4, changed_at)
    assert (seen["last"]["unchanged"], seen["fetched_at"]) == (4, changed_at + EVERY)


def test_who_cannot_wait_has_it_fetched_now(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.pass_time(timedelta(minutes=1))
    follower.do(calendars.fetch_calendar_now, calendar)
    assert follower.run() == 1


def test_what_did_not_change_is_not_sent_again_but_read_whole_once_a_day(follower: Follower) -> None:
    follower.headers = {"ETag": '"1"'}
    calendar = follower.taken_over(an_event("RRULE:FREQ=WEEKLY", start=TUESDAY))
    many = len(listed(follower.desk))
    follower.pass_time(EVERY)
    follower.run()
    assert follower.seen(calendar)["fetched_at"] == follower.desk.now
    follower.pass_time(timedelta(days=7))
    assert timedelta(days=7) > WHOLE_EVERY
    follower.run()
    assert len(listed(follower.desk)) == many + 1


def test_a_calendar_that_fails_is_tried_twice_as_late_each_time_up_to_a_day(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.answer(404)
    pauses = []
    for _ in range(8):
        follower.pass_time(follower.seen(calendar)["next_at"] - follower.desk.now)
        follower.run()
        pauses.append(follower.seen(calendar)["next_at"] - follower.desk.now)
    assert pauses[:3] == [EVERY, 2 * EVERY, 4 * EVERY]
    assert pauses[-1] == LONGEST_PAUSE
    seen = follower.seen(calendar)
    assert (seen["problem"], seen["problem_about"], seen["failures"]) == ("status", "404", 8)
    assert len(listed(follower.desk)) == 4


def test_a_calendar_that_works_again_has_no_problem_any_more(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.answer(500)
    follower.pass_time(EVERY)
    follower.run()
    follower.put(WEEKLY)
    follower.pass_time(EVERY)
    follower.run()
    seen = follower.seen(calendar)
    assert (seen["problem"], seen["problem_about"], seen["failures"]) == (None, None, 0)


@pytest.mark.parametrize(
    ("body", "problem"),
    [(b"<html>", "not_a_calendar"), (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "empty")],
)
def test_what_is_no_calendar_changes_nothing(follower: Follower, body: bytes, problem: str) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.answer(200, body)
    follower.pass_time(EVERY)
    follower.run()
    assert follower.seen(calendar)["problem"] == problem
    assert len(listed(follower.desk)) == 4


def test_a_private_network_is_not_fetched_from(follower: Follower) -> None:
    follower.put(WEEKLY)
    calendar = follower.follow()
    follower.following(networks=()).run()
    assert follower.seen(calendar)["problem"] == "private"
    assert follower.web.asked == []


def test_a_defect_of_ours_concerns_one_calendar_and_quotes_nothing(follower: Follower) -> None:
    follower.put(WEEKLY)
    calendar = follower.follow()

    def broken(_work: Callable[[], Reading]) -> Reading:
        raise RuntimeError(SECRET)

    with capture_logs() as logs:
        follower.following(broken).run()
    assert follower.seen(calendar)["problem"] == "defect"
    assert [each["event"] for each in logs] == ["defect in a calendar", "calendar put off"]
    assert SECRET not in repr(logs)


# -- when most of it vanishes


def test_where_most_would_be_called_off_somebody_is_asked_first(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.put(an_event(uid="else", start=FRIDAY))
    follower.pass_time(EVERY)
    follower.run()
    seen = follower.seen(calendar)
    assert (seen["state"], seen["preview"]["counts"]["called_off"]) == ("asking", 4)
    assert len(listed(follower.desk)) == 4
    follower.do(calendars.confirm_calendar, calendar)
    follower.run()
    assert len(listed(follower.desk)) == 1
    assert follower.seen(calendar)["state"] == "following"


def test_a_calendar_that_is_itself_again_needs_no_confirmation(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    for events in ([an_event(uid="else", start=FRIDAY)], [WEEKLY]):
        follower.put(*events)
        follower.pass_time(EVERY)
        follower.run()
    seen = follower.seen(calendar)
    assert (seen["state"], seen["preview"], seen["last"]["unchanged"]) == ("following", None, 4)


# -- one at a time, and once


def confirmed(follower: Follower) -> UUID:
    follower.put(WEEKLY)
    calendar = follower.follow()
    follower.run()
    follower.do(calendars.confirm_calendar, calendar)
    return calendar


def test_a_process_that_dies_between_fetching_and_taking_over_loses_nothing_and_doubles_nothing(
    follower: Follower,
) -> None:
    calendar = confirmed(follower)
    assert follower.die_while_fetching() == -signal.SIGKILL
    assert follower.web.asked == [PATH, PATH]
    assert follower.run() == 0  # nobody else's, until the lease ends
    follower.pass_time(LEASE)
    assert follower.run() == 1
    assert len(follower.desk.said("session.published.v1")) == 4
    assert follower.seen(calendar)["state"] == "following"


def test_what_one_instance_is_fetching_another_does_not(follower: Follower) -> None:
    confirmed(follower)
    others = []

    def meanwhile(work: Callable[[], Reading]) -> Reading:
        others.append(follower.run())
        return work()

    assert follower.following(meanwhile).run()
    assert others == [0]
    assert len(follower.desk.said("session.published.v1")) == 4


def test_who_took_too_long_leaves_it_to_who_came_after(follower: Follower) -> None:
    calendar = confirmed(follower)

    def slowly(work: Callable[[], Reading]) -> Reading:
        follower.pass_time(LEASE)
        assert follower.run() == 1
        return work()

    assert follower.following(slowly).run()
    assert len(follower.desk.said("session.published.v1")) == 4
    assert follower.seen(calendar)["last"]["published"] == 4


def test_a_calendar_that_is_given_up_while_it_is_fetched_changes_nothing(follower: Follower) -> None:
    calendar = confirmed(follower)

    def meanwhile(work: Callable[[], Reading]) -> Reading:
        follower.do(calendars.unfollow_calendar, calendar)
        return work()

    assert follower.following(meanwhile).run()
    assert listed(follower.desk) == []


# -- giving it up


def test_its_sessions_stay_when_a_calendar_is_given_up_and_are_known_when_it_comes_back(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.do(calendars.unfollow_calendar, calendar)
    follower.pass_time(EVERY)
    assert follower.run() == 0
    assert len(listed(follower.desk)) == 4
    again = follower.taken_over(WEEKLY)
    assert follower.seen(again)["last"]["unchanged"] == 4


# -- who may, and what nobody sees


def test_each_sees_the_calendars_of_the_own_partner_and_the_coordinator_all(follower: Follower) -> None:
    follower.follow()
    many = {}
    for actor in (COORDINATOR, OPERATOR, VIEWER, STRANGER):
        with follower.desk.database.reading() as tx:
            many[str(actor)] = len(calendars.list_calendars(tx, actor=actor)["items"])
    assert list(many.values()) == [1, 1, 1, 0]
    with pytest.raises(NotPermitted), follower.desk.database.reading() as tx:
        calendars.list_calendars(tx, actor=PRESCRIBER)


def test_a_list_goes_on_where_its_page_ended(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "PAGE", 2)
    for name in ("a", "b", "c"):
        follower.follow(name=name)
    names, after = [], None
    for _ in range(2):
        with follower.desk.database.reading() as tx:
            page = calendars.list_calendars(tx, actor=OPERATOR, after=after)
        names += [each["name"] for each in page["items"]]
        after = page["next"]
    assert (names, after) == (["a", "b", "c"], None)


@pytest.mark.parametrize("actor", [VIEWER, STRANGER, PRESCRIBER], ids=["a viewer", "a stranger", "a prescriber"])
def test_who_may_not_act_for_the_partner_changes_no_calendar(follower: Follower, actor: dict[str, Any]) -> None:
    calendar = follower.follow()
    with pytest.raises(NotPermitted):
        follower.follow(actor, name="another")
    for what in (calendars.confirm_calendar, calendars.fetch_calendar_now, calendars.unfollow_calendar):
        with pytest.raises(NotPermitted):
            follower.do(what, calendar, actor)
    with pytest.raises(NotPermitted):
        follower.change(calendar, actor, capacity=3)


def test_it_is_kept_who_of_the_staff_did_what_with_a_calendar(follower: Follower) -> None:
    calendar = follower.taken_over(WEEKLY)
    follower.change(calendar, language="en")
    follower.do(calendars.unfollow_calendar, calendar)
    with follower.desk.database.reading() as tx:
        noted = select(staff_actions.c.action, staff_actions.c.calendar).where(staff_actions.c.session_id.is_(None))
        kept = tx.connection.execute(noted.order_by(staff_actions.c.position)).all()
    actions = ("follow_calendar", "confirm_calendar", "change_calendar", "unfollow_calendar")
    assert kept == [(action, "orso/corsi") for action in actions]


def test_the_address_is_told_to_nobody(follower: Follower) -> None:
    with capture_logs() as logs:
        calendar = follower.taken_over(WEEKLY)
        follower.answer(404)
        follower.pass_time(EVERY)
        follower.run()
    seen: list[Any] = [follower.seen(calendar), follower.desk.said(), logs]
    with follower.desk.database.reading() as tx:
        seen += [tx.connection.execute(select(table)).all() for table in (outbox, requests, staff_actions)]
    assert len(logs) == 3
    assert SECRET not in repr(seen)
