"""Fetching the calendars that are followed: claim one with a lease, fetch it outside of any transaction, take it over.

The order is the guarantee. A process that dies leaves a claim that runs out, and somebody fetches the calendar again.
What is taken over, and that it was, are one transaction, which holds only while the claim does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import DBAPIError

from bus.database import Database
from bus.failures import where
from bus.transaction import Transaction
from services.booking import store
from services.booking.calendars import imported
from services.booking.calendars.fetching import Fetched, Tags
from services.booking.calendars.imports import Plan, Terms, TooManyGone, draft_of, import_calendar, plan_of, refused
from services.booking.calendars.reading import Reading, read
from services.booking.calendars.text import CalendarRefused
from services.booking.calendars.usecases import preview_of
from services.booking.drafts import session_from
from services.booking.errors import InvalidArguments
from services.booking.series import Rooms
from services.booking.store import Calendar

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=30)
LEASE = timedelta(minutes=2)  # fetching takes 10 seconds at most, and the rest a few
LONGEST_PAUSE = timedelta(days=1)
WHOLE_EVERY = timedelta(days=1)  # what never changes goes on all the same: the days ahead become others


class Fetch(Protocol):
    """``fetching.fetch`` with what is trusted here. Raises CalendarRefused."""

    def __call__(self, url: str, *, had: Tags) -> Fetched: ...


# Runs what would stop all green threads where it stops none, and answers what it answers.
Aside = Callable[[Callable[[], Reading]], Reading]


@dataclass(frozen=True)
class Following:
    """``clock`` answers the time, aware."""

    database: Database
    rooms: Rooms
    fetch: Fetch
    aside: Aside
    clock: Callable[[], datetime]

    def run(self) -> bool:
        """Fetch the calendar that is due, if one is. Answers whether there may be more."""
        calendar = self._claim()
        if calendar is None:
            return False
        try:
            fetched = self.fetch(calendar.url, had=_had(calendar, self.clock()))
            moment = self.clock()
            reading = None if fetched.body is None else self.aside(partial(read, fetched.body, moment))
            self._take_over(calendar, fetched.tags, reading, moment)
        except CalendarRefused as refusal:
            self._put_off(calendar, refusal.code, refusal.about)
        except DBAPIError:  # nothing of the calendar's: it is fetched again when the claim ends
            raise
        except Exception as defect:  # noqa: BLE001  # it concerns this calendar alone
            # Not its words: they may quote the address.
            kind, place = type(defect).__name__, where(defect)
            log.error("defect in a calendar", calendar=str(calendar.id), error=kind, where=place)  # noqa: TRY400
            self._put_off(calendar, "defect", None)
        return True

    def _claim(self) -> Calendar | None:
        now = self.clock()
        with self.database.reading() as tx:  # most of the time there is none, and nobody need wait for a writer
            if not store.any_due(tx, now):
                return None
        with self.database.transaction() as tx:
            return store.claim_due(tx, now, now + LEASE)

    def _take_over(self, claimed: Calendar, tags: Tags, reading: Reading | None, moment: datetime) -> None:
        with self.database.transaction() as tx:
            calendar = _still(tx, claimed)
            if calendar is None:
                return
            done = self._done(tx, calendar, reading, moment) if reading else {}
            seen = {"read_at": moment, "etag": tags.etag, "last_modified": tags.last_modified} if reading else {}
            well = {"fetched_at": moment, "next_at": moment + EVERY, "failures": 0, "problem": None}
            values = {"claimed_until": None, "problem_about": None, **well, **seen, **done}
            store.save_calendar(tx, calendar.id, **values)
        log.info("calendar fetched", calendar=str(calendar.id), **(done.get("last") or {}))

    def _done(self, tx: Transaction, calendar: Calendar, reading: Reading, moment: datetime) -> dict[str, Any]:
        """Take it over, or note what would be done where that is to be confirmed; the columns that say so."""
        former = tuple(calendar.former_rooms)
        terms = Terms(calendar.capacity, calendar.room_url, calendar.language, calendar.name, former)
        if calendar.state == "new":
            known = imported.known(tx, calendar.partner.id, calendar.name, moment)
            plan = plan_of(known, reading, terms, moment)
            self._check(plan, calendar, terms, moment)
            return {"preview": preview_of(plan), "next_at": None}
        careful = calendar.state != "confirmed"
        try:
            report = import_calendar(tx, moment, calendar.partner.id, reading, terms, self.rooms, careful=careful)
        except TooManyGone as many:
            return {"preview": preview_of(many.plan), "state": "asking"}
        last = vars(report)
        changed = {"changes": last, "changed_at": moment} if _changed(last) else {}
        return {"last": last, "state": "following", "preview": None, **changed}

    def _check(self, plan: Plan, calendar: Calendar, terms: Terms, moment: datetime) -> None:
        """Whether each event can be a session, before anybody confirms that. Raises CalendarRefused."""
        for event in plan.publish:
            try:
                session_from(draft_of(event, calendar.partner.id, terms, self.rooms), calendar.partner, moment)
            except InvalidArguments as refusal:
                raise refused(event, refusal) from None

    def _put_off(self, claimed: Calendar, problem: str, about: str | None) -> None:
        """Try again later, and after each failure in a row twice as late."""
        now = self.clock()
        with self.database.transaction() as tx:
            calendar = _still(tx, claimed)
            if calendar is None:
                return
            failures = calendar.failures + 1
            pause = min(EVERY * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
            values = {"failures": failures, "problem": problem, "problem_about": about, "next_at": now + pause}
            store.save_calendar(tx, calendar.id, claimed_until=None, **values)
        log.warning("calendar put off", calendar=str(claimed.id), problem=problem, failures=failures)


def _still(tx: Transaction, claimed: Calendar) -> Calendar | None:
    """The calendar, held, if the claim on it is; not if it was given up, or somebody else has it by now."""
    calendar = store.hold_calendar(tx, claimed.id)
    if calendar is None or calendar.claimed_until != claimed.claimed_until:
        log.warning("claim lost", calendar=str(claimed.id))
        return None
    return calendar


def _had(calendar: Calendar, now: datetime) -> Tags:
    """Of which version to say that one has it: of none where it must be read whole."""
    whole = calendar.state != "following" or calendar.read_at is None or now - calendar.read_at >= WHOLE_EVERY
    return Tags() if whole else Tags(calendar.etag, calendar.last_modified)


def _changed(counts: dict[str, int]) -> bool:
    return any(counts[name] for name in ("published", "changed", "called_off"))
