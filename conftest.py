"""Servers and databases for all tests. A server is started when the first test asks for it, and shared from then on."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser
from xdist.scheduler import LoadFileScheduling

from services.booking.tests.calendars.web import Web, serving
from tests.browser import chromium
from tests.databases import Templates
from tests.platform import Platform, embedded, services
from tests.servers import MailServer, PostgreSQL, RabbitMQ, VirtualHost

# The same examples in each run, and no clock: a slow machine is no defect.
settings.register_profile("bottega", deadline=None, derandomize=True)
settings.load_profile("bottega")

# What a file's tests ask for tells how long they take.
LONG = ({"platform", "demo", "alone", "browser"}, {"rabbitmq"}, {"postgres", "database_uri", "migrated"})

# The ends of the names of files that share what is dear to start: a browser and the demonstration; the whole platform.
SHARING = ("browser.py", "_end_to_end.py")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """A file at a time goes to the next process that is free, but files that share something all go to one."""
    scheduler = LoadFileScheduling(config, log)
    scheduler._split_scope = _what_is_shared  # noqa: SLF001 (how its own kinds group)
    return scheduler


def _what_is_shared(nodeid: str) -> str:
    file = nodeid.partition("::")[0]
    return next((ending for ending in SHARING if file.endswith(ending)), file)


def pytest_collection_finish() -> None:
    """Green threads belong into processes of their own: they would stop the browser, and whatever else blocks."""
    if "eventlet" in sys.modules:
        from eventlet.patcher import is_monkey_patched

        assert not is_monkey_patched("thread"), "a test module made the whole test run green when it was imported"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, so that no process is left with one of them at the end."""
    costs: dict[Path, int] = {}
    for item in items:
        needs = getattr(item, "fixturenames", ())
        cost = next((rank for rank, names in enumerate(LONG) if not names.isdisjoint(needs)), len(LONG))
        costs[item.path] = min(costs.get(item.path, len(LONG)), cost)
    items.sort(key=lambda item: costs[item.path])


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[RabbitMQ]:
    """A private RabbitMQ. A test that stops it leaves it running."""
    with RabbitMQ() as server:
        yield server


@pytest.fixture
def vhost(rabbitmq: RabbitMQ) -> Iterator[VirtualHost]:
    """An empty virtual host of one's own."""
    vhost = rabbitmq.new_vhost()
    yield vhost
    vhost.delete()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A private PostgreSQL, without fsync as no test cuts the power. A test that stops it leaves it running."""
    with PostgreSQL(fsync=False) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    postgres: PostgreSQL = request.getfixturevalue("postgres")
    return postgres.new_database()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """Makes migrated SQLite databases, by copying."""
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="session")
def mails() -> Iterator[MailServer]:
    """A real SMTP server, shared by all, with all the mails that have ever come."""
    with MailServer() as server:
        yield server


@pytest.fixture
def mail_server(mails: MailServer) -> MailServer:
    """A real SMTP server, with no mail in it."""
    mails.clear()
    return mails


@pytest.fixture(scope="session")
def calendars(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A web server that ``demo`` may fetch calendars from."""
    with serving(tmp_path_factory.mktemp("calendars")) as web:
        yield web


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, mails: MailServer, calendars: Web) -> Iterator[Platform]:
    """The platform in one process, with the demonstration's content and all that other tests have added to it."""
    trusting = {"SSL_CERT_FILE": str(calendars.pem), "BOOKING_CALENDAR_NETWORKS": "127.0.0.0/8"}
    with embedded(tmp_path_factory.mktemp("demo"), mails, demo=True, **trusting) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser, in which each test has visitors of its own."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session", params=["embedded", "services"])
def platform(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """The whole platform, once in one process, once as a process for each service. Tests make their own sessions."""
    folder = tmp_path_factory.mktemp(request.param)
    mail: MailServer = request.getfixturevalue("mails")
    if request.param == "embedded":
        running = embedded(folder, mail)
    else:
        running = services(folder, request.getfixturevalue("rabbitmq"), request.getfixturevalue("postgres"), mail)
    with running:
        yield running
