"""The days of a recurrence rule (RFC 5545 section 3.3.10), looked for day by day from its start to a last day.

dateutil would do it, but looks for the next day that fits until the year 9999, whatever end it is given: a rule that no
day fits, such as the 30th of each February, takes it 13 seconds. Here no rule takes more than its days. The tests
compare both.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Any

_PARTS = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"))
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST_PERIOD = timedelta(days=366)
INTERVAL_MAX = 1_000


@dataclass(frozen=True)
class Rule:
    """A rule that repeats by whole days. Weekdays are 0 for Monday to 6, each with which of them (0: every one)."""

    frequency: str
    interval: int = 1
    count: int | None = None
    week_start: int = 0
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()


def rule_of(parts: Mapping[str, Sequence[Any]]) -> Rule:
    """The rule in an RRULE as icalendar reads it; UNTIL is left to the caller. Raises ValueError with what is wrong."""
    frequency = str(parts.get("FREQ", [""])[0]).upper()
    if frequency not in _PERIODS:
        raise ValueError(f"repeats {frequency or 'without FREQ'}; it must be DAILY, WEEKLY, MONTHLY or YEARLY")
    if unknown := {str(name).upper() for name in parts} - _PARTS:
        raise ValueError(f"repeats by {min(unknown)}, which is not supported")
    count = parts.get("COUNT")
    return Rule(
        frequency,
        interval=_numbers(parts, "INTERVAL", 1, INTERVAL_MAX, default=1)[0],
        count=int(count[0]) if count else None,
        week_start=_WEEKDAYS.index(str(parts.get("WKST", ["MO"])[0]).upper()),
        weekdays=tuple(_weekday(str(each), frequency) for each in parts.get("BYDAY", ())),
        month_days=_numbers(parts, "BYMONTHDAY", -31, 31),
        months=_numbers(parts, "BYMONTH", 1, 12),
        positions=_numbers(parts, "BYSETPOS", -366, 366),
    )


def days(rule: Rule, start: date, last: date) -> Iterator[date]:
    """The days from ``start`` to ``last``, both with them. The start is one only if the rule says so."""
    rule = _with_defaults(rule, start)
    period = _PERIODS[rule.frequency]
    first_period = period(rule, start)
    # whole periods, as BYSETPOS counts within them
    around = _every_day(start - min(_LONGEST_PERIOD, start - date.min), min(last, date.max - _LONGEST_PERIOD))
    due = (day for day in around if (period(rule, day) - first_period) % rule.interval == 0 and _fits(rule, day))
    chosen = (day for _, group in groupby(due, lambda day: period(rule, day)) for day in _positioned(rule, list(group)))
    return islice((day for day in chosen if start <= day <= last), rule.count)


def _every_day(first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + _LONGEST_PERIOD.days + 1):
        yield date.fromordinal(number)


# Which period a day is in, as a number that rises by one from each to the next.
_PERIODS: dict[str, Callable[[Rule, date], int]] = {
    "DAILY": lambda _rule, day: day.toordinal(),
    "WEEKLY": lambda rule, day: (day.toordinal() - 1 - rule.week_start) // 7,
    "MONTHLY": lambda _rule, day: day.year * 12 + day.month,
    "YEARLY": lambda _rule, day: day.year,
}


def _with_defaults(rule: Rule, start: date) -> Rule:
    """What a rule does not say is as at its start."""
    if rule.weekdays or rule.month_days:
        return rule
    if rule.frequency == "WEEKLY":
        return replace(rule, weekdays=((start.weekday(), 0),))
    if rule.frequency == "MONTHLY":
        return replace(rule, month_days=(start.day,))
    if rule.frequency == "YEARLY":
        return replace(rule, months=rule.months or (start.month,), month_days=(start.day,))
    return rule


def _fits(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days:
        from_the_end = day.day - monthrange(day.year, day.month)[1] - 1
        if day.day not in rule.month_days and from_the_end not in rule.month_days:
            return False
    return not rule.weekdays or any(
        weekday == day.weekday() and (not which or which in _which(rule, day)) for weekday, which in rule.weekdays
    )


def _which(rule: Rule, day: date) -> tuple[int, int]:
    """The how-manieth of its weekday the day is in its month (or year), from the start and from the end."""
    if rule.frequency == "YEARLY" and not rule.months:
        number = day.timetuple().tm_yday
        length = date(day.year, 12, 31).timetuple().tm_yday
    else:
        number, length = day.day, monthrange(day.year, day.month)[1]
    return (number - 1) // 7 + 1, -((length - number) // 7 + 1)


def _positioned(rule: Rule, group: list[date]) -> list[date]:
    if not rule.positions:
        return group
    places = (place - 1 if place > 0 else len(group) + place for place in rule.positions)
    return [group[place] for place in sorted(set(places)) if 0 <= place < len(group)]


def _weekday(text: str, frequency: str) -> tuple[int, int]:
    name, which = text[-2:].upper(), text[:-2]
    if name not in _WEEKDAYS:
        raise ValueError("repeats by a BYDAY that is no weekday")
    if which and frequency in ("DAILY", "WEEKLY"):
        raise ValueError("repeats by a numbered weekday within a day or week")
    return _WEEKDAYS.index(name), int(which or 0)


def _numbers(
    parts: Mapping[str, Sequence[Any]], name: str, least: int, most: int, default: int | None = None
) -> tuple[int, ...]:
    numbers = tuple(int(each) for each in parts.get(name, () if default is None else (default,)))
    if any(not least <= number <= most or number == 0 for number in numbers):
        raise ValueError(f"repeats by a {name} that cannot be")
    return numbers
