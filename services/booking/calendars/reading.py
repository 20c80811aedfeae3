"""A partner's own calendar, read (RFC 5545): what takes place when, each time an occurrence of its own. Pure values.

Recurring events keep their hour on the clocks of their own time zone, whatever those are put to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar

from services.booking.calendars.text import CalendarRefused, bounded
from services.booking.recurring_days import days, rule_of

PLACE = ZoneInfo("Europe/Rome")  # of times without a zone
WINDOW = timedelta(days=180)  # how far ahead recurring events are worked out
BEYOND = timedelta(days=7)  # and that much farther, to find again what moved out of the window
OLDEST = timedelta(days=3653)  # a recurring event that began before is worked out for too long
OCCURRENCES_MAX = 5_000
UID_MAX = 500
_NOT_OURS = ("PRIVATE", "CONFIDENTIAL")
_REPEATS = "event_repeats"  # the code of a recurrence that is not taken over
# What the library may raise on what it did not expect.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Occurrence:
    """One time that an event takes place. ``uid`` and ``recurrence`` say which, from one import to the next.

    ``recurrence`` is the day of its RECURRENCE-ID in the event's time zone, as YYYY-MM-DD, so that it stays the same
    when the hour changes; empty for an event that does not recur. Times are in UTC.
    """

    uid: str
    recurrence: str
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool


@dataclass(frozen=True)
class Reading:
    """``left_out`` counts events that can be no session: those of whole days, and private ones.

    ``beyond`` are the recurring ones in the days after the window.
    """

    occurrences: list[Occurrence]
    left_out: int
    beyond: list[Occurrence]


@dataclass(frozen=True)
class _Entry:
    """A VEVENT. Its start is aware, in its own time zone; ``length`` is the time that passes."""

    event: Any  # of icalendar: its properties are of some thirty types
    uid: str
    starts_at: datetime
    length: timedelta

    def occurrence(self, recurrence: str, local: datetime) -> Occurrence:
        start = local.astimezone(UTC)
        return Occurrence(
            uid=self.uid,
            recurrence=recurrence,
            title=" ".join(str(self.event.get("SUMMARY", "")).split()),
            description=str(self.event.get("DESCRIPTION", "")).replace("\t", " ").strip(),
            starts_at=start,
            ends_at=start + self.length,
            cancelled=str(self.event.get("STATUS", "")).upper() == "CANCELLED",
        )


def read(data: bytes, now: datetime) -> Reading:
    """What starts after ``now``, the earliest first; recurring events until ``now + WINDOW``.

    Raises CalendarRefused, with one line, for whatever cannot be read, or would take too long to.
    """
    text = bounded(data)
    try:
        calendar = Calendar.from_ical(text)
        entries, left_out = _entries(calendar)
        every = (occurrence for group in entries.values() for occurrence in _occurrences(group, now))
        found = list(islice(every, OCCURRENCES_MAX + 1))
    except _UNREADABLE as error:
        raise CalendarRefused(f"The calendar cannot be read: {type(error).__name__}.") from None
    if len(found) > OCCURRENCES_MAX:
        words = f"Its events take place more than {OCCURRENCES_MAX} times within {WINDOW.days} days."
        raise CalendarRefused(words, "too_large")
    to_come = sorted(
        (occurrence for occurrence in found if occurrence.starts_at > now),
        key=lambda each: (each.starts_at, each.uid, each.recurrence),
    )
    last = (now + WINDOW).astimezone(PLACE).date().isoformat()
    within = [each for each in to_come if each.recurrence <= last]
    return Reading(within, left_out, [each for each in to_come if each.recurrence > last])


def _entries(calendar: Any) -> tuple[dict[str, list[_Entry]], int]:
    """The events by their UID, and how many were left out. Raises CalendarRefused."""
    if not calendar.events:
        raise CalendarRefused("The calendar has no events. To call off every session, cancel them one by one.", "empty")
    floating = _zone(str(calendar["X-WR-TIMEZONE"])) if "X-WR-TIMEZONE" in calendar else PLACE
    found: dict[str, list[_Entry]] = defaultdict(list)
    left_out = 0
    for event in calendar.events:
        with _naming(event):
            entry = _entry(event, floating)
        if entry is None:
            left_out += 1
        else:
            found[entry.uid].append(entry)
    return found, left_out


@contextmanager
def _naming(event: Any) -> Iterator[None]:
    """Let a refusal say by its title which event it is about: who keeps the calendar knows no UIDs."""
    try:
        yield
    except CalendarRefused as refused:
        refused.about = refused.about or _title(event)
        raise
    except _UNREADABLE as error:
        words = f"An event cannot be read: {type(error).__name__}."
        raise CalendarRefused(words, "event", _title(event)) from None


def _title(event: Any) -> str | None:
    """For who is to find it there; of several the first."""
    titles = event.get("SUMMARY", "")
    return _short(str(titles[0] if isinstance(titles, list) else titles).strip()) or None


def _entry(event: Any, floating: tzinfo) -> _Entry | None:
    uid = str(event.get("UID", "")).strip()
    if not 0 < len(uid) <= UID_MAX:
        raise CalendarRefused(f"An event has no UID, or one of more than {UID_MAX} characters.", "event")
    if event.errors:
        raise _refused(uid, f"its {str(event.errors[0][0])[:20]} cannot be read")
    for name, value in event.items():
        if isinstance(value, list) and name not in ("RDATE", "EXDATE"):
            raise _refused(uid, f"it has more than one {name}")
    if "DTSTART" not in event:
        raise _refused(uid, "it has no DTSTART")
    if str(event.get("CLASS", "")).upper() in _NOT_OURS:
        return None
    starts_at = _moment(uid, event["DTSTART"], floating)
    return None if starts_at is None else _Entry(event, uid, starts_at, _length(uid, event, starts_at))


def _length(uid: str, event: Any, starts_at: datetime) -> timedelta:
    """How long each of the event's dates is: always the same, whatever the clocks are put to (RFC 5545, 3.8.5.3)."""
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    ends_at = _moment(uid, event["DTEND"], starts_at.tzinfo or PLACE) if "DTEND" in event else None
    if ends_at is None:
        raise _refused(uid, "it does not say when it ends", "event_end")
    return ends_at.astimezone(UTC) - starts_at.astimezone(UTC)


