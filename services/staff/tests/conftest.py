"""An empty, migrated database of staff, once on SQLite and once on PostgreSQL, and the office that uses it."""

from uuid import UUID

import pytest

from bus.database import Database
from services.staff.config import MIGRATIONS
from services.staff.tests.office import Office
from tests.databases import Reused, on_each_database

migrated = on_each_database(MIGRATIONS)


@pytest.fixture
def database(migrated: Reused) -> Database:
    return migrated.emptied()


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def carla(office: Office) -> UUID:
    return office.coordinator()


@pytest.fixture
def anna(office: Office) -> UUID:
    return office.add_with_password()
