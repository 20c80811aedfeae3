"""When a session that repeats takes place: the rule that booking is given, and the days that it stands for.

Booking works the dates out itself. That both come to the same days, for every day to begin on, is tested.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, islice, takewhile

REPEATS = ("never", "week", "fortnight", "month")
LONGEST = timedelta(days=366)
_WEEKS = {"week": 1, "fortnight": 2}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = 5  # the fifth weekday of a month, which few have: taken as the last


def rule(first: date, repeat: str, many: int) -> str | None:
    """The RRULE (RFC 5545) of so many dates; none for a session that does not repeat."""
    if repeat == "never":
        return None
    if repeat in _WEEKS:
        return f"FREQ=WEEKLY;INTERVAL={_WEEKS[repeat]};COUNT={many}"
    which = _which(first)
    return f"FREQ=MONTHLY;BYDAY={-1 if which == _LAST else which}{_WEEKDAYS[first.weekday()]};COUNT={many}"


def days(first: date, repeat: str, many: int) -> list[date]:
    """So many days from ``first`` on, or as many of them as are in a year."""
    if repeat == "never":
        return [first]
    found = _monthly(first) if repeat == "month" else _weekly(first, _WEEKS[repeat])
    return list(islice(takewhile(lambda day: day - first <= LONGEST, found), many))


def _weekly(first: date, weeks: int) -> Iterator[date]:
    return (first + timedelta(weeks=weeks * number) for number in count())


def _monthly(first: date) -> Iterator[date]:
    month = first.replace(day=1)
    while True:
        yield _in_month(month, first.weekday(), _which(first))
        month = (month + timedelta(days=31)).replace(day=1)


def _in_month(month: date, weekday: int, which: int) -> date:
    """The weekday of that number in the month that begins on ``month``."""
    earliest = month + timedelta(days=(weekday - month.weekday()) % 7)
    found = earliest + timedelta(weeks=which - 1)
    return found if found.month == month.month else found - timedelta(weeks=1)


def _which(day: date) -> int:
    return (day.day - 1) // 7 + 1
