"""The two nights in which the clocks of Europe/Rome change: a session is as long as was said, whatever they show."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.booking import series
from services.booking.calendars.imports import Terms, import_calendar
from services.booking.calendars.reading import PLACE, read
from services.booking.tests.calendars.test_reading import ROME, a_calendar, an_event
from services.booking.tests.desk import Desk
from services.booking.tests.examples import OPERATOR
from services.booking.tests.test_series import ROOMS

LENGTH = timedelta(minutes=90)
# 01:30 on each night, and what the clocks show 90 minutes later.
nights = pytest.mark.parametrize(("day", "end"), [("2027-03-28", "04:00"), ("2027-10-31", "02:00")], ids=["on", "back"])


def published(desk: Desk, starts_at: str) -> dict[str, Any]:
    words: dict[str, Any] = {"title": "Di notte", "description": "", "language": "it", "capacity": 2}
    asked: dict[str, Any] = {**words, "starts_at": datetime.fromisoformat(starts_at), "minutes": 90}
    with desk.database.transaction() as tx:
        done = series.publish_sessions(tx, desk.now, ROOMS, actor=OPERATOR, partner="orso", **asked)
    return dict(done["items"][0])


def lasts(session: dict[str, Any]) -> tuple[timedelta, str]:
    """How long, and what the clocks show at the end."""
    return session["ends_at"] - session["starts_at"], f"{session['ends_at'].astimezone(PLACE):%H:%M}"


@nights
def test_a_session_that_is_published_is_as_long_as_was_said(desk: Desk, day: str, end: str) -> None:
    session = published(desk, f"{day}T01:30")
    assert lasts(desk.session(session["id"])) == (LENGTH, end)


@nights
def test_a_session_that_moves_there_stays_as_long_as_it_was(desk: Desk, day: str, end: str) -> None:
    session = published(desk, "2027-05-11T17:00")
    with desk.database.transaction() as tx:
        moved: dict[str, Any] = {"session_id": session["id"], "starts_at": datetime.fromisoformat(f"{day}T01:30")}
        series.change_sessions(tx, desk.now, actor=OPERATOR, scope="one", **moved)
    assert lasts(desk.session(session["id"])) == (LENGTH, end)


@nights
@pytest.mark.parametrize("until", ["DURATION", "DTEND"])
def test_an_event_is_imported_as_long_as_it_says(desk: Desk, day: str, end: str, until: str) -> None:
    written = day.replace("-", "")
    ending = f"DTEND;{ROME}:{written}T{end.replace(':', '')}00" if until == "DTEND" else "DURATION:PT90M"
    begins = f"DTSTART;{ROME}:{written}T013000"
    reading = read(a_calendar(an_event(start=begins, end=ending)), desk.now)
    with desk.database.transaction() as tx:
        import_calendar(tx, desk.now, "orso", reading, Terms(capacity=1, room_url="https://meet.example.org/a"))
    (session,) = desk.sessions()["items"]
    # The clocks show 02:00 twice that night: the calendar can only have meant the first of them.
    expected = (timedelta(minutes=30), end) if (until, end) == ("DTEND", "02:00") else (LENGTH, end)
    assert lasts(session) == expected


def test_each_date_of_a_series_is_as_long_as_the_first(desk: Desk) -> None:
    weekly = an_event("RRULE:FREQ=WEEKLY;COUNT=3", start=f"DTSTART;{ROME}:20270321T013000")
    found = read(a_calendar(weekly), desk.now).occurrences
    assert {each.ends_at - each.starts_at for each in found} == {LENGTH}
