"""The website over the embedded bus with the real booking service, and a person who fills in its forms."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.tests.api.conftest import Site as Site
from gateway.tests.api.conftest import built_anew as built_anew
from gateway.tests.api.conftest import silent as silent
from gateway.tests.api.conftest import site as site
from gateway.tests.kept import kept_booking as kept_booking
from gateway.tests.kept import kept_needs as kept_needs
from gateway.tests.kept import kept_notify as kept_notify
from gateway.tests.kept import kept_staff as kept_staff


@dataclass
class Person:
    """Somebody with a browser: follows redirects, sends back the hidden fields of the form that is on the page."""

    client: Any  # a FlaskClient
    page: Any = None

    def open(self, path: str) -> Any:
        self.page = self.client.get(path, follow_redirects=True)
        return self.page

    def send(self, path: str | None = None, **fields: str) -> Any:
        """Send the form of the page at hand, to the page itself unless ``path`` says where."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page.text))
        here = path or self.page.request.path
        self.page = self.client.post(here, data={**hidden, **fields}, follow_redirects=True)
        return self.page

    def fill_in(self, session_id: str, name: str = "Giulia Ferrero", email: str = "giulia@example.org") -> Any:
        """Up to the page on which everything is checked."""
        self.open(f"/sessioni/{session_id}/prenota")
        self.send(name=name)
        return self.send(email=email, consent="1")

    def book(self, session_id: str, **who: str) -> Any:
        self.fill_in(session_id, **who)
        return self.send()

    def open_link(self, site: Site, reservation_id: str) -> Any:
        """As from the mail."""
        token = site.token(reservation_id)["Authorization"].removeprefix("Bearer ")
        return self.open(f"/gestisci/{reservation_id}/{token}")


@pytest.fixture
def person(site: Site) -> Person:
    return Person(site.client)
