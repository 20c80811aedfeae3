"""A post office: notify's database, once on SQLite and once on PostgreSQL, with its senders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bus.database import Database
from bus.migrations import upgrade
from services.notify.config import MIGRATIONS
from services.notify.tests.office import Office


@pytest.fixture
def database(database_uri: str) -> Iterator[Database]:
    database = Database(database_uri)
    upgrade(database, MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path / "mails")
