"""What the tests are about: one person, one session, and the settings that they run with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from bus.config import read_settings
from bus.envelope import Event
from contracts import booking
from contracts.person import person_id
from contracts.staff import ACTOR_EXAMPLE
from contracts.wire import EventType
from services.notify.config import Settings
from services.notify.domain import Contact, Kind, Message

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STARTS = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)  # the session of the contracts' example
DAY = timedelta(days=1)
KEY = bytes(32)
STAFF_ID = UUID(ACTOR_EXAMPLE["id"])
MEMBER = Contact("", "anna.bruno@example.org", "Anna Bruno", "it", consent=True)
ENVIRONMENT = {
    "NOTIFY_DATABASE_URI": "sqlite:////nowhere/notify.db",
    "NOTIFY_AMQP_URI": "amqp://localhost",
    "NOTIFY_SENDER": "Città dei Mestieri <info@example.org>",
    "PERSON_KEY": KEY.hex(),
    "PUBLIC_URL": "https://arlo.example.org",
}


def settings(folder: Path, **variables: str) -> Settings:
    """Settings whose mails go into ``folder``, unless ``NOTIFY_SMTP_URI`` is among the ``variables``."""
    return read_settings(Settings, {**ENVIRONMENT, "NOTIFY_OUTPUT_DIR": str(folder), **variables})


def a_letter(**changes: Any) -> dict[str, Any]:
    """What booking answers about the reservation of the contracts' example; ``session`` changes the session's facts."""
    example = booking.DESCRIBE_RESERVATIONS.result_example["items"][0]
    session = {**example["session"], **changes.pop("session", {})}
    return {**example, **changes, "session": session}


def a_message(kind: Kind, **changes: Any) -> Message:
    """To the person of the contracts' example, who knows when the session is."""
    facts: dict[str, Any] = {"reservation_id": UUID(a_letter()["id"]), "person_id": "p", "attempts": 1}
    moments = {"created_at": NOW, "due_at": NOW, "session_ends_at": STARTS, "known_start": STARTS}
    return Message(**{"id": uuid4(), "kind": kind, **facts, **moments, "correlationid": "correlation-1", **changes})


_LINE: dict[str, Any] = {
    "state": "waiting",
    "position": 3,
    "offer_expires_at": None,
    "passed_over": False,
    "seat_is_free": False,
}
_NO_SEAT: dict[str, Any] = {"join_token": None, "was_confirmed": False}
WAITING: dict[str, Any] = {**_NO_SEAT, "state": "waiting", "position": 3, "waiting_list": _LINE}
ACCEPTED: dict[str, Any] = {"waiting_list": {**_LINE, "state": "accepted", "position": None}, "revision": 2}
CANCELLED: dict[str, Any] = {"state": "cancelled", "join_token": None, "revision": 1}


def offered_until(moment: str) -> dict[str, Any]:
    """A seat is held for who waited, until ``moment`` (RFC 3339)."""
    line = {**_LINE, "state": "offered", "position": None, "offer_expires_at": moment}
    return {**_NO_SEAT, "state": "waiting", "position": None, "waiting_list": line, "revision": 1}


OFFER_ENDS = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
OFFERED = offered_until(OFFER_ENDS.isoformat())


def left_the_list(how: str) -> dict[str, Any]:
    """A place on the waiting list that is over: ``declined``, ``expired`` or ``withdrawn``."""
    line = {**_LINE, "state": how, "position": None}
    return {**_NO_SEAT, "state": "cancelled", "position": None, "waiting_list": line, "revision": 2}


def person(email: str) -> str:
    return person_id(KEY, email)


def about(event: EventType, email: str, reservation: UUID | None = None, **changes: Any) -> Event:
    """The event's example, but about the person with this address, and a reservation of theirs."""
    data = {**event.example, "person_id": person(email), "reservation_id": str(reservation or uuid4()), **changes}
    return _event(event, data)


def session_cancelled(**changes: Any) -> Event:
    return _event(booking.SESSION_CANCELLED, {**booking.SESSION_CANCELLED.example, **changes})


def session_changed(*changed: str, sequence: int = 1, **changes: Any) -> Event:
    data = {**booking.SESSION_CHANGED.example, "changed": list(changed), **changes}
    return replace(_event(booking.SESSION_CHANGED, data), sequence=sequence)


def _event(event: EventType, data: dict[str, Any]) -> Event:
    subject = f"reservation/{data.get('reservation_id')}"
    return Event(str(uuid4()), event.source, event.name, NOW.isoformat(), subject, 1, data, "correlation-1")
