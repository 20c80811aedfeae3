"""A service whose broker account may do nothing says so, stops when it is told to, and works once it may."""

import json
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bus.database import Database
from bus.migrations import upgrade
from bus.rabbitmq.broker import Account, Broker
from contracts import booking
from services.booking.config import MIGRATIONS
from tests.faults.job import ROOT
from tests.servers import VirtualHost, free_port
from tests.servers.process import Process
from tests.waiting import wait_until

BOTTEGA = Path(sys.executable).with_name("bottega")


class Service:
    """``bottega serve booking``, with an account that exists and has no rights, but to enter the virtual host."""

    def __init__(self, folder: Path, vhost: VirtualHost) -> None:
        self.account = Account(vhost.amqp_uri("booking", "secret"), "booking")
        vhost.broker.http("PUT", "/users/booking", {"password": "secret", "tags": ""})
        vhost.broker.grant("booking", vhost.name, configure="^$", write="^$", read="^$")
        self._port = free_port()
        self.process = Process(
            [BOTTEGA, "serve", "booking", "--port", self._port],
            log=folder / "log",
            environ={**os.environ, **self._settings(folder), "PYTHONPATH": str(ROOT)},
        )
        self.process.guard(signal.SIGKILL)

    def _settings(self, folder: Path) -> dict[str, str]:
        uri = f"sqlite:///{folder / 'booking.db'}"
        database = Database(uri)
        upgrade(database, MIGRATIONS)
        database.close()
        keys = dict.fromkeys(("PERSON_KEY", "BOOKING_SECRET_KEY"), "00" * 32)
        return {"BOOKING_DATABASE_URI": uri, "BOOKING_AMQP_URI": self.account.uri, **keys}

    def log(self) -> list[dict[str, Any]]:
        lines = self.process.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def readiness(self) -> dict[str, Any]:
        """What /readyz answers; nothing while nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/readyz", timeout=5) as answer:
                return dict(json.loads(answer.read()))
        except urllib.error.HTTPError as error:
            return dict(json.loads(error.read()))
        except OSError:
            return {}


@pytest.fixture
def service(vhost: VirtualHost, tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path, vhost)
    wait_until(lambda: _refused(service), "the service to say that it may not", timeout=30)
    yield service
    service.process.end(signal.SIGKILL)


def _refused(service: Service) -> bool:
    return "ACCESS_REFUSED" in str(service.readiness().get("problems"))


def test_its_readiness_and_its_log_say_what_is_missing(service: Service) -> None:
    assert service.readiness()["ready"] is False
    assert "access to queue" in str(service.readiness()["problems"])
    assert any("ACCESS_REFUSED" in str(entry.get("error")) for entry in service.log())


def test_it_ends_when_it_is_told_to(service: Service) -> None:
    os.kill(service.process.pid, signal.SIGTERM)
    wait_until(lambda: not service.process.running(), "the service to end", timeout=25)


def test_it_works_once_it_may(service: Service, vhost: VirtualHost) -> None:
    broker = Broker(vhost.broker.http_uri)
    broker.set_up(vhost.name, [service.account], {})
    broker.admit(vhost.name, service.account, booking.REQUESTS)
    wait_until(lambda: service.readiness().get("ready"), "the service to be ready", timeout=30)
