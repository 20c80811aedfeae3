"""A partner's own calendar as sessions: what is new there is published here, what changed changes, what went is off.

The use case is inside the one transaction that it is given: a calendar is taken over whole, or nothing of it is.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from bus.transaction import Transaction
from contracts.wire import Refusal
from services.booking import series, store, usecases
from services.booking.calendars import imported
from services.booking.calendars.imported import Made
from services.booking.calendars.matching import Given, Key, Known, key_of, moves
from services.booking.calendars.reading import Occurrence, Reading
from services.booking.calendars.text import CalendarRefused
from services.booking.drafts import Draft
from services.booking.noting import PLATFORM
from services.booking.recurrence import ROME
from services.booking.series import Rooms

SESSIONS_MAX = 200
NAME = re.compile(r"[a-z0-9-]{1,40}")
MANY_GONE = 3  # and more than half of all: rather a fault in the calendar than a wish


@dataclass(frozen=True)
class Terms:
    """What a calendar does not say of its sessions. ``calendar`` tells apart several calendars of one partner.

    Without ``room_url`` each session gets a room of its own, where there is a template for rooms.
    """

    capacity: int
    room_url: str | None
    language: str = "it"
    calendar: str = "main"
    former_rooms: tuple[str, ...] = ()

    def description(self, event: Occurrence) -> str:
        """Without the lines that have the room in them, or one of before: it is told only to who has a seat."""
        rooms = [room for room in (self.room_url, *self.former_rooms) if room]
        lines = event.description.splitlines()
        return "\n".join(line for line in lines if not any(room in line for room in rooms))

    def fingerprint(self, event: Occurrence) -> str:
        times = (event.starts_at.isoformat(), event.ends_at.isoformat())
        facts = json.dumps([event.title, self.description(event), *times])
        return hashlib.sha256(facts.encode()).hexdigest()


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


@dataclass(frozen=True)
class Plan:
    """What is to be done, and nothing of it is done yet. ``moved``: a session with its new key and the one it had."""

    moved: list[tuple[Key, Key, Known]]
    publish: list[Occurrence]
    change: list[tuple[Occurrence, Known]]
    call_off: list[tuple[Key, Known]]
    report: Report
    to_come: int

    @property
    def calls_off_many(self) -> bool:
        gone = self.report.called_off
        return gone >= MANY_GONE and 2 * gone > self.to_come


class TooManyGone(Exception):
    """So many sessions would be called off that somebody should look first; nothing was changed."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


def import_calendar(  # noqa: PLR0913, PLR0917 (what a calendar is taken over with)
    tx: Transaction,
    now: datetime,
    partner: str,
    reading: Reading,
    terms: Terms,
    rooms: Rooms | None = None,
    *,
    careful: bool = False,
) -> Report:
    """Make the sessions to come of ``partner`` that are from this calendar what ``reading`` says.

    It was read before (``reading.read``, at the same ``now``): that may take seconds, and a transaction keeps
    others waiting. Twice is as good as once. Raises CalendarRefused, with one line, and when ``careful`` TooManyGone;
    then the transaction must not be committed.
    """
    if not NAME.fullmatch(terms.calendar):
        raise CalendarRefused("Name a calendar with up to 40 small letters, digits and hyphens.")
    if not imported.hold_partner(tx, partner):
        raise CalendarRefused(f"There is no partner {partner[:40]!r}; add it first.")
    known = imported.known(tx, partner, terms.calendar, now)
    plan = plan_of(known, reading, terms, now)
    # In the order of their ids, as who changes a series does: two who do so wait for each other in turn.
    touched = [*(each for _, each in plan.change), *(each for _, each in plan.call_off)]
    store.hold_sessions(tx, {each.session_id for each in touched})
    if touched and (now_known := imported.known(tx, partner, terms.calendar, now)) != known:
        plan = plan_of(now_known, reading, terms, now)
    if careful and plan.calls_off_many:
        raise TooManyGone(plan)
    _Import(tx, now, partner, terms, rooms).carry_out(plan)
    return plan.report


