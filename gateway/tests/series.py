"""A series of sessions for tests of the pages and the API."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from bus.times import now
from gateway.tests.api.conftest import KEY, Site
from services.booking.recurrence import ROME
from services.booking.series import Rooms, publish_sessions

COORDINATOR = {"id": uuid4(), "role": "coordinator", "partner": None}
ROOMS = Rooms("https://meet.example.org/{room}", KEY)


def publish_series(site: Site, dates: int = 3, **changes: Any) -> list[str]:
    """A session on so many days, from tomorrow on, with one seat each; answers their ids."""
    start = now().astimezone(ROME).replace(second=0, microsecond=0, tzinfo=None) + timedelta(days=1)
    facts = {
        "actor": COORDINATOR,
        "partner": "orso",
        "title": "Orientarsi dopo il diploma",
        "description": "Che cosa viene dopo.",
        "language": "it",
        "starts_at": start,
        "minutes": 60,
        "capacity": 1,
        "rule": f"FREQ=DAILY;COUNT={dates}",
    }
    with site.database.transaction() as tx:
        published = publish_sessions(tx, now(), ROOMS, **{**facts, **changes})
    return [str(session["id"]) for session in published["items"]]
