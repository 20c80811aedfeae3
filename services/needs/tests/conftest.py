"""An empty, migrated database of needs, once on SQLite and once on PostgreSQL, and the intake that uses it."""

import pytest

from services.needs.config import MIGRATIONS
from services.needs.tests.inbox import Inbox
from tests.databases import Reused, on_each_database

migrated = on_each_database(MIGRATIONS)


@pytest.fixture
def inbox(migrated: Reused) -> Inbox:
    return Inbox(migrated.emptied())
