"""The four set-ups of the bus: each transport on each database."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

import bus.node
import bus.rabbitmq.connection
import bus.rabbitmq.intake
import bus.rabbitmq.requests
from bus.database import Database
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import Embedded, OverRabbitMQ, Wire
from tests.servers import PostgreSQL, RabbitMQ


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads look more often, whether there is something to do or they are to stop, and try again sooner."""
    for module, name, seconds in (
        (bus.node, "LEAD_AGAIN", 0.1),
        (bus.node, "POLL", 0.1),
        (bus.node, "BACK_OFF_MAX", 0.5),
        (bus.rabbitmq.intake, "TICK", 0.05),
        (bus.rabbitmq.requests, "TICK", 0.05),
        (bus.rabbitmq.connection, "BACK_OFF_MAX", 0.5),
    ):
        monkeypatch.setattr(module, name, seconds)


@pytest.fixture(scope="session")
def shared_wire(rabbitmq: RabbitMQ) -> Iterator[OverRabbitMQ]:
    """A virtual host that is set up once: to empty its queues takes a tenth of the time."""
    vhost = rabbitmq.new_vhost()
    wire = OverRabbitMQ(vhost)
    yield wire
    wire.close()
    vhost.delete()


@pytest.fixture
def remote_wire(shared_wire: OverRabbitMQ) -> OverRabbitMQ:
    """RabbitMQ, with nothing in the queues."""
    shared_wire.empty()
    return shared_wire


@pytest.fixture(scope="session")
def postgres_uris(postgres: PostgreSQL) -> list[str]:
    """Databases that are emptied and used again: to empty one is ten times as fast as to create one."""
    return [postgres.new_database() for _ in range(2)]


@pytest.fixture(params=["sqlite", "postgresql"])
def new_uri(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes empty databases, at most two in a test, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        numbers = iter(range(2))
        return lambda: f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"
    uris = iter(request.getfixturevalue("postgres_uris"))
    return lambda: emptied(next(uris))


def emptied(uri: str) -> str:
    with contextlib.closing(psycopg2.connect(uri)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return uri


@pytest.fixture
def database(new_uri: Callable[[], str]) -> Iterator[Database]:
    """A database with the tables of the bus and of the shop."""
    database = shop.new_database(new_uri())
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_uris: list[str]) -> Iterator[Database]:
    """As ``database``, on PostgreSQL only: for what cannot happen on SQLite."""
    database = shop.new_database(emptied(postgres_uris[0]))
    yield database
    database.close()


@pytest.fixture(params=["embedded", "rabbitmq"])
def wire(request: pytest.FixtureRequest) -> Wire:
    if request.param == "embedded":
        return Embedded()
    remote: OverRabbitMQ = request.getfixturevalue("remote_wire")
    return remote


@pytest.fixture
def embedded_rig(new_uri: Callable[[], str]) -> Iterator[Rig]:
    """As ``rig``, embedded only."""
    rig = Rig(Embedded(), new_uri)
    yield rig
    rig.close()


@pytest.fixture
def remote_rig(remote_wire: OverRabbitMQ, new_uri: Callable[[], str]) -> Iterator[Rig]:
    """As ``rig``, on RabbitMQ only: for what cannot happen inside one process."""
    rig = Rig(remote_wire, new_uri)
    yield rig
    rig.close()


@pytest.fixture
def rig(wire: Wire, new_uri: Callable[[], str]) -> Iterator[Rig]:
    """Both services, built and not started."""
    rig = Rig(wire, new_uri)
    yield rig
    rig.close()
