"""Bottega as an operator runs it, with everything that follows from a booking."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2

from benchmarks.processes import running
from bus.database import Database
from bus.times import now
from services.booking import usecases
from services.booking.domain import Partner
from services.booking.drafts import Draft
from tests.servers import MailServer, PostgreSQL, RabbitMQ, free_port
from tests.servers.__main__ import settings
from tests.servers.process import Process
from tests.waiting import wait_until

BOTTEGA = Path(sys.executable).with_name("bottega")
SETTLE = 600.0  # seconds for all events and mails to be done
PARTNER = Partner("orso", "Cooperativa Orso")
PAST = Partner("past", "Nobody any more")

_OPEN = (
    "SELECT (SELECT count(*) FROM bus_outbox WHERE sent_at IS NULL)"
    " + (SELECT count(*) FROM bus_inbox WHERE state <> 'done')"
)
_PAST_SESSIONS = """
    INSERT INTO sessions
        (id, partner_id, title, description, language, starts_at, ends_at, opens_at, closes_at, capacity, room_url,
        taken, waiting, tickets)
    SELECT gen_random_uuid(), 'past', 'Orientarsi', '', 'it', now() - interval '9 days' - number * interval '1 second',
        now() - interval '8 days', now() - interval '60 days', now() - interval '9 days', 100, 'https://x', 100, 0, 100
    FROM generate_series(1, %(sessions)s) AS number
"""
_PAST_RESERVATIONS = """
    INSERT INTO reservations (id, session_id, person_id, name, email, state, ticket, revision, booked_at, confirmed_at)
    SELECT gen_random_uuid(), sessions.id, md5(random()::text) || md5(random()::text), 'Persona', 'persona@example.org',
        'confirmed', number, 0, now() - interval '20 days', now() - interval '20 days'
    FROM sessions, generate_series(1, 100) AS number WHERE sessions.partner_id = 'past'
"""
_TAKEN = (
    "SELECT session_id::text, count(*) FROM reservations"
    " WHERE state = 'confirmed' AND email <> 'persona@example.org' GROUP BY 1"
)


class BottegaShop:
    """Booking, notify and gateway: a process, a broker account and a database for each."""

    def __init__(self, rabbitmq: RabbitMQ, postgres: PostgreSQL, mail: MailServer) -> None:
        self.port = free_port()
        self._mail = mail
        self._environ = settings(rabbitmq, postgres, mail) | {
            "PATH": "/usr/bin:/bin",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "GATEWAY_TRUSTED_PROXIES": "1",  # the clients come through one, each with an address of its own
        }
        for command in (["broker", "setup"], ["migrate"]):
            subprocess.run([BOTTEGA, *command], env=self._environ, check=True, stdout=subprocess.DEVNULL)

    @contextmanager
    def open(self) -> Iterator[list[Process]]:
        """Run it; no mail is kept from before."""
        ports = {"booking": free_port(), "notify": free_port(), "gateway": self.port}
        self._mail.clear()
        commands = {
            f"http://127.0.0.1:{port}/readyz": [BOTTEGA, "serve", name, "--port", port] for name, port in ports.items()
        }
        with running(commands, self._environ) as processes:
            yield processes

    def publish(self, sessions: int, capacity: int) -> list[UUID]:
        """Sessions that can be booked."""
        drafts = [_draft(number, capacity) for number in range(sessions)]
        database = Database(self._environ["BOOKING_DATABASE_URI"])
        with database.transaction() as tx:
            usecases.add_partner(tx, PARTNER)
            for draft in drafts:
                usecases.publish_session(tx, now(), draft)
        database.close()
        return [draft.id for draft in drafts]

    def fill(self, reservations: int) -> None:
        """Reservations of sessions that are over, a hundred in each, made in the database itself."""
        database = Database(self._environ["BOOKING_DATABASE_URI"])
        with database.transaction() as tx:
            usecases.add_partner(tx, PAST)
        database.close()
        with closing(psycopg2.connect(self._environ["BOOKING_DATABASE_URI"])) as connection:
            with connection, connection.cursor() as cursor:
                cursor.execute(_PAST_SESSIONS, {"sessions": reservations // 100})
                cursor.execute(_PAST_RESERVATIONS)
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")  # what PostgreSQL does by itself within a minute or so

    def settle(self, mails: int) -> None:
        """Wait until so many mails have come since it was opened, and every event is published and handled."""

        def done() -> bool:
            kept = sum(1 for _ in self._mail.folder.glob("*.eml"))
            return kept >= mails and not any(self._rows(name, _OPEN)[0][0] for name in ("BOOKING", "NOTIFY"))

        wait_until(done, f"{mails} mails and all events", SETTLE, every=0.1)

    def taken(self) -> dict[UUID, int]:
        """How many seats are taken in each session."""
        return {UUID(session): seats for session, seats in self._rows("BOOKING", _TAKEN)}

    def mails(self) -> Counter[str]:
        """How many mails each address was sent since it was opened."""
        return Counter(str(message["X-RcptTo"]) for message in self._mail.messages())

    def _rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        uri = self._environ[f"{service}_DATABASE_URI"]
        with closing(psycopg2.connect(uri)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchall()


def _draft(number: int, capacity: int) -> Draft:
    starts = now() + timedelta(days=7, hours=number)
    return Draft(
        partner=PARTNER.id,
        title=f"Orientarsi dopo il diploma, gruppo {number + 1}",
        description="Due ore insieme per capire quali strade ci sono dopo la scuola, e da dove cominciare.",
        language="it",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=90),
        capacity=capacity,
        room_url="https://meet.example.org/orientarsi",
    )
