"""The website with the real booking and staff services, and members of the staff with a browser each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from bus.database import Database
from bus.node import Node
from bus.times import now
from gateway.config import Settings
from gateway.tests.api.conftest import KEY, _serve
from gateway.tests.conftest import Person, Site
from gateway.tests.websites import website
from services.staff import usecases
from services.staff.domain import Role
from services.staff.service import StaffService
from tests.databases import Reused


@dataclass
class Staff:
    """The accounts, and the website that their owners use."""

    site: Site
    database: Database
    node: Node
    app: Flask

    def add(self, email: str = "anna@example.org", role: str = "operator", partner: str | None = "orso") -> str:
        """A new account; answers the token of its link."""
        facts: dict[str, Any] = {"name": "Anna Bruno", "email": email, "role": Role(role), "partner": partner}
        with self.database.transaction() as tx:
            return usecases.add(tx, now(), "operator:test", **facts)[1]

    def disable(self, email: str = "anna@example.org") -> None:
        with self.database.transaction() as tx:
            usecases.disable(tx, now(), "operator:test", email=email)

    def visitor(self) -> Person:
        return Person(self.app.test_client())

    def member(self, role: str = "operator", partner: str | None = "orso", email: str = "anna@example.org") -> Person:
        """Somebody who came in by a link."""
        person = self.visitor()
        person.open(f"/banco/entra/{self.add(email, role, partner)}")
        person.send()
        return person


@pytest.fixture
def make_staff(site: Site, kept_staff: Reused) -> Callable[..., Staff]:
    """A function that makes the website with these settings."""
    database = kept_staff.emptied()
    node = Node("staff", site.bus, database)
    service: Any = StaffService()
    service.bus = node
    _serve(node, service)
    gateway = Node("gateway", site.bus)

    def make(**settings: Any) -> Staff:
        app = website(gateway.client, Settings(**{"secret_key": KEY, "password_key": KEY, **settings}))
        return Staff(site, database, node, app)

    return make


@pytest.fixture
def staff(make_staff: Callable[..., Staff]) -> Staff:
    return make_staff()
