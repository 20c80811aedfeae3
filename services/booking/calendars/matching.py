"""Which session is which event of a calendar that was read again, where its UID or its day is another than before.

Pure values. An event that is known by its key needs none of this; here is what became of those that are gone, as far as
it is clear. What is not clear is no match: the session is called off, and another published.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from services.booking.calendars.reading import Occurrence

T = TypeVar("T")

Key = tuple[str, str]  # the UID, and which of its recurrences
FARTHEST = 6  # days: a date that is moved farther is another one
# Google Calendar, when «this and following» dates are changed: the UID of the series, and from when on.
_SPLIT = re.compile(r"_R\d{8}(T\d{6})?(?=@google\.com$)")


@dataclass(frozen=True)
class Given:
    """The seats and the room that a calendar gave a session. If the session has others, somebody changed it by hand."""

    capacity: int | None
    room_url: str | None


@dataclass(frozen=True)
class Known:
    """A session to come that was made from an event. ``fingerprint`` is of that event as it was."""

    session_id: UUID
    fingerprint: str
    title: str
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None
    given: Given


def key_of(event: Occurrence) -> Key:
    return (event.uid, event.recurrence)


def moves(
    known: Mapping[Key, Known], events: Sequence[Occurrence], fingerprint: Callable[[Occurrence], str], now: datetime
) -> dict[Key, Key]:
    """The keys that sessions have from now on, each with the one that it had.

    Clear is, one after the other: the only event of the same series at the same time (it begins to recur, or stops to);
    the only one that is the same in all but its UID; and the dates of a series that moved to other days (``_shifted``).
    """
    there = {key_of(event) for event in events}
    gone = {key: session for key, session in known.items() if key not in there}
    fresh = {key_of(event): event for event in events if key_of(event) not in known and not event.cancelled}
    found: dict[Key, Key] = {}

    def note(pairs: Mapping[Key, Key]) -> None:
        for new, old in pairs.items():
            found[new] = old
            del fresh[new], gone[old]

    note(
        _only_pairs(
            {key: (_family(key), session.starts_at) for key, session in gone.items()},
            {key: (_family(key), event.starts_at) for key, event in fresh.items()},
        )
    )
    note(
        _only_pairs(
            {key: session.fingerprint for key, session in gone.items()},
            {key: fingerprint(event) for key, event in fresh.items()},
        )
    )
    stayed = _days(key for key in known if key in there)
    olds, news = _days(gone), _days(fresh)
    for family, old in olds.items():
        note(_shifted(old, news.get(family, {}), set(stayed.get(family, ())), now.date()))
    return found


def _only_pairs(old: Mapping[Key, Any], new: Mapping[Key, Any]) -> dict[Key, Key]:
    """Of two mappings the keys with the same value, which nothing else has in either of them."""
    by_old, by_new = _only(old), _only(new)
    return {by_new[value]: by_old[value] for value in by_new.keys() & by_old.keys()}


def _only(values: Mapping[Key, T]) -> dict[T, Key]:
    owners: dict[T, list[Key]] = defaultdict(list)
    for key, value in values.items():
        owners[value].append(key)
    return {value: keys[0] for value, keys in owners.items() if len(keys) == 1}


def _family(key: Key) -> str:
    return _SPLIT.sub("", key[0])


def _days(keys: Iterable[Key]) -> dict[str, dict[date, Key]]:
    """The dates of each series; what does not recur has none, and where two are on one day nothing is clear."""
    found: dict[str, dict[date, Key]] = defaultdict(dict)
    for key in keys:
        if key[1]:
            found[_family(key)][date.fromisoformat(key[1])] = key
    return found


def _shifted(old: Mapping[date, Key], new: Mapping[date, Key], stayed: set[date], today: date) -> dict[Key, Key]:
    """All dates by as many days, or else each to the only new one near it of which it is the only old one."""
    every = [day for day in range(-FARTHEST, FARTHEST + 1) if day and _fits_all(old, new, stayed, today, day)]
    every.sort(key=lambda day: _likelihood(old, day))
    if every and (len(every) == 1 or _likelihood(old, every[0]) < _likelihood(old, every[1])):
        days = timedelta(days=every[0])
        return {new[day + days]: key for day, key in old.items() if day + days in new}
    near_new = {day: _near(day, new, stayed) for day in old}
    near_old = {day: _near(day, old, stayed) for day in new}
    return {
        new[close[0]]: old[day] for day, close in near_new.items() if len(close) == 1 and len(near_old[close[0]]) == 1
    }


def _fits_all(old: Mapping[date, Key], new: Mapping[date, Key], stayed: set[date], today: date, days: int) -> bool:
    """Whether all dates can have moved so: to a new one, or into the past; none over one that stayed."""
    targets = {day: day + timedelta(days=days) for day in old}
    return any(target in new for target in targets.values()) and all(
        (target in new or target <= today) and not _any_between(day, target, stayed) for day, target in targets.items()
    )


def _likelihood(old: Iterable[date], days: int) -> tuple[bool, bool, int]:
    """The smallest comes first: who moves a weekly date moves it by a few days, and rather within its week."""
    leaves_week = any(not 0 <= day.weekday() + days <= 6 for day in old)
    return (abs(days) > 4, leaves_week, abs(days))


def _near(day: date, others: Iterable[date], stayed: set[date]) -> list[date]:
    return [other for other in others if abs((other - day).days) <= FARTHEST and not _any_between(day, other, stayed)]


def _any_between(one: date, other: date, stayed: set[date]) -> bool:
    low, high = min(one, other), max(one, other)
    return any(low <= day <= high for day in stayed)