def plan_of(known: Mapping[Key, Known], reading: Reading, terms: Terms, now: datetime) -> Plan:
    """What makes the sessions that are ``known`` what ``reading`` says."""
    events = [*reading.occurrences, *reading.beyond]
    renamed = moves(known, events, terms.fingerprint, now)
    moved = [(new, old, known[old]) for new, old in renamed.items()]
    known = {key: session for key, session in known.items() if key not in renamed.values()}
    known |= {new: session for new, _, session in moved}
    there = {key_of(event) for event in events}
    taken = reading.occurrences[:SESSIONS_MAX] + [event for event in reading.beyond if key_of(event) in renamed]
    of_known = [(event, known[key_of(event)]) for event in taken if key_of(event) in known]
    publish = [event for event in taken if key_of(event) not in known and not event.cancelled]
    standing = [(event, session) for event, session in of_known if session.cancelled_at is None and not event.cancelled]
    change = [(event, session) for event, session in standing if session.fingerprint != terms.fingerprint(event)]
    gone = [(key_of(event), session) for event, session in of_known if event.cancelled]
    gone += [(key, session) for key, session in known.items() if key not in there]
    report = Report(
        published=len(publish),
        changed=len(change),
        called_off=sum(session.cancelled_at is None for _, session in gone),
        unchanged=len(standing) - len(change),
        kept_off=sum(session.cancelled_at is not None and not event.cancelled for event, session in of_known),
        left_out=reading.left_out,
        too_many=len(reading.occurrences[SESSIONS_MAX:]),
    )
    to_come = sum(session.cancelled_at is None for session in known.values())
    return Plan(moved, publish, change, gone, report, to_come)


@dataclass
class _Import:
    tx: Transaction
    now: datetime
    partner: str
    terms: Terms
    rooms: Rooms | None

    def carry_out(self, plan: Plan) -> None:
        kept: dict[Key, Made] = {}
        for new, old, known in plan.moved:
            kept[old] = Made(known.session_id, None, known.given)
            kept[new] = Made(known.session_id, known.fingerprint, known.given)
        for event in plan.publish:
            kept[key_of(event)] = self._publish(event)
        for event, known in plan.change:
            self._change(event, known)
            kept[key_of(event)] = Made(known.session_id, self.terms.fingerprint(event), known.given)
        for key, known in plan.call_off:
            if known.cancelled_at is None:
                usecases.cancel_session(self.tx, self.now, session_id=known.session_id)
            kept[key] = Made(known.session_id, None, known.given)
        imported.save(self.tx, self.partner, self.terms.calendar, kept)

    def _publish(self, event: Occurrence) -> Made:
        try:
            draft = draft_of(event, self.partner, self.terms, self.rooms)
            usecases.publish_session(self.tx, self.now, draft)
        except Refusal as refusal:
            raise refused(event, refusal) from None
        return Made(draft.id, self.terms.fingerprint(event), Given(draft.capacity, draft.room_url))

    def _change(self, event: Occurrence, known: Known) -> None:
        """As the staff would at the desk: who is in the session is told by the same event, once."""
        length = event.ends_at - event.starts_at
        wanted: dict[str, Any] = {
            "session_id": known.session_id,
            "scope": "one",
            "title": event.title,
            "description": self.terms.description(event),
            "starts_at": event.starts_at.astimezone(ROME).replace(tzinfo=None),
            "minutes": int(length.total_seconds() // 60),
        }
        try:
            series.change_sessions(self.tx, self.now, actor=PLATFORM, **wanted)
        except Refusal as refusal:
            raise refused(event, refusal) from None


def draft_of(event: Occurrence, partner: str, terms: Terms, rooms: Rooms | None) -> Draft:
    """The session that an event is to be. Raises CalendarRefused where there is no room for it."""
    key = uuid4()
    if terms.room_url is None and rooms is None:
        raise CalendarRefused("Say where the online room of its sessions is.", "room")
    return Draft(
        partner=partner,
        title=event.title,
        description=terms.description(event),
        language=terms.language,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        capacity=terms.capacity,
        room_url=terms.room_url or (rooms.address(key) if rooms else ""),
        id=key,
    )


def refused(event: Occurrence, refusal: Refusal) -> CalendarRefused:
    """Why an event can be no session; its code says which part of it is wrong."""
    wrong = refusal.details.get("fields", {refusal.code: []})
    words = "; ".join(f"{name}: {' '.join(each)}".strip(" :") for name, each in wrong.items())
    title = "".join(sign for sign in event.title[:60] if sign.isprintable())
    code = next((_PARTS[name] for name in wrong if name in _PARTS), "event")
    about = f"{title} ({event.starts_at.astimezone(ROME):%Y-%m-%d})".strip()
    return CalendarRefused(
        f"The event «{title}» of {event.starts_at:%Y-%m-%d} cannot be a session: {words}", code, about
    )


_PARTS = {"title": "event_title", "description": "event_description", "ends_at": "event_length", "room_url": "room"}
