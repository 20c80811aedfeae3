"""The days that the desk shows for a series are those that booking publishes."""

from datetime import date, datetime, time, timedelta

import pytest

from gateway.pages.desk import repeats
from services.booking.recurrence import dates

YEAR = [date(2027, 1, 1) + timedelta(days=number) for number in range(0, 400, 3)]


@pytest.mark.parametrize("repeat", repeats.REPEATS[1:])
def test_booking_comes_to_the_same_days(repeat: str) -> None:
    for first in YEAR:
        shown = repeats.days(first, repeat, 99)
        rule = repeats.rule(first, repeat, len(shown))
        assert rule is not None
        assert shown == [start.date() for start in dates(rule, datetime.combine(first, time(17)))]


def test_what_does_not_repeat_has_one_day_and_no_rule() -> None:
    first = date(2027, 3, 2)
    assert repeats.days(first, "never", 8) == [first]
    assert repeats.rule(first, "never", 8) is None


def test_the_fifth_weekday_of_a_month_is_taken_as_the_last() -> None:
    assert repeats.days(date(2027, 3, 31), "month", 3) == [date(2027, 3, 31), date(2027, 4, 28), date(2027, 5, 26)]


def test_a_series_has_as_many_days_as_a_year_has() -> None:
    assert len(repeats.days(date(2027, 3, 2), "week", 99)) == 53
