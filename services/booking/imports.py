"""A partner's own calendar as sessions: what is new there is published here, what changed changes, what went is off.

The use case is inside the one transaction that it is given: a calendar is taken over whole, or nothing of it is.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from contracts.wire import Refusal
from services.booking import imported, series, usecases
from services.booking.drafts import Draft
from services.booking.ical_text import CalendarRefused
from services.booking.imported import Key, Known
from services.booking.partner_calendar import Occurrence, Reading
from services.booking.recurrence import ROME

SESSIONS_MAX = 200
_NAME = re.compile(r"[a-z0-9-]{1,40}")
# Whoever may run the command line is not one of the staff: the nil UUID (RFC 9562) stands for them in their audit.
_OPERATOR = {"id": UUID(int=0), "role": "coordinator", "partner": None}


@dataclass(frozen=True)
class Terms:
    """What a calendar does not say of its sessions. ``calendar`` tells apart several calendars of one partner."""

    capacity: int
    room_url: str
    language: str = "it"
    calendar: str = "main"


@dataclass(frozen=True)
class Report:
    """How many sessions were published, changed, called off, and found as they were.

    ``kept_off`` were called off here and still stand there; ``left_out`` are events that can be no session;
    ``too_many`` those after the first 200.
    """

    published: int = 0
    changed: int = 0
    called_off: int = 0
    unchanged: int = 0
    kept_off: int = 0
    left_out: int = 0
    too_many: int = 0


def import_calendar(tx: Transaction, now: datetime, partner: str, reading: Reading, terms: Terms) -> Report:
    """Make the sessions to come of ``partner`` that are from this calendar what ``reading`` says.

    It was read before (``partner_calendar.read``, at the same ``now``): that may take seconds, and a transaction keeps
    others waiting. Twice is as good as once. Raises CalendarRefused, with one line; then the transaction must not be
    committed.
    """
    if not _NAME.fullmatch(terms.calendar):
        raise CalendarRefused("Name a calendar with up to 40 small letters, digits and hyphens.")
    if not imported.hold_partner(tx, partner):
        raise CalendarRefused(f"There is no partner {partner[:40]!r}; add it first.")
    taken, too_many = reading.occurrences[:SESSIONS_MAX], reading.occurrences[SESSIONS_MAX:]
    work = _Import(tx, now, partner, terms, imported.known(tx, partner, terms.calendar))
    there = {_key(occurrence) for occurrence in reading.occurrences}
    work.recognise(taken, there)
    for occurrence in taken:
        work.take_over(occurrence)
    work.call_off_all_but(there)
    return replace(work.report, left_out=reading.left_out, too_many=len(too_many))


@dataclass
class _Import:
    tx: Transaction
    now: datetime
    partner: str
    terms: Terms
    known: dict[Key, Known]
    report: Report = Report()

    def recognise(self, events: Sequence[Occurrence], there: set[Key]) -> None:
        """An event that recurs from now on, or no more, has other keys: it is the session that starts when it does."""
        gone = {
            (key[0], known.starts_at): key
            for key, known in self.known.items()
            if key not in there and known.fingerprint and not known.cancelled_at and known.starts_at > self.now
        }
        for event in events:
            before, now_known = gone.get((event.uid, event.starts_at)), self.known.get(_key(event))
            if before and (now_known is None or now_known.fingerprint is None):
                known = self.known[_key(event)] = self.known.pop(before)
                self._keep(before, known.session_id, None)
                self._keep(_key(event), known.session_id, known.fingerprint)

    def take_over(self, event: Occurrence) -> None:
        known = self.known.get(_key(event))
        if known is None or known.fingerprint is None or known.starts_at <= self.now:
            if not event.cancelled:
                self._publish(event)
        elif known.cancelled_at:
            self._count("kept_off")
        elif event.cancelled:
            self._call_off(_key(event), known)
        elif known.fingerprint == self._fingerprint(event):
            self._count("unchanged")
        else:
            self._change(event, known)

    def call_off_all_but(self, there: set[Key]) -> None:
        for key, known in self.known.items():
            if key not in there and known.fingerprint and known.starts_at > self.now:
                self._call_off(key, known)

    def _publish(self, event: Occurrence) -> None:
        draft = Draft(
            partner=self.partner,
            title=event.title,
            description=self._description(event),
            language=self.terms.language,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            capacity=self.terms.capacity,
            room_url=self.terms.room_url,
        )
        try:
            usecases.publish_session(self.tx, self.now, draft)
        except Refusal as refusal:
            raise _refused(event, refusal) from None
        self._keep(_key(event), draft.id, self._fingerprint(event))
        self._count("published")

    def _change(self, event: Occurrence, known: Known) -> None:
        """As the staff would at the desk: who is in the session is told by the same event, once."""
        length = event.ends_at - event.starts_at
        wanted: dict[str, Any] = {
            "session_id": known.session_id,
            "scope": "one",
            "title": event.title,
            "description": self._description(event),
            "starts_at": event.starts_at.astimezone(ROME).replace(tzinfo=None),
            "minutes": int(length.total_seconds() // 60),
        }
        try:
            series.change_sessions(self.tx, self.now, actor=_OPERATOR, **wanted)
        except Refusal as refusal:
            raise _refused(event, refusal) from None
        self._keep(_key(event), known.session_id, self._fingerprint(event))
        self._count("changed")

    def _call_off(self, key: Key, known: Known) -> None:
        if known.cancelled_at is None:
            usecases.cancel_session(self.tx, self.now, session_id=known.session_id)
            self._count("called_off")
        self._keep(key, known.session_id, None)

    def _description(self, event: Occurrence) -> str:
        """Without the lines that have the room in them: it is told only to who has a seat."""
        room = self.terms.room_url
        return "\n".join(line for line in event.description.splitlines() if room not in line)

    def _fingerprint(self, event: Occurrence) -> str:
        times = (event.starts_at.isoformat(), event.ends_at.isoformat())
        facts = json.dumps([event.title, self._description(event), *times])
        return hashlib.sha256(facts.encode()).hexdigest()

    def _keep(self, key: Key, session_id: UUID, fingerprint: str | None) -> None:
        imported.save(self.tx, self.partner, self.terms.calendar, key, (session_id, fingerprint))

    def _count(self, what: str) -> None:
        self.report = replace(self.report, **{what: getattr(self.report, what) + 1})


def _key(event: Occurrence) -> Key:
    return (event.uid, event.recurrence)


def _refused(event: Occurrence, refusal: Refusal) -> CalendarRefused:
    wrong = refusal.details.get("fields", {refusal.code: []})
    words = "; ".join(f"{name}: {' '.join(each)}".strip(" :") for name, each in wrong.items())
    title = "".join(sign for sign in event.title[:60] if sign.isprintable())
    return CalendarRefused(f"The event «{title}» of {event.starts_at:%Y-%m-%d} cannot be a session: {words}")
