"""The website with its API over the embedded bus, with the real booking service on it and a database of its own."""

import inspect
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from bus.client import Client
from bus.client import Request as Asked
from bus.database import Database
from bus.embedded import EmbeddedBus
from bus.extensions import Refusals, Request
from bus.node import Node
from bus.times import now
from gateway.app import create_app
from gateway.config import Settings
from gateway.tests.websites import website
from services.booking import config, usecases
from services.booking.domain import Partner
from services.booking.drafts import Draft
from services.booking.service import BookingService
from tests.databases import Reused

GIULIA: dict[str, Any] = {"name": "Giulia Ferrero", "email": "giulia@example.org", "language": "it", "consent": True}
KEY = bytes(range(32))


class HurriedBus(EmbeddedBus):
    """The embedded bus, on which a test need not wait for long to see that nobody answers."""

    patience: float | None = None  # seconds

    def request(self, request: Asked) -> dict[str, Any]:
        return super().request(replace(request, timeout=self.patience) if self.patience else request)

    def finish(self) -> None:
        """Wait for answers that nobody waited for, and carry out what was accepted for booking."""
        for thread in threading.enumerate():
            if thread.name.endswith("(answer)"):
                thread.join()
        booking = self._nodes.get("booking")
        while booking and self._accepted and self._accepted.carry_out_next("booking", booking.answering):
            pass


@dataclass
class Site:
    """What a test needs at hand: the client of the site, booking's node, and its database."""

    client: Any  # a FlaskClient; its types say that every answer may be without JSON
    bus: HurriedBus
    booking: Node
    database: Database

    def publish(self, days: int = 1, **changes: Any) -> str:
        """A session in so many days, with two seats; answers its id."""
        start = now().replace(microsecond=0) + timedelta(days=days)
        facts = {
            "partner": "orso",
            "title": "Orientarsi dopo il diploma",
            "description": "Che cosa viene dopo.",
            "language": "it",
            "starts_at": start,
            "ends_at": start + timedelta(hours=1),
            "capacity": 2,
            "room_url": "https://meet.example.org/orientarsi",
        }
        with self.database.transaction() as tx:
            return str(usecases.publish_session(tx, now(), Draft(**{**facts, **changes}))["id"])

    def book(self, session_id: str, key: str = "one", **changes: Any) -> Any:
        path = f"/api/v1/sessions/{session_id}/reservations"
        return self.client.post(path, json={**GIULIA, **changes}, headers={"Idempotency-Key": key})

    def letter(self, reservation_id: str) -> dict[str, Any]:
        """What notify is told for a mail."""
        with self.database.reading() as tx:
            found = usecases.describe_reservations(tx, now(), KEY, reservation_ids=[UUID(reservation_id)])
        (letter,) = found["items"]
        return dict(letter)

    def token(self, reservation_id: str) -> dict[str, str]:
        """The header of who has the mail with the link."""
        return {"Authorization": f"Bearer {self.letter(reservation_id)['token']}"}


def _serve(node: Node, service: Any) -> None:
    """What nameko's container does with the requests of a service, less its workers."""
    for name, method in inspect.getmembers(service, inspect.ismethod):
        for entrypoint in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(entrypoint, Request):
                node.answering.serve(entrypoint._declared, getattr(service, name))
            if isinstance(entrypoint, Refusals):
                node.answering.tell_refusals(entrypoint.declared, getattr(service, name))


@pytest.fixture
def site(kept_booking: Reused, tmp_path: Path) -> Iterator[Site]:
    database = kept_booking.emptied()
    with database.transaction() as tx:
        usecases.add_partner(tx, Partner("orso", "Cooperativa Orso"))
    bus = HurriedBus(tmp_path)
    # Booking's node is not started: what it tells the others is no part of these tests.
    booking, gateway = Node("booking", bus, database), Node("gateway", bus)
    service: Any = BookingService()
    uri = database.engine.url.render_as_string()
    service.settings = config.Settings(database_uri=uri, person_key=KEY, secret_key=KEY)
    _serve(booking, service)
    app = website(gateway.client, Settings(secret_key=KEY))
    yield Site(app.test_client(), bus, booking, database)
    bus.finish()


def nobody() -> Client:
    """Asks a bus that no service is on."""
    return Node("gateway", EmbeddedBus()).client


@pytest.fixture
def silent() -> Any:
    """The site, with no service there to answer."""
    return website(nobody(), Settings(secret_key=KEY[::-1])).test_client()


@pytest.fixture
def built_anew() -> Any:
    """As ``silent``, for a test that adds pages of its own."""
    return create_app(Settings(secret_key=KEY), nobody()).test_client()
