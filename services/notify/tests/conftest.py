"""A post office: notify's database, once on SQLite and once on PostgreSQL, with its senders."""

from pathlib import Path

import pytest

from bus.database import Database
from services.notify.config import MIGRATIONS
from services.notify.tests.office import Office
from tests.databases import Reused, on_each_database

migrated = on_each_database(MIGRATIONS)


@pytest.fixture
def database(migrated: Reused) -> Database:
    return migrated.emptied()


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path / "mails")
