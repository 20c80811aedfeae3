"""What notify can do in one transaction each. Sending, which needs several, is in delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from bus.envelope import Event
from bus.transaction import Transaction
from contracts.person import person_id
from services.notify import store
from services.notify.domain import (
    NOTICES,
    NOTICES_MAX,
    TOLD_CHANGES,
    Contact,
    Kind,
    Schedule,
    change_key,
    message_key,
    reminder_key,
    reminders,
    schedule,
)

log = structlog.get_logger(__name__)


def remember_contact(tx: Transaction, key: bytes, now: datetime, arguments: dict[str, Any]) -> dict[str, str]:
    """Keep how a person is reached, in place of what was known. ``key`` is the key of ``person_id``.

    ``arguments`` are those of ``contracts.notify.RememberContact``.
    """
    email = arguments["email"].strip()
    contact = Contact(person_id(key, email), email, arguments["name"], arguments["language"], arguments["consent"])
    store.remember(tx, contact, now)
    return {"person_id": contact.person_id}


def tell_person(tx: Transaction, kind: Kind, event: Event, now: datetime) -> None:
    """Queue the message ``kind`` to the person of an event about a reservation, once.

    Of what the person did not cause there are at most ``NOTICES_MAX`` about a session: what comes after is not said.
    One process hears notify's events at a time, so nobody else counts and adds in between.
    """
    reservation, person = UUID(event.data["reservation_id"]), event.data["person_id"]
    if kind in NOTICES and store.notices(tx, person, UUID(event.data["session_id"])) >= NOTICES_MAX:
        log.info("enough notices", kind=kind, session=event.data["session_id"])
        return
    store.queue(tx, [_row(kind, reservation, person, event, now)])


def tell_of_seat(tx: Transaction, event: Event, hours: Sequence[int], now: datetime) -> None:
    """Queue what a person with a seat is told: now, and by reminders so many hours before the start."""
    kind = Kind.MOVED if _moved_from(event) else Kind.PROMOTED if event.data["promoted"] else Kind.CONFIRMED
    row = _row(kind, UUID(event.data["reservation_id"]), event.data["person_id"], event, now)
    store.queue(tx, [{**row, "moved_from": _moved_from(event)}, *_reminding(row, hours, now)])


def tell_of_place_in_line(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue what a person is told who waits for a seat."""
    kind = Kind.MOVED_TO_LIST if _moved_from(event) else Kind.WAITLISTED
    row = _row(kind, UUID(event.data["reservation_id"]), event.data["person_id"], event, now)
    store.queue(tx, [{**row, "moved_from": _moved_from(event)}])


def tell_of_end(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue what a person is told whose reservation is cancelled; of one that moved, what came in its place tells."""
    if not event.data.get("moved_to"):
        by_session = event.data["cancelled_by"] == "session"
        tell_person(tx, Kind.SESSION_CANCELLED if by_session else Kind.CANCELLED, event, now)


def tell_everybody(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue a message to each person that notify knows to have booked the session that is cancelled.

    Each reservation's own event asks for the same message; whichever comes first makes it.
    """
    people = store.people_of(tx, UUID(event.data["session_id"]))
    store.queue(tx, [_row(Kind.SESSION_CANCELLED, reservation, person, event, now) for reservation, person in people])


def tell_of_change(tx: Transaction, event: Event, hours: Sequence[int], now: datetime) -> None:
    """Tell everybody who has a reservation in a session what changed about it; their reminders move with it.

    A message that is not sent yet is overtaken by the new one, which says both changes, and how it was before the
    first. A change of the description alone is told to nobody.
    """
    changed, session = set(event.data["changed"]).intersection(TOLD_CHANGES), UUID(event.data["session_id"])
    if not changed:
        return
    if "times" in changed:
        follow_session(tx, _when(event), hours, now)
    told = store.changes_of(tx, session)
    known = {row.id for row in told}
    waiting = {row.reservation_id: row for row in told if row.due_at}
    rows = [
        _change(_row(Kind.SESSION_CHANGED, reservation, person, event, now), changed, event, waiting.get(reservation))
        for reservation, person in store.people_of(tx, session)
    ]
    fresh = [row for row in rows if row["id"] not in known]  # the event may come twice
    overtaken = [waiting[row["reservation_id"]].id for row in fresh if row["reservation_id"] in waiting]
    store.overtake(tx, overtaken, now)
    store.queue(tx, fresh)


def follow_session(
    tx: Transaction, to: Schedule, hours: Sequence[int], now: datetime, reservation: UUID | None = None
) -> None:
    """Make what is queued fit the time that the session has; of everybody, or of one ``reservation``.

    Doing it again changes nothing.
    """
    store.move(tx, to, reservation)
    facts = {**_at(to), "created_at": now}
    seats = [{**seat._asdict(), **facts} for seat in store.seats_of(tx, to.session_id, reservation)]
    store.queue(tx, [row for seat in seats for row in _reminding(seat, hours, now)])


def purge(tx: Transaction, now: datetime) -> None:
    """Forget the people whose sessions are long over, and links that nobody can use any more."""
    links = store.purge_links(tx, now)
    messages, contacts = store.purge(tx, now)
    if messages or contacts or links:
        log.info("forgot", messages=messages, contacts=contacts, links=links)


def _row(kind: Kind, reservation: UUID, person: str, event: Event, now: datetime) -> dict[str, Any]:
    return {
        "id": message_key(kind, reservation, datetime.fromisoformat(event.time).date()),
        "kind": kind.value,
        "reservation_id": reservation,
        "person_id": person,
        **_at(_when(event)),
        "created_at": now,
        "correlationid": event.correlationid,
    }


def _change(row: dict[str, Any], changed: set[str], event: Event, before: Any) -> dict[str, Any]:
    """The ``row`` of a message about a change; ``before`` is the one of the change before, if that is not sent."""
    words = changed.union(before.changed.split()) if before else changed
    return {
        **row,
        "id": change_key(row["reservation_id"], event.sequence),
        "changed": " ".join(word for word in TOLD_CHANGES if word in words),
        "known_start": before.known_start if before else datetime.fromisoformat(event.data["was_starts_at"]),
    }


def _reminding(row: dict[str, Any], hours: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """The reminders of the seat that ``row`` is about, of the start that it knows; those that are still to come."""
    starts_at = row["known_start"]
    later = {**row, "kind": Kind.REMINDER.value}
    return [
        {**later, "id": reminder_key(row["reservation_id"], each, starts_at), "due_at": due}
        for each, due in reminders(starts_at, hours, now).items()
    ]


def _moved_from(event: Event) -> UUID | None:
    before = event.data.get("moved_from")
    return UUID(before) if before else None


def _when(event: Event) -> Schedule:
    return schedule(event.data["session_id"], event.data)


def _at(when: Schedule) -> dict[str, Any]:
    return {"session_id": when.session_id, "known_start": when.starts_at, "session_ends_at": when.ends_at}
