"""When the dates of a series are: a recurrence rule (RFC 5545 section 3.3.10) on the wall clocks of Turin."""

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
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST")


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
    if len(parts) != len(pairs) or not all(value for _, _, value in pairs) or not set(parts) <= set(_PARTS):
        raise _wrong("Write a rule like FREQ=WEEKLY;BYDAY=TU;COUNT=8.")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise _wrong("A series repeats by days, weeks or months: FREQ=DAILY, WEEKLY or MONTHLY.")
    if parts.get("INTERVAL", "1").strip("0") == "":
        raise _wrong("INTERVAL is 1 or more.")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise _wrong("Say when the series ends, by COUNT or by UNTIL.")
    return parts


def _recurring(parts: dict[str, str], first: datetime) -> rrule:
    horizon = first + LONGEST
    end = _until(parts["UNTIL"]) if "UNTIL" in parts else horizon
    if end > horizon:
        raise _wrong(f"Let the series end within {LONGEST.days} days.")
    shape = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("COUNT", "UNTIL"))
    try:
        # With an end always: a rule that no day fits would be looked for until the year 9999.
        rule: rrule = rrulestr(shape, dtstart=first).replace(until=end)
    except (ValueError, TypeError, OverflowError):
        raise _wrong("Write a rule like FREQ=WEEKLY;BYDAY=TU;COUNT=8.") from None
    return rule


def _count(parts: dict[str, str]) -> int:
    count = parts.get("COUNT", str(DATES_MAX + 1))
    if not count.isascii() or not count.isdigit() or int(count[:6]) < 1:
        raise _wrong("COUNT is how many dates there are.")
    return int(count[:6])


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
