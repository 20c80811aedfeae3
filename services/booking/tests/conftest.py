"""An empty, migrated database of booking, once on SQLite and once on PostgreSQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from bus.database import Database
from services.booking import usecases
from services.booking.config import MIGRATIONS
from services.booking.tests.calendars.web import Web, serving
from services.booking.tests.desk import Desk
from services.booking.tests.examples import ORSO
from tests.databases import Reused, on_each_database

migrated = on_each_database(MIGRATIONS)


@pytest.fixture
def database(migrated: Reused) -> Database:
    return migrated.emptied()


@pytest.fixture
def desk(database: Database) -> Desk:
    """The use cases, each in a transaction of its own, with one partner to publish for."""
    with database.transaction() as tx:
        usecases.add_partner(tx, ORSO)
    return Desk(database)


@pytest.fixture
def statements(database: Database) -> Iterator[list[str]]:
    """What is sent to the database from now on."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("https")) as web:
        yield web


@pytest.fixture
def web(server: Web) -> Web:
    """A web server without pages."""
    server.pages.clear()
    server.asked.clear()
    return server
