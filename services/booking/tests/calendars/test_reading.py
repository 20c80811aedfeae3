"""Reading a partner's calendar: what it says, and what no calendar may do to us."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.calendars.reading import PLACE, WINDOW, Occurrence, read
from services.booking.calendars.text import BYTES_MAX, COMPONENTS_MAX, CalendarRefused

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
ROME = "TZID=Europe/Rome"


def an_event(*lines: str, uid: str = "1", start: str = f"DTSTART;{ROME}:20270316T170000", **changes: str) -> str:
    end = changes.get("end", "DURATION:PT90M")
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", start, end, "SUMMARY:Il primo colloquio", *lines, "END:VEVENT"])


def a_calendar(*events: str) -> bytes:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//partner//")
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def occurrences(*events: str, now: datetime = NOW) -> list[Occurrence]:
    return read(a_calendar(*events), now).occurrences


def starts(*events: str) -> list[str]:
    """On the clocks of Turin."""
    return [f"{found.starts_at.astimezone(PLACE):%m-%d %H:%M}" for found in occurrences(*events)]


def test_an_event_is_read_as_it_stands() -> None:
    (found,) = occurrences(an_event("DESCRIPTION:Uno\\, due\\ntre"))
    assert found == Occurrence(
        uid="1",
        recurrence="",
        title="Il primo colloquio",
        description="Uno, due\ntre",
        starts_at=datetime(2027, 3, 16, 16, 0, tzinfo=UTC),
        ends_at=datetime(2027, 3, 16, 17, 30, tzinfo=UTC),
        cancelled=False,
    )


@pytest.mark.parametrize(
    "start",
    [
        "DTSTART:20270316T160000Z",
        "DTSTART:20270316T170000",
        "DTSTART;TZID=Europe/Rome:20270316T170000",
        "DTSTART;TZID=W. Europe Standard Time:20270316T170000",
        "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Rome:20270316T170000",
        "DTSTART;TZID=America/Argentina/Buenos_Aires:20270316T130000",
    ],
)
def test_a_time_is_understood_in_whatever_zone_it_is_written(start: str) -> None:
    assert starts(an_event(start=start)) == ["03-16 17:00"]


def test_a_time_without_a_zone_is_in_that_of_its_calendar() -> None:
    assert starts("X-WR-TIMEZONE:Europe/London", an_event(start="DTSTART:20270316T160000")) == ["03-16 17:00"]


@pytest.mark.parametrize(("month", "begin"), [("03", "20270316"), ("10", "20271019")])
def test_a_recurring_event_keeps_its_hour_when_the_clocks_change(month: str, begin: str) -> None:
    event = an_event("RRULE:FREQ=WEEKLY;COUNT=4", start=f"DTSTART;{ROME}:{begin}T170000")
    found = read(a_calendar(event), datetime(2027, int(month), 1, tzinfo=UTC)).occurrences
    assert len({each.starts_at.hour for each in found}) == 2
    assert {each.starts_at.astimezone(PLACE).hour for each in found} == {17}


def test_a_rule_without_end_is_worked_out_for_180_days() -> None:
    found = occurrences(an_event("RRULE:FREQ=DAILY"))
    assert found[-1].starts_at <= NOW + WINDOW + timedelta(days=1)
    assert len(found) == 166


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["RRULE:FREQ=WEEKLY;UNTIL=20270330T150000Z"], ["03-16 17:00", "03-23 17:00", "03-30 17:00"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20270330T145959Z"], ["03-16 17:00", "03-23 17:00"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20270330"], ["03-16 17:00", "03-23 17:00", "03-30 17:00"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", f"EXDATE;{ROME}:20270323T170000"], ["03-16 17:00", "03-30 17:00"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20270323"], ["03-16 17:00", "03-30 17:00"]),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20270323T160000Z"], ["03-16 17:00", "03-30 17:00"]),
        (["RDATE:20270318T100000Z,20270319T100000Z"], ["03-16 17:00", "03-18 11:00", "03-19 11:00"]),
    ],
)
def test_a_recurring_event_takes_place_when_it_says(lines: list[str], expected: list[str]) -> None:
    assert starts(an_event(*lines)) == expected


def test_one_date_of_a_series_can_be_another() -> None:
    series = an_event("RRULE:FREQ=WEEKLY;COUNT=3")
    moved = an_event("RECURRENCE-ID:20270323T160000Z", start=f"DTSTART;{ROME}:20270324T100000")
    assert starts(series, moved) == ["03-16 17:00", "03-24 10:00", "03-30 17:00"]
    assert [found.recurrence for found in occurrences(series, moved)] == ["2027-03-16", "2027-03-23", "2027-03-30"]


def test_one_date_of_a_series_can_be_called_off() -> None:
    series = an_event("RRULE:FREQ=WEEKLY;COUNT=2")
    off = an_event(f"RECURRENCE-ID;{ROME}:20270323T170000", "STATUS:CANCELLED", start=f"DTSTART;{ROME}:20270323T170000")
    assert [found.cancelled for found in occurrences(series, off)] == [False, True]


def test_which_date_it_is_stays_when_the_hour_of_a_series_changes() -> None:
    before = occurrences(an_event("RRULE:FREQ=WEEKLY;COUNT=3"))
    after = occurrences(an_event("RRULE:FREQ=WEEKLY;COUNT=3", start=f"DTSTART;{ROME}:20270316T183000"))
    assert [each.recurrence for each in before] == [each.recurrence for each in after]


def test_of_two_versions_of_an_event_the_newer_counts() -> None:
    newer = an_event("SEQUENCE:2", start=f"DTSTART;{ROME}:20270317T170000")
    assert starts(newer, an_event("SEQUENCE:1")) == ["03-17 17:00"]


def test_days_and_private_events_are_left_out() -> None:
    day = an_event(uid="day", start="DTSTART;VALUE=DATE:20270316")
    private = an_event("CLASS:PRIVATE", uid="private")
    reading = read(a_calendar(day, private, an_event()), NOW)
    assert (len(reading.occurrences), reading.left_out) == (1, 2)


def test_what_is_over_is_not_read() -> None:
    assert starts(an_event(start=f"DTSTART;{ROME}:20270228T170000")) == []


def test_alarms_and_definitions_of_zones_are_passed_over() -> None:
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nSUMMARY:Sveglia\r\nEND:VALARM"
    zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Rome\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    zone += "RRULE:FREQ=SECONDLY\r\nTZOFFSETFROM:+9999\r\nTZOFFSETTO:+9999\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    assert starts(zone, an_event(alarm)) == ["03-16 17:00"]


BAD: dict[str, Any] = {
    "is not an iCalendar file": b"<html>Sign in</html>",
    "not an iCalendar": b"",
    "has more than 2 MB": b"BEGIN:VCALENDAR\r\n" + b"X" * BYTES_MAX,
    "not written in UTF-8": a_calendar(an_event()).replace(b"primo", b"prim\xf2"),
    "control characters": a_calendar(an_event("DESCRIPTION:\x1b[2J")),
    "more than 2000 parts": a_calendar(*["BEGIN:VTODO\r\nEND:VTODO"] * COMPONENTS_MAX),
    "an event inside another": a_calendar(an_event(an_event(uid="2"))),
    "ends too early": a_calendar(an_event()).removesuffix(b"END:VCALENDAR\r\n"),
    "END:VTODO where nothing": a_calendar("END:VTODO"),
    "after the end": a_calendar(an_event()) * 2,
    "a line of more than": a_calendar(an_event(f"DESCRIPTION:{'x' * 30_000}")),
    "lines about events": a_calendar(an_event(*["EXDATE:20270316T160000Z"] * 20_000)),
    "more than one SUMMARY": a_calendar(an_event("SUMMARY:Un altro")),
    "more than 5000 times": a_calendar(*[an_event("RRULE:FREQ=DAILY", uid=str(number)) for number in range(32)]),
    "has no events": a_calendar(),
    "has no UID": a_calendar(an_event(uid="")),
    "more than 500 characters": a_calendar(an_event(uid="x" * 501)),
    "has no DTSTART": a_calendar(an_event(start="X-A:1")),
    "its DTSTART cannot be read": a_calendar(an_event(start="DTSTART:yesterday")),
    "more than one DTSTART": a_calendar(an_event("DTSTART:20270316T160000Z")),
    "does not say when it ends": a_calendar(an_event(end="X-A:1")),
    "time zone Mars/Base is not known": a_calendar(an_event(start="DTSTART;TZID=Mars/Base:20270316T170000")),
    "time zone ../../etc/passwd": a_calendar(an_event(start="DTSTART;TZID=../../etc/passwd:20270316T170000")),
    "repeats SECONDLY": a_calendar(an_event("RRULE:FREQ=SECONDLY")),
    "its RRULE cannot be read": a_calendar(an_event("RRULE:FREQ=SOMETIMES")),
    "repeats by BYSECOND": a_calendar(an_event("RRULE:FREQ=DAILY;BYSECOND=1,2,3")),
    "repeats by a INTERVAL": a_calendar(an_event("RRULE:FREQ=DAILY;INTERVAL=0")),
    "more than one RRULE": a_calendar(an_event("RRULE:FREQ=DAILY", "RRULE:FREQ=DAILY")),
    "it has an EXRULE": a_calendar(an_event("RRULE:FREQ=DAILY", "EXRULE:FREQ=DAILY")),
    "since more than ten years": a_calendar(an_event("RRULE:FREQ=DAILY", start=f"DTSTART;{ROME}:16010101T170000")),
    "this and the following": a_calendar(an_event(f"RECURRENCE-ID;RANGE=THISANDFUTURE;{ROME}:20270323T170000")),
    "twice on one day": a_calendar(an_event("RRULE:FREQ=DAILY", "RDATE:20270317T100000Z")),
    "a period in its RDATE": a_calendar(an_event("RDATE;VALUE=PERIOD:20270317T100000Z/PT1H")),
}


@pytest.mark.parametrize("words", BAD)
def test_a_calendar_that_cannot_be_taken_over_is_refused_in_one_line(words: str) -> None:
    with pytest.raises(CalendarRefused) as refused:
        read(BAD[words], NOW)
    assert words in str(refused.value)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (an_event("SUMMARY:Un altro"), "event"),
        (an_event(end="DURATION:P999999999D"), "event"),
        (an_event(end="X-A:1"), "event_end"),
        (an_event("RRULE:FREQ=SECONDLY"), "event_repeats"),
        (an_event("RRULE:FREQ=DAILY", "EXRULE:FREQ=DAILY"), "event_repeats"),
    ],
)
def test_what_is_wrong_with_an_event_is_said_by_a_code_and_its_title(event: str, code: str) -> None:
    with pytest.raises(CalendarRefused) as refused:
        read(a_calendar(event), NOW)
    assert (refused.value.code, refused.value.about) == (code, "Il primo colloquio")


@given(st.data())
@settings(max_examples=150)
def test_a_broken_calendar_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    text = a_calendar(an_event("RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=9", f"EXDATE;{ROME}:20270323T170000")).decode()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        text = text[:place] + data.draw(st.text("0129TZ:;=,-+\\\r\n VEVENT\u202eè", max_size=6)) + text[place + cut :]
    with suppress(CalendarRefused):
        read(text.encode(), NOW)
