"""The days of recurrence rules: as dateutil finds them, but never looked for without end."""

from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import vRecur

from services.booking.recurring_days import days, rule_of

WEEKDAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])


def listed(*numbers: Any) -> Any:
    return st.lists(st.sampled_from(numbers), min_size=1, max_size=3, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


@st.composite
def rules(draw: Any) -> str:
    """Rules that dateutil finds a day for before long."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency, "INTERVAL": str(draw(st.sampled_from([1, 2, 3, 4])))}
    numbered = st.sampled_from(["", "1", "2", "-1"]) if frequency in ("MONTHLY", "YEARLY") else st.just("")
    optional = {
        "BYDAY": st.lists(st.tuples(numbered, WEEKDAYS).map("".join), min_size=1, max_size=3, unique=True).map(
            ",".join
        ),
        "BYMONTHDAY": listed(1, 2, 15, 28, -1, -3) if frequency in ("MONTHLY", "YEARLY") else st.nothing(),
        "BYMONTH": listed(1, 2, 6, 12) if frequency != "WEEKLY" else st.nothing(),
        "BYSETPOS": listed(1, 2, -1) if frequency == "MONTHLY" else st.nothing(),
        "COUNT": st.sampled_from(["1", "5"]),
        "WKST": st.sampled_from(["MO", "SU"]),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(optional)), max_size=3))
    if {"BYDAY", "BYMONTHDAY"} <= chosen:  # may be years apart
        chosen -= {"BYMONTHDAY"}
    if "BYSETPOS" in chosen and not chosen & {"BYDAY", "BYMONTHDAY"}:
        chosen -= {"BYSETPOS"}
    for name in sorted(chosen):
        if not optional[name].is_empty:
            parts[name] = draw(optional[name])
    return ";".join(f"{name}={value}" for name, value in parts.items())


@given(rule=rules(), start=st.dates(date(2024, 1, 1), date(2028, 12, 31)))
@settings(max_examples=300, deadline=None)
def test_the_days_are_those_that_dateutil_finds(rule: str, start: date) -> None:
    last = start + timedelta(days=800)
    theirs = rrulestr(rule, dtstart=datetime(start.year, start.month, start.day))  # noqa: DTZ001 (days only)
    expected = [found.date() for found in takewhile(lambda found: found.date() <= last, theirs)]
    assert list(days(rule_of(vRecur.from_ical(rule)), start, last)) == expected


def test_a_rule_that_no_day_fits_ends() -> None:
    rule = rule_of(vRecur.from_ical("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"))
    assert list(days(rule, date(2026, 1, 1), date(2027, 1, 1))) == []


def test_days_end_with_the_calendar() -> None:
    rule = rule_of(vRecur.from_ical("FREQ=YEARLY"))
    assert list(days(rule, date.min, date(3, 1, 1))) == [date(1, 1, 1), date(2, 1, 1), date(3, 1, 1)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=9999999",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYWEEKNO=3",
    ],
)
def test_what_does_not_repeat_by_days_is_refused_in_words(rule: str) -> None:
    with pytest.raises(ValueError, match="^repeats"):
        rule_of(vRecur.from_ical(rule))
