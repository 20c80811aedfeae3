"""The days of recurrence rules: as dateutil finds them, but never looked for without end."""

from datetime import date, datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from icalendar import vRecur

from services.booking.recurring_days import days, rule_of

RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;COUNT=5",
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;BYMONTH=2,6",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO",
    "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=7",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=MONTHLY;BYMONTHDAY=-1,15;INTERVAL=2",
    "FREQ=MONTHLY;BYDAY=1TU,-1FR",
    "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4",
    "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=3,9",
    "FREQ=YEARLY;BYMONTHDAY=1",
    "FREQ=YEARLY;BYDAY=20MO,-1SU",
    "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("start", [date(2024, 2, 29), date(2026, 11, 23), date(2027, 1, 31)])
def test_the_days_are_those_that_dateutil_finds(rule: str, start: date) -> None:
    last = start + timedelta(days=1500)
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
    with pytest.raises(ValueError, match=r"^repeats"):
        rule_of(vRecur.from_ical(rule))
