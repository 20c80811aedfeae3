"""What the tests are about: one person, one session, and the settings that they run with."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from bus.config import read_settings
from bus.envelope import Event
from contracts import booking
from contracts.person import person_id
from contracts.wire import EventType
from services.notify.config import Settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = bytes(32)
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


WAITING: dict[str, Any] = {"state": "waiting", "position": 3, "room_url": None, "was_confirmed": False}
CANCELLED: dict[str, Any] = {"state": "cancelled", "room_url": None, "revision": 1}


def person(email: str) -> str:
    return person_id(KEY, email)


def about(event: EventType, email: str, reservation: UUID | None = None, **changes: Any) -> Event:
    """The event's example, but about the person with this address, and a reservation of theirs."""
    data = {**event.example, "person_id": person(email), "reservation_id": str(reservation or uuid4()), **changes}
    return _event(event, data)


def session_cancelled(**changes: Any) -> Event:
    return _event(booking.SESSION_CANCELLED, {**booking.SESSION_CANCELLED.example, **changes})


def _event(event: EventType, data: dict[str, Any]) -> Event:
    subject = f"reservation/{data.get('reservation_id')}"
    return Event(str(uuid4()), event.source, event.name, NOW.isoformat(), subject, 1, data, "correlation-1")
