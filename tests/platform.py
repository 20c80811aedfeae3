"""The whole platform as an operator runs it, in processes of its own: embedded, or a process for each service."""

import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

from bottega.data_folder import KEYS
from bus.database import Database
from contracts.secret import digest
from services.booking import series, usecases
from services.booking.domain import Partner
from services.booking.drafts import Draft
from services.staff import store
from services.staff import usecases as staff
from services.staff.domain import LINK_LIVES, Link
from tests.servers import MailServer, PostgreSQL, RabbitMQ, free_port
from tests.servers.process import Process
from tests.waiting import wait_until

BOTTEGA = Path(sys.executable).with_name("bottega")
SERVICES = ("booking", "notify", "staff", "needs", "gateway")


@dataclass
class Platform:
    """A running platform at ``url``; ``command`` runs ``bottega`` with its settings."""

    url: str
    environ: dict[str, str]
    folder: Path
    processes: dict[str, Process] = field(default_factory=dict)
    arguments: dict[str, list[str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.processes):
            self.stop(name)

    def start(self, name: str, ready_url: str) -> None:
        process = Process([BOTTEGA, *self.arguments[name]], log=self.folder / f"{name}.log", environ=self.environ)
        process.guard(signal.SIGKILL)
        process.await_ready(lambda: status(f"{ready_url}/readyz") == 200, name)
        self.processes[name] = process

    def start_again(self, service: str) -> None:
        """Start a service again that has a process of its own."""
        self.start(service, f"http://127.0.0.1:{self.arguments[service][-1]}")

    def stop(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        self.processes.pop(name).end(number)

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def command(self, *arguments: str) -> str:
        """Run ``bottega`` with the platform's settings; what it prints."""
        return _run(arguments, self.environ)

    def publish_session(self, capacity: int, title: str = "Il primo colloquio", language: str = "it") -> str:
        """Publish a session of tomorrow; its id."""
        now = datetime.now(UTC)
        draft = Draft(
            partner="orso",
            title=title,
            description="Prove di colloquio, con calma.",
            language=language,
            starts_at=now + timedelta(days=1),
            ends_at=now + timedelta(days=1, minutes=90),
            capacity=capacity,
            room_url="https://meet.example.org/colloquio",
        )
        database = Database(self.environ["BOOKING_DATABASE_URI"])
        with database.transaction() as tx:
            usecases.add_partner(tx, Partner("orso", "Cooperativa Orso"))
            published = usecases.publish_session(tx, now, draft)
        database.close()
        return str(published["id"])

    def move_session(self, session_id: str, starts_at: datetime) -> None:
        """Let a coordinator change when a session starts; ``starts_at`` is on the wall clocks of Turin."""
        actor = {"id": uuid4(), "role": "coordinator", "partner": None}
        database = Database(self.environ["BOOKING_DATABASE_URI"])
        with database.transaction() as tx:
            change: dict[str, Any] = {"session_id": UUID(session_id), "scope": "one", "starts_at": starts_at}
            series.change_sessions(tx, datetime.now(UTC), actor=actor, **change)
        database.close()

    def call_off(self, session_id: str) -> None:
        """Call a session off, even while booking is not there."""
        database = Database(self.environ["BOOKING_DATABASE_URI"])
        with database.transaction() as tx:
            usecases.cancel_session(tx, datetime.now(UTC), session_id=UUID(session_id))
        database.close()

    def staff_link(self, email: str = "coordinamento@example.org") -> str:
        """One more one-time link for an account of the demonstration: the one that it printed stays good."""
        database, token = Database(self.environ["STAFF_DATABASE_URI"]), secrets.token_urlsafe(32)
        with database.transaction() as tx:
            account = staff.held(tx, email)
            store.add_link(tx, digest(token), Link(account.id, datetime.now(UTC) + LINK_LIVES))
        database.close()
        return f"{self.url}/banco/entra/{token}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Any:
        return self._json("GET", path, None, headers)

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
        return self._json("POST", path, body, headers)

    def reserve(self, session_id: str, email: str, name: str = "Giulia Ferrero", key: str = "") -> Any:
        answer = self.request_seat(session_id, email, name, key)
        return answer if "state" in answer else self._followed(answer["status_url"])

    def request_seat(self, session_id: str, email: str, name: str = "Giulia Ferrero", key: str = "") -> Any:
        """The reservation, or the status of the request where booking did not answer in time."""
        body = {"name": name, "email": email, "language": "it", "consent": True}
        headers = {"Idempotency-Key": key or secrets.token_hex(8)}
        return self.post(f"/api/v1/sessions/{session_id}/reservations", body, headers)

    def _followed(self, status_url: str) -> Any:
        """What became of a booking that was answered with 202, as a crowd's may be."""
        done = wait_until(lambda: _if_done(self.get(status_url)), "a booking to be carried out", 60, every=0.2)
        return done["reservation"]

    def _json(self, method: str, path: str, body: Any, headers: Mapping[str, str] | None) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        all_headers = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.url + path, data, all_headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)


def embedded(folder: Path, mail: MailServer | None = None, *, demo: bool = False, **settings: str) -> Platform:
    """``bottega up`` on the embedded bus and SQLite, with its data in ``folder/data`` and these ``settings``."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    smtp = {"NOTIFY_SMTP_URI": mail.uri} if mail else {}
    data = folder / "data"
    environ = {**_base_environ(), **smtp, "PUBLIC_URL": url, **settings}
    platform = Platform(url, environ, folder)
    platform.arguments["up"] = ["up", "--port", str(port), "--data", str(data), "--demo" if demo else "--no-demo"]
    platform.start("up", url)
    platform.environ |= {
        "BOOKING_DATABASE_URI": f"sqlite:///{data / 'booking.db'}",
        "NOTIFY_DATABASE_URI": f"sqlite:///{data / 'notify.db'}",
        "STAFF_DATABASE_URI": f"sqlite:///{data / 'staff.db'}",
        "NEEDS_DATABASE_URI": f"sqlite:///{data / 'needs.db'}",
        **json.loads((data / "keys.json").read_text()),
    }
    return platform


def services(folder: Path, rabbitmq: RabbitMQ, postgres: PostgreSQL, mail: MailServer) -> Platform:
    """A process for each service on RabbitMQ and PostgreSQL, each with an account and a database of its own."""
    vhost = rabbitmq.new_vhost()
    ports = {name: free_port() for name in SERVICES}
    url = f"http://127.0.0.1:{ports['gateway']}"
    accounts = {name: vhost.amqp_uri(f"{name}-{vhost.name}", secrets.token_hex(8)) for name in SERVICES}
    environ = {
        **_base_environ(),
        **{f"{name.upper()}_AMQP_URI": uri for name, uri in accounts.items()},
        "BUS_OPERATORS": ",".join(f"{name}={name}-{vhost.name}" for name in SERVICES),
        "BROKER_ADMIN_URI": rabbitmq.http_uri,
        "BOOKING_DATABASE_URI": postgres.new_database(),
        "NOTIFY_DATABASE_URI": postgres.new_database(),
        "STAFF_DATABASE_URI": postgres.new_database(),
        "NEEDS_DATABASE_URI": postgres.new_database(),
        "NOTIFY_SMTP_URI": mail.uri,
        "NOTIFY_SENDER": "Città dei Mestieri <info@example.org>",
        "PUBLIC_URL": url,
        **{name: secrets.token_hex(32) for name in KEYS},
    }
    platform = Platform(url, environ, folder)
    platform.command("broker", "setup")
    platform.command("migrate")
    for name in SERVICES:
        platform.arguments[name] = ["serve", name, "--port", str(ports[name])]
        platform.start(name, f"http://127.0.0.1:{ports[name]}")
    return platform


def status(url: str) -> int:
    """The HTTP status of a page; 0 where nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _if_done(status: dict[str, Any]) -> dict[str, Any]:
    return status if status["status"] == "done" else {}


def _run(arguments: tuple[str, ...], environ: Mapping[str, str]) -> str:
    command = [str(BOTTEGA), *arguments]
    done = subprocess.run(command, env=dict(environ), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _base_environ() -> dict[str, str]:
    """Our own environment, without settings that a developer may have set for something else."""
    ours = ("BOOKING_", "NOTIFY_", "STAFF_", "NEEDS_", "GATEWAY_", "BUS_", "BROKER_", "PERSON_", "PUBLIC_", "CENTRE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}
