"""When the dates of a series are: a recurrence rule (RFC 5545 section 3.3.10) on the wall clocks of Turin."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import vRecur

from services.booking.errors import InvalidArguments
from services.booking.recurring_days import Rule, days, rule_of

ROME = ZoneInfo("Europe/Rome")
LONGEST = timedelta(days=366)
DATES_MAX = 100
RULE_MAX = 300

_Parts = Mapping[str, Sequence[Any]]


def dates(rule: str, first: datetime, without: Iterable[date] = ()) -> list[datetime]:
    """The starts of a series, aware, in Europe/Rome: each at the hour of ``first``, whatever the clocks were put to.

    ``rule`` is an RRULE, ``first`` a time without a zone, which is a date of the series only if the rule says so; on
    the days ``without`` there is none. Raises InvalidArguments: a rule that is none, that has no end or goes on for
    more than 366 days or 100 dates, or that repeats by less than a day.
    """
    parts = _parts(rule)
    declared = _declared(parts)
    last = (first + LONGEST).date()
    until = _until(parts, first) or last
    found = list(islice(days(declared, first.date(), min(until, last)), DATES_MAX + 1))
    if until > last or (declared.count and len(found) < declared.count):
        raise _wrong(f"Let the series end within {LONGEST.days} days.")
    if len(found) > DATES_MAX:
        raise _wrong(f"That are more than {DATES_MAX} dates: publish them in parts.")
    left_out = set(without)
    kept = [datetime.combine(day, first.time(), ROME) for day in found if day not in left_out]
    if not kept:
        raise _wrong("No date follows from this rule.")
    return kept


def _parts(rule: str) -> _Parts:
    text = rule.strip().upper().removeprefix("RRULE:")
    names = [part.partition("=")[0] for part in text.split(";")]
    if len(text) > RULE_MAX or len(set(names)) != len(names):
        raise _wrong("Write a rule like FREQ=WEEKLY;BYDAY=TU;COUNT=8.")
    try:
        parts: _Parts = vRecur.from_ical(text)
    except ValueError:
        raise _wrong("Write a rule like FREQ=WEEKLY;BYDAY=TU;COUNT=8.") from None
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise _wrong("Say when the series ends, by COUNT or by UNTIL.")
    return parts


def _declared(parts: _Parts) -> Rule:
    try:
        declared = rule_of({name.upper(): values for name, values in parts.items()})
    except ValueError as error:
        raise _wrong(f"The rule {error}.") from None
    if declared.count is not None and not 1 <= declared.count <= DATES_MAX:
        raise _wrong(f"COUNT is how many dates there are: 1 to {DATES_MAX}.")
    return declared


def _until(parts: _Parts, first: datetime) -> date | None:
    """The last day that can be one, by the clocks of Turin."""
    if "UNTIL" not in parts:
        return None
    until = parts["UNTIL"][0]
    if not isinstance(until, datetime):
        day: date = until
        return day
    local = until.astimezone(ROME) if until.tzinfo else until
    return local.date() if local.time() >= first.time() else local.date() - timedelta(days=1)


def _wrong(words: str) -> InvalidArguments:
    return InvalidArguments(fields={"rule": [words]})
