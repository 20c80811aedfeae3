"""The site with notify beside booking, for the pages behind a link in a mail; nothing is sent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bus.database import Database
from bus.node import Node
from bus.times import now
from gateway.tests.api.conftest import GIULIA, KEY, Site, _serve
from services.notify import usecases
from services.notify.links import link_token
from services.notify.service import NotifyService
from services.notify.tables import contacts, personal_links
from services.notify.tests.examples import settings


@dataclass
class Office:
    """Notify's database, and what a test wants to know of it."""

    site: Site
    database: Database

    def remember(self, email: str = GIULIA["email"]) -> None:
        """As booking tells it."""
        with self.database.transaction() as tx:
            usecases.remember_contact(tx, KEY, now(), {**GIULIA, "email": email})

    def links(self) -> list[str]:
        """The address in each mail with a link, the newest last."""
        with self.database.reading() as tx:
            found = tx.connection.execute(select(personal_links.c.id).order_by(personal_links.c.created_at)).scalars()
            return [f"/le-mie/{link}/{link_token(KEY, UUID(str(link)))}" for link in found]

    def link(self) -> str:
        """A new link to Giulia's page."""
        self.remember()
        client = self.site.client.application.test_client()
        token = client.get("/le-mie").text.split('name="csrf_token" value="')[1].partition('"')[0]
        assert client.post("/le-mie", data={"csrf_token": token, "email": GIULIA["email"]}).status_code == 303
        return self.links()[-1]

    def contact(self) -> Any:
        with self.database.reading() as tx:
            return tx.connection.execute(select(contacts)).one()


def office_beside(site: Site, database: Database) -> Office:
    """Put notify, with this database, on the bus of the site."""
    node = Node("notify", site.bus, database)
    service: Any = NotifyService()
    service.settings = settings(Path("nowhere"), PERSON_KEY=KEY.hex())
    _serve(node, service)
    site.bus.join(node)  # and not started: nothing is heard, and nothing is sent
    return Office(site, database)
