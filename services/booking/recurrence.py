"""When the dates of a series are: a recurrence rule (RFC 5545 section 3.3.10) on the wall clocks of Turin."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from services.booking.errors import InvalidArguments

ROME = ZoneInfo("Europe/Rome")
LONGEST = timedelta(days=366)
DATES_MAX = 100
RULE_MAX = 300

_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_ANY = {"FREQ": "[A-Z]+", "COUNT": r"[1-9][0-9]*", "UNTIL": r"[0-9TZ]+", "INTERVAL": r"[1-9][0-9]{0,2}"}
# What may follow each frequency: shapes for which some day is always found. For one that no day fits, such as
# 31 February, the library looks until the year 9999, which takes it ten seconds.
_SHAPES: dict[str, list[dict[str, str]]] = {
    "DAILY": [{}],
    "WEEKLY": [{"BYDAY": rf"{_DAY}(,{_DAY})*", "WKST": _DAY}],
    "MONTHLY": [
        {"BYMONTHDAY": r"-?([1-9]|[12][0-9]|3[01])"},
        {"BYDAY": rf"[+-]?[1-5]{_DAY}"},
        {"BYDAY": rf"{_DAY}(,{_DAY})*", "BYSETPOS": "-1|[1-4]"},
    ],
}


def dates(rule: str, first: datetime, without: Iterable[date] = ()) -> list[datetime]:
    """The starts of a series, aware, in Europe/Rome: each at the hour of ``first``, whatever the clocks were put to.

    ``rule`` is an RRULE without its name, ``first`` a time without a zone, which is a date of the series only if the
    rule says so; on the days ``without`` there is none. Raises InvalidArguments: a rule that is none, that has no end
    or goes on for more than 366 days or 100 dates, or that repeats by less than a day.
    """
    parts = _parts(rule)
    recurring = _recurring(parts, first)
    left_out = set(without)
    wanted = min(_count(parts), DATES_MAX + 1)
    found = [day for day in islice(recurring, wanted) if day.date() not in left_out]
    if not found:
        raise _wrong("No date follows from this rule.")
    if len(found) > DATES_MAX:
        raise _wrong(f"That are more than {DATES_MAX} dates: publish them in parts.")
    return [day.replace(tzinfo=ROME) for day in found]


def _parts(rule: str) -> dict[str, str]:
    if len(rule) > RULE_MAX:
        raise _wrong(f"Write a rule of at most {RULE_MAX} characters.")
    pairs = [part.partition("=") for part in rule.strip().upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _, value in pairs}
    shapes = _SHAPES.get(parts.get("FREQ", ""))
    if shapes is None:
        raise _wrong("A series repeats by days, weeks or months: FREQ=DAILY, WEEKLY or MONTHLY.")
    if len(parts) != len(pairs) or not any(_fits(parts, {**_ANY, **shape}) for shape in shapes):
        raise _wrong("Write a rule like FREQ=WEEKLY;BYDAY=TU;COUNT=8 or FREQ=MONTHLY;BYDAY=1TU;COUNT=6.")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise _wrong("Say when the series ends, by COUNT or by UNTIL.")
    return parts


def _fits(parts: dict[str, str], shape: dict[str, str]) -> bool:
    return all(name in shape and re.fullmatch(shape[name], value) for name, value in parts.items())


def _recurring(parts: dict[str, str], first: datetime) -> rrule:
    horizon = first + LONGEST
    end = _until(parts["UNTIL"]) if "UNTIL" in parts else horizon
    if end > horizon:
        raise _wrong(f"Let the series end within {LONGEST.days} days.")
    shape = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("COUNT", "UNTIL"))
    rule: rrule = rrulestr(shape, dtstart=first).replace(until=end)
    return rule


def _count(parts: dict[str, str]) -> int:
    return int(parts.get("COUNT", "")[:6] or DATES_MAX + 1)


def _until(text: str) -> datetime:
    """A day, a time on the wall, or a time in UTC, as RFC 5545 has them: as a time on the wall."""
    try:
        if len(text) == len("20261231"):
            return datetime.strptime(text, "%Y%m%d").replace(hour=23, minute=59)  # noqa: DTZ007 (the wall clock's)
        if text.endswith("Z"):
            moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return moment.astimezone(ROME).replace(tzinfo=None)
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 (the wall clock's)
    except (ValueError, OverflowError):
        raise _wrong("UNTIL is a day like 20261231.") from None


def _wrong(words: str) -> InvalidArguments:
    return InvalidArguments(fields={"rule": [words]})
