"""A calendar whose events have other UIDs or days than before: where it is clear which session is meant, it goes on."""

from datetime import UTC, datetime

import pytest

from services.booking.calendars.imports import Report, TooManyGone, import_calendar
from services.booking.calendars.reading import read
from services.booking.tests.calendars.test_imports import TERMS, TUESDAY, listed, take_over
from services.booking.tests.calendars.test_reading import ROME, a_calendar, an_event
from services.booking.tests.desk import Desk

WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=4"


def on(day: str, hour: str = "17") -> str:
    return f"DTSTART;{ROME}:{day}T{hour}0000"


def days(desk: Desk) -> list[str]:
    return [each.split(", ")[1][:5] for each in listed(desk)]


def people_in(desk: Desk) -> list[str]:
    """The days of the sessions in which somebody is."""
    found = desk.sessions(limit=100)["items"]
    return [f"{each['starts_at']:%m-%d}" for each in found if each["taken"]]


@pytest.mark.parametrize(
    ("start", "moved"),
    [
        ("20261203", ["12-03", "12-10", "12-17", "12-24"]),
        ("20261205", ["12-05", "12-12", "12-19", "12-26"]),
        ("20261130", ["11-30", "12-07", "12-14", "12-21"]),
    ],
    ids=["two days later", "to the weekend", "to the day before"],
)
def test_a_series_that_moves_to_another_weekday_changes_its_sessions(desk: Desk, start: str, moved: list[str]) -> None:
    take_over(desk, an_event(WEEKLY, start=TUESDAY))
    for session in desk.sessions()["items"]:
        desk.book(session["id"])
    assert take_over(desk, an_event(WEEKLY, start=on(start))) == Report(changed=4)
    assert days(desk) == people_in(desk) == moved
    assert len(desk.said("session.changed.v1")) == 4
    assert desk.said("session.cancelled.v1") == []


def test_who_came_before_the_move_and_after_it_is_told_of_one_change(desk: Desk) -> None:
    take_over(desk, an_event(WEEKLY, start=TUESDAY))
    moved = an_event(WEEKLY, start=on("20261203"))
    take_over(desk, moved)
    assert take_over(desk, moved) == Report(unchanged=4)
    assert len(desk.said("session.changed.v1")) == 4


def test_a_series_without_end_that_is_under_way_moves_within_its_weeks(desk: Desk) -> None:
    take_over(desk, an_event("RRULE:FREQ=WEEKLY", start=TUESDAY))
    desk.now = datetime(2026, 12, 10, 9, tzinfo=UTC)
    first = desk.sessions()["items"][0]
    desk.book(first["id"])
    report = take_over(desk, an_event("RRULE:FREQ=WEEKLY;BYDAY=SA", start=TUESDAY))
    assert report.called_off == 0
    assert desk.session(first["id"])["starts_at"].date().isoformat() == "2026-12-19"


def test_a_monthly_date_moves_to_the_new_one_near_it(desk: Desk) -> None:
    take_over(desk, an_event("RRULE:FREQ=MONTHLY;BYDAY=1TU;COUNT=4", start=TUESDAY))
    report = take_over(desk, an_event("RRULE:FREQ=MONTHLY;BYDAY=1FR;COUNT=4", start=on("20261204")))
    assert report == Report(changed=4)
    assert days(desk) == ["12-04", "01-01", "02-05", "03-05"]


def test_one_date_that_is_taken_out_and_put_in_two_days_later_is_the_same(desk: Desk) -> None:
    take_over(desk, an_event(WEEKLY, start=TUESDAY))
    lines = (f"EXDATE;{ROME}:20261208T170000", f"RDATE;{ROME}:20261210T170000")
    assert take_over(desk, an_event(WEEKLY, *lines, start=TUESDAY)) == Report(changed=1, unchanged=3)


@pytest.mark.parametrize(
    "lines",
    [
        ["RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=2"],
        ["RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=8"],
    ],
    ids=["half as often", "on two days for one"],
)
def test_where_it_is_not_clear_which_it_became_a_session_is_called_off(desk: Desk, lines: list[str]) -> None:
    take_over(desk, an_event(WEEKLY, start=TUESDAY))
    report = take_over(desk, an_event(*lines, start=on("20261130")))
    assert report.called_off == 4


def test_a_date_far_from_the_one_that_went_is_another(desk: Desk) -> None:
    take_over(desk, an_event(WEEKLY, start=TUESDAY))
    without = f"EXDATE;{ROME}:20261208T170000"
    longer = an_event("RRULE:FREQ=WEEKLY;COUNT=5", without, start=TUESDAY)
    assert take_over(desk, longer) == Report(published=1, called_off=1, unchanged=3)


def test_an_event_that_is_the_same_but_for_its_uid_stays_the_session(desk: Desk) -> None:
    take_over(desk, an_event(start=TUESDAY))
    assert take_over(desk, an_event(uid="another", start=TUESDAY)) == Report(unchanged=1)


def test_of_two_events_that_are_the_same_none_is_taken_for_another(desk: Desk) -> None:
    take_over(desk, an_event(uid="a", start=TUESDAY), an_event(uid="b", start=TUESDAY))
    events = [an_event(uid="c", start=TUESDAY), an_event(uid="d", start=TUESDAY)]
    assert take_over(desk, *events) == Report(published=2, called_off=2)


def test_following_dates_that_got_a_uid_of_their_own_stay_their_sessions(desk: Desk) -> None:
    take_over(desk, an_event(WEEKLY, uid="x@google.com", start=TUESDAY))
    first = an_event("RRULE:FREQ=WEEKLY;COUNT=2", uid="x@google.com", start=TUESDAY)
    rest = an_event("RRULE:FREQ=WEEKLY;COUNT=2", uid="x_R20261215T160000@google.com", start=on("20261215", "18"))
    assert take_over(desk, first, rest) == Report(changed=2, unchanged=2)


def test_what_was_called_off_here_stays_off_when_its_series_moves(desk: Desk) -> None:
    take_over(desk, an_event(WEEKLY, start=TUESDAY))
    desk.call_off(desk.sessions()["items"][1]["id"])
    assert take_over(desk, an_event(WEEKLY, start=on("20261203"))) == Report(changed=3, kept_off=1)


def test_a_careful_import_does_not_call_off_most_of_a_calendar(desk: Desk) -> None:
    take_over(desk, an_event(WEEKLY, start=TUESDAY))
    reading = read(a_calendar(an_event(uid="else", start=on("20270112"))), desk.now)
    with pytest.raises(TooManyGone), desk.database.transaction() as tx:
        import_calendar(tx, desk.now, "orso", reading, TERMS, careful=True)
    assert days(desk) == ["12-01", "12-08", "12-15", "12-22"]
