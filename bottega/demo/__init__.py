"""Demonstration content: four invented partners of a guidance centre in Turin, and their next two weeks.

Partners and sessions go through booking's use cases, so that everybody on the bus hears of them. The people who already
sit in them do not: their reservations are written without events, because notify would try to write to people who do
not exist, and the indicators would count them. They have an invented name, and a pseudonym that belongs to no address.
"""

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from bottega.demo.topics import NAMES, PARTNERS, TIMETABLE, TOPICS, Slot
from bus.database import Database
from bus.transaction import Transaction
from services.booking import domain, store, usecases
from services.booking.drafts import Draft

_ROME = ZoneInfo("Europe/Rome")
_NAMESPACE = UUID("6d1f3a52-5a0e-4c0b-9d54-2b7c0f6f4a11")
_DAYS = 14
_WEEKS = 2


def load(database: Database, now: datetime) -> None:
    """Publish what the timetable has for the two weeks from ``now`` (aware). What is there already stays as it is."""
    with database.reading() as tx:
        missing = [(slot, draft) for slot, draft in _drafts(now) if store.session(tx, draft.id) is None]
    if not missing:
        return
    with database.transaction() as tx:
        for partner in PARTNERS:
            usecases.add_partner(tx, partner)
        for slot, draft in missing:
            usecases.publish_session(tx, now, draft)
            _seat(tx, draft.id, slot.people, now)


def _drafts(now: datetime) -> Iterator[tuple[Slot, Draft]]:
    today = now.astimezone(_ROME).date()
    for day in (today + timedelta(days=number) for number in range(_DAYS)):
        for slot in TIMETABLE:
            draft = _draft(slot, day)
            if _falls_on(slot, day) and draft.starts_at > now:
                yield slot, draft


def _falls_on(slot: Slot, day: date) -> bool:
    weeks = (day.toordinal() - 1) // 7  # unlike the numbers of ISO weeks, even and odd take turns over New Year too
    return (slot.week, slot.weekday) == (weeks % _WEEKS, day.weekday())


def _draft(slot: Slot, day: date) -> Draft:
    topic = TOPICS[slot.topic]
    starts_at = datetime.combine(day, slot.start, _ROME)
    return Draft(
        partner=topic.partner,
        title=topic.title,
        description=topic.description,
        language=topic.language,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=topic.minutes),
        capacity=topic.capacity,
        room_url=f"https://meet.example.org/{slot.topic}-{day:%m%d}",
        opens_at=starts_at - timedelta(days=slot.opens_before) if slot.opens_before else None,
        id=uuid5(_NAMESPACE, f"{slot.topic} {day.isoformat()}"),
        stories=topic.stories,
    )


def _seat(tx: Transaction, session_id: UUID, people: int, now: datetime) -> None:
    """Fill the session as the rules would, with people who do not exist."""
    session = store.hold_session(tx, session_id)
    if session is None or not people:
        return
    booked = []
    for _ in range(people):
        booking = domain.reserve(session, secrets.token_hex(32), now)
        session = booking.session
        booked.append(booking.reservation)
    start = session_id.int % len(NAMES)  # not the same people in each
    store.insert_unreachable(tx, booked, islice(cycle(NAMES), start, None))
    store.save_seats(tx, session)
