"""The databases of the services behind the website, which its tests use one after the other."""

from collections.abc import Iterator

import pytest

from services.booking.config import MIGRATIONS as BOOKING
from services.needs.config import MIGRATIONS as NEEDS
from services.notify.config import MIGRATIONS as NOTIFY
from services.staff.config import MIGRATIONS as STAFF
from tests.databases import Reused, reused


@pytest.fixture(scope="session")
def kept_booking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reused]:
    with reused(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'booking.db'}", BOOKING) as kept:
        yield kept


@pytest.fixture(scope="session")
def kept_notify(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reused]:
    with reused(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'notify.db'}", NOTIFY) as kept:
        yield kept


@pytest.fixture(scope="session")
def kept_staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reused]:
    with reused(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'staff.db'}", STAFF) as kept:
        yield kept


@pytest.fixture(scope="session")
def kept_needs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reused]:
    with reused(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'needs.db'}", NEEDS) as kept:
        yield kept