def _moment(uid: str, written: Any, floating: tzinfo) -> datetime | None:
    """A date-time with its zone; None for a day."""
    moment = written.dt
    if not isinstance(moment, datetime):
        if isinstance(moment, date):
            return None
        raise _refused(uid, "a time of it cannot be read")
    if moment.tzinfo is not None:
        return moment
    name = written.params.get("TZID")
    return moment.replace(tzinfo=_zone(str(name)) if name else floating)


def _zone(name: str) -> tzinfo:
    """A time zone by its name in the IANA database, also at the end of a longer one. Raises CalendarRefused."""
    parts = name.strip().split("/")
    for candidate in (name, "/".join(parts[-2:]), "/".join(parts[-3:])):
        try:
            return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    known_as = _short(name)
    raise CalendarRefused(f"The time zone {known_as} is not known; use one such as Europe/Rome.", "zone", known_as)


def _occurrences(group: list[_Entry], now: datetime) -> Iterator[Occurrence]:
    """All of one UID: the event, its recurrences, and those that were changed by themselves."""
    with _naming(group[0].event):
        yield from _occurrences_of(group, now)


def _occurrences_of(group: list[_Entry], now: datetime) -> Iterator[Occurrence]:
    main = _newest(entry for entry in group if "RECURRENCE-ID" not in entry.event)
    changed: dict[str, list[_Entry]] = defaultdict(list)
    for entry in group:
        if "RECURRENCE-ID" in entry.event:
            changed[_recurrence_of(entry, main)].append(entry)
    if main is not None:
        yield from (found for found in _recurring(main, now) if found.recurrence not in changed)
    for recurrence, versions in changed.items():
        if newest := _newest(versions):
            yield newest.occurrence(recurrence, newest.starts_at)


def _newest(entries: Iterable[_Entry]) -> _Entry | None:
    """Of several versions of an event the one with the highest SEQUENCE."""
    return max(entries, key=lambda entry: int(entry.event.get("SEQUENCE", 0)), default=None)


