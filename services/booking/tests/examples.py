"""Plain values for the tests: one moment, and sessions and drafts around it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.booking.domain import Partner, Reservation, Session, State
from services.booking.drafts import Draft

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ORSO = Partner("orso", "Cooperativa Orso")
OPERATOR = {"id": uuid4(), "role": "operator", "partner": ORSO.id}
PRESCRIBER = {"id": uuid4(), "role": "prescriber", "partner": None}
PERSON_KEY = b"a key for the pseudonyms of tests"
SECRET_KEY = b"a key for the tokens of the tests"


def a_session(**changes: Any) -> Session:
    """Tomorrow, two seats, open for booking."""
    facts = {
        "id": uuid4(),
        "partner": ORSO,
        "title": "Orientarsi dopo il diploma",
        "description": "Lavoro, ITS, università, servizio civile.",
        "language": "it",
        "starts_at": NOW + DAY,
        "ends_at": NOW + DAY + timedelta(hours=1),
        "opens_at": NOW - DAY,
        "closes_at": NOW + DAY,
        "capacity": 2,
        "room_url": "https://meet.example.org/orientarsi",
    }
    return Session(**{**facts, **changes})


def a_draft(**changes: Any) -> Draft:
    """What ``a_session`` is published from."""
    facts = {
        "partner": ORSO.id,
        "title": "Orientarsi dopo il diploma",
        "description": "Lavoro, ITS, università, servizio civile.",
        "language": "it",
        "starts_at": NOW + DAY,
        "ends_at": NOW + DAY + timedelta(hours=1),
        "capacity": 2,
        "room_url": "https://meet.example.org/orientarsi",
    }
    return Draft(**{**facts, **changes})


def a_reservation(session: Session, state: State = State.CONFIRMED, ticket: int = 1, **changes: Any) -> Reservation:
    facts = {"session_id": session.id, "person_id": "p", "state": state, "ticket": ticket, "booked_at": NOW}
    return Reservation(**{**facts, **changes})
