"""A partner's calendar becomes sessions, and goes on being them, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from services.booking.calendars.imports import SESSIONS_MAX, Report, Terms, import_calendar
from services.booking.calendars.reading import PLACE, read
from services.booking.calendars.text import CalendarRefused
from services.booking.tables import sessions
from services.booking.tests.calendars.test_reading import ROME, a_calendar, an_event
from services.booking.tests.desk import Desk

TERMS = Terms(capacity=1, room_url="https://meet.example.org/partner")
TUESDAY = f"DTSTART;{ROME}:20261201T170000"
FRIDAY = f"DTSTART;{ROME}:20261204T103000"


def take_over(desk: Desk, *events: str, terms: Terms = TERMS) -> Report:
    reading = read(a_calendar(*events), desk.now)
    with desk.database.transaction() as tx:
        return import_calendar(tx, desk.now, "orso", reading, terms)


def listed(desk: Desk) -> list[str]:
    page = desk.sessions(limit=100)["items"]
    return [f"{each['title']}, {each['starts_at'].astimezone(PLACE):%m-%d %H:%M}" for each in page]


def the_session(desk: Desk) -> UUID:
    (found,) = desk.sessions()["items"]
    return UUID(str(found["id"]))


def test_an_event_becomes_a_session_that_can_be_booked(desk: Desk) -> None:
    assert take_over(desk, an_event("DESCRIPTION:Prove", start=TUESDAY)) == Report(published=1)
    session = desk.session(the_session(desk))
    assert (session["title"], session["description"], session["capacity"]) == ("Il primo colloquio", "Prove", 1)
    assert session["ends_at"] - session["starts_at"] == timedelta(minutes=90)
    assert desk.book(session["id"])["state"] == "confirmed"
    assert len(desk.said("session.published.v1")) == 1


def test_running_it_twice_is_running_it_once(desk: Desk) -> None:
    events = [an_event("RRULE:FREQ=WEEKLY;COUNT=3", start=TUESDAY), an_event(uid="2", start=FRIDAY)]
    take_over(desk, *events)
    before, said = listed(desk), desk.said()
    assert take_over(desk, *events) == Report(unchanged=4)
    assert (listed(desk), desk.said()) == (before, said)


def test_a_change_there_changes_it_here_and_whoever_is_in_it_stays(desk: Desk) -> None:
    take_over(desk, an_event(start=TUESDAY))
    session_id = the_session(desk)
    booked = desk.book(session_id)
    changed = an_event("DESCRIPTION:Altro", start=FRIDAY).replace("Il primo", "Il secondo")
    assert take_over(desk, changed) == Report(changed=1)
    assert listed(desk) == ["Il secondo colloquio, 12-04 10:30"]
    assert the_session(desk) == session_id
    assert desk.reservation(booked["id"])["state"] == "confirmed"


def test_who_is_in_a_changed_session_is_told_by_one_event(desk: Desk) -> None:
    take_over(desk, an_event(start=TUESDAY))
    take_over(desk, an_event(start=FRIDAY))
    (told,) = desk.said("session.changed.v1")
    assert told["data"]["changed"] == ["times"]


def test_a_new_hour_of_a_series_moves_its_sessions_and_calls_none_off(desk: Desk) -> None:
    take_over(desk, an_event("RRULE:FREQ=WEEKLY;COUNT=3", start=TUESDAY))
    later = an_event("RRULE:FREQ=WEEKLY;COUNT=3", start=TUESDAY.replace("T17", "T18"))
    assert take_over(desk, later) == Report(changed=3)
    assert [each[-5:] for each in listed(desk)] == ["18:00"] * 3


def test_an_event_that_begins_to_recur_and_stops_again_stays_the_session_that_it_was(desk: Desk) -> None:
    alone, recurring = an_event(start=TUESDAY), an_event("RRULE:FREQ=WEEKLY;COUNT=3", start=TUESDAY)
    take_over(desk, alone)
    booked = desk.book(the_session(desk))
    assert take_over(desk, recurring) == Report(published=2, unchanged=1)
    assert take_over(desk, recurring) == Report(unchanged=3)
    assert take_over(desk, alone) == Report(unchanged=1, called_off=2)
    assert desk.reservation(booked["id"])["state"] == "confirmed"


@pytest.mark.parametrize(
    "gone",
    [
        [an_event("STATUS:CANCELLED", start=TUESDAY)],
        [an_event("CLASS:PRIVATE", start=TUESDAY)],
        [an_event(uid="another", start="DTSTART;VALUE=DATE:20261201")],
    ],
    ids=["cancelled", "private", "vanished"],
)
def test_what_is_gone_there_is_called_off_here(desk: Desk, gone: list[str]) -> None:
    take_over(desk, an_event(start=TUESDAY))
    booked = desk.book(the_session(desk))
    assert take_over(desk, *gone).called_off == 1
    assert listed(desk) == []
    assert desk.reservation(booked["id"])["state"] == "cancelled"
    assert take_over(desk, *gone).called_off == 0


def test_a_cancelled_event_that_was_never_here_is_passed_over(desk: Desk) -> None:
    assert take_over(desk, an_event("STATUS:CANCELLED", start=TUESDAY)) == Report()


def test_an_event_that_comes_back_is_a_new_session(desk: Desk) -> None:
    event = an_event(start=TUESDAY)
    take_over(desk, event)
    first = the_session(desk)
    take_over(desk, an_event("STATUS:CANCELLED", start=TUESDAY))
    assert take_over(desk, event) == Report(published=1)
    assert the_session(desk) != first


def test_what_was_called_off_here_stays_off(desk: Desk) -> None:
    event = an_event(start=TUESDAY)
    take_over(desk, event)
    desk.call_off(the_session(desk))
    assert take_over(desk, event) == Report(kept_off=1)
    assert listed(desk) == []


def test_a_session_that_took_place_stays_when_its_event_vanishes(desk: Desk) -> None:
    take_over(desk, an_event(start=TUESDAY), an_event(uid="2", start=FRIDAY))
    with desk.database.reading() as tx:
        start = min(tx.connection.execute(select(sessions.c.starts_at)).scalars())
    later = replace(desk, now=start + timedelta(hours=1))
    assert take_over(later, an_event(uid="2", start=FRIDAY)) == Report(unchanged=1)


def test_sessions_that_came_from_elsewhere_are_left_alone(desk: Desk) -> None:
    desk.publish(title="Di qui")
    take_over(desk, an_event(start=TUESDAY), terms=replace(TERMS, calendar="corsi"))
    take_over(desk, an_event(uid="2", start=FRIDAY))
    assert take_over(desk, an_event(uid="3", start=FRIDAY.replace("T10", "T15"))) == Report(published=1, called_off=1)
    assert len(listed(desk)) == 3


def test_the_room_is_not_published_with_the_description(desk: Desk) -> None:
    take_over(desk, an_event(f"DESCRIPTION:Prove\\nEntra: {TERMS.room_url}?pwd=1\\nA presto", start=TUESDAY))
    assert desk.session(the_session(desk))["description"] == "Prove\nA presto"


def test_no_more_than_two_hundred_sessions_come_from_a_calendar_the_earliest_first(desk: Desk) -> None:
    events = [an_event("RRULE:FREQ=DAILY", uid=uid, start=TUESDAY) for uid in ("a", "b")]
    report = take_over(desk, *events)
    assert (report.published, report.too_many) == (SESSIONS_MAX, 2 * 173 - SESSIONS_MAX)


def test_what_does_not_fit_any_more_is_not_called_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    late = an_event(uid="late", start=FRIDAY)
    take_over(desk, late)
    monkeypatch.setattr("services.booking.calendars.imports.SESSIONS_MAX", 1)
    assert take_over(desk, an_event(start=TUESDAY), late) == Report(published=1, too_many=1)
    assert len(listed(desk)) == 2


BAD: list[tuple[list[str], str]] = [
    ([an_event(uid="2", start=FRIDAY), an_event(start=TUESDAY).replace("SUMMARY", "X-SUMMARY")], "title"),
    ([an_event(uid="2", start=FRIDAY), an_event(start=TUESDAY).replace("PT90M", "P2D")], "ends_at"),
    ([an_event(uid="2", start=FRIDAY), an_event("DESCRIPTION:\u202ex", start=TUESDAY)], "description"),
]


@pytest.mark.parametrize(("events", "words"), BAD, ids=["no title", "two days long", "text that turns"])
def test_a_calendar_is_taken_over_whole_or_not_at_all(desk: Desk, events: list[str], words: str) -> None:
    take_over(desk, an_event(uid="before", start=FRIDAY))
    with pytest.raises(CalendarRefused, match=words):
        take_over(desk, *events)
    assert listed(desk) == ["Il primo colloquio, 12-04 10:30"]


@pytest.mark.parametrize(
    ("partner", "terms", "words"),
    [
        ("nobody", TERMS, "no partner 'nobody'"),
        ("orso", replace(TERMS, calendar="Ciò!"), "Name a calendar"),
        ("orso", replace(TERMS, capacity=0), "capacity"),
        ("orso", replace(TERMS, capacity=1_000_000), "capacity"),
        ("orso", replace(TERMS, room_url="http://x"), "room_url"),
    ],
)
def test_terms_that_make_no_sense_are_refused(desk: Desk, partner: str, terms: Terms, words: str) -> None:
    reading = read(a_calendar(an_event(start=TUESDAY)), desk.now)
    with pytest.raises(CalendarRefused, match=words), desk.database.transaction() as tx:
        import_calendar(tx, desk.now, partner, reading, terms)
    assert listed(desk) == []