def _recurrence_of(entry: _Entry, main: _Entry | None) -> str:
    identity = entry.event["RECURRENCE-ID"]
    if str(identity.params.get("RANGE", "")):
        raise _refused(entry.uid, "it changes this and the following ones in one part (RANGE)", _REPEATS)
    zone = (main or entry).starts_at.tzinfo or PLACE
    moment = _moment(entry.uid, identity, zone)
    day: date = moment.astimezone(zone).date() if moment else identity.dt
    return day.isoformat()


def _recurring(main: _Entry, now: datetime) -> Iterator[Occurrence]:
    event = main.event
    if "EXRULE" in event:
        raise _refused(main.uid, "it has an EXRULE, which is not supported", _REPEATS)
    if "RRULE" not in event and "RDATE" not in event:
        yield main.occurrence("", main.starts_at)
        return
    last = (now + WINDOW + BEYOND).astimezone(main.starts_at.tzinfo).date()
    starts = _starts(main, now, last)
    without = set(_listed(main, "EXDATE"))
    for day, local in sorted(starts.items()):
        if day <= last and day not in without and local.replace(tzinfo=None) not in without:
            yield main.occurrence(day.isoformat(), local)


def _starts(main: _Entry, now: datetime, last: date) -> dict[date, datetime]:
    """When the event starts on which day."""
    starts = {day: datetime.combine(day, main.starts_at.timetz()) for day in _days_of_rule(main, now, last)}
    if "RRULE" not in main.event:
        starts[main.starts_at.date()] = main.starts_at
    for added in _listed(main, "RDATE"):
        if not isinstance(added, datetime):
            raise _refused(main.uid, "it has an RDATE that is a whole day", _REPEATS)
        local = added.replace(tzinfo=main.starts_at.tzinfo)
        if starts.setdefault(local.date(), local) != local:
            raise _refused(main.uid, "it takes place twice on one day", _REPEATS)
    return starts


def _days_of_rule(main: _Entry, now: datetime, last: date) -> Iterator[date]:
    if "RRULE" not in main.event:
        return iter(())
    if now - main.starts_at > OLDEST:
        raise _refused(main.uid, "it recurs since more than ten years; let it begin later", _REPEATS)
    parts = {str(name).upper(): values for name, values in main.event["RRULE"].items()}
    try:
        rule = rule_of(parts)
    except ValueError as error:
        words = f"it {error}" if str(error).startswith("repeats") else "its RRULE cannot be read"
        raise _refused(main.uid, words, _REPEATS) from None
    return days(rule, main.starts_at.date(), min(last, _until(main, parts)))


def _until(main: _Entry, parts: dict[str, Any]) -> date:
    """The last day of the rule, by the clocks of the event."""
    if "UNTIL" not in parts:
        return date.max
    until = parts["UNTIL"][0]
    if not isinstance(until, datetime):
        day: date = until
        return day
    local = until.astimezone(main.starts_at.tzinfo) if until.tzinfo else until
    return local.date() if local.time() >= main.starts_at.time() else local.date() - timedelta(days=1)


def _listed(main: _Entry, name: str) -> Iterator[date | datetime]:
    """The days, or the times by the event's clocks (without a zone), in EXDATE or RDATE."""
    zone = main.starts_at.tzinfo or PLACE
    lists = main.event.get(name, [])
    for each in lists if isinstance(lists, list) else [lists]:
        for written in each.dts:
            if isinstance(written.dt, tuple):
                raise _refused(main.uid, f"it has a period in its {name}", _REPEATS)
            moment = _moment(main.uid, written, zone)
            yield written.dt if moment is None else moment.astimezone(zone).replace(tzinfo=None)


def _refused(uid: str, words: str, code: str = "event") -> CalendarRefused:
    return CalendarRefused(f"The event {_short(uid)} cannot be taken over: {words}.", code)


def _short(text: str) -> str:
    """For a line that is shown: not too long, and nothing in it that a terminal would act on."""
    clean = "".join(sign if sign.isprintable() else "?" for sign in text)
    return clean if len(clean) <= 60 else f"{clean[:57]}..."
