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
from services.notify.domain import NOTICES, NOTICES_MAX, Contact, Kind, message_key, reminder_key, reminders

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
    kind = Kind.PROMOTED if event.data["promoted"] else Kind.CONFIRMED
    reservation, person = UUID(event.data["reservation_id"]), event.data["person_id"]
    moments = reminders(datetime.fromisoformat(event.data["starts_at"]), hours, now)
    later = _row(Kind.REMINDER, reservation, person, event, now)
    reminding = [{**later, "id": reminder_key(reservation, each), "due_at": due} for each, due in moments.items()]
    store.queue(tx, [_row(kind, reservation, person, event, now), *reminding])


def tell_everybody(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue a message to each person that notify knows to have booked the session that is cancelled.

    Each reservation's own event asks for the same message; whichever comes first makes it.
    """
    people = store.people_of(tx, UUID(event.data["session_id"]))
    store.queue(tx, [_row(Kind.SESSION_CANCELLED, reservation, person, event, now) for reservation, person in people])


def purge(tx: Transaction, now: datetime) -> None:
    """Forget the people whose sessions are long over."""
    messages, contacts = store.purge(tx, now)
    if messages or contacts:
        log.info("forgot", messages=messages, contacts=contacts)


def _row(kind: Kind, reservation: UUID, person: str, event: Event, now: datetime) -> dict[str, Any]:
    return {
        "id": message_key(kind, reservation, datetime.fromisoformat(event.time).date()),
        "kind": kind.value,
        "reservation_id": reservation,
        "session_id": UUID(event.data["session_id"]),
        "person_id": person,
        "session_ends_at": datetime.fromisoformat(event.data["ends_at"]),
        "created_at": now,
        "correlationid": event.correlationid,
    }
