"""What each measurement stands on: a virtual host and a database of its own, on servers shared by the whole run."""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2
from amqp import Message
from kombu.connection import Connection

from benchmarks.contenders import work
from bus import migrations
from bus.database import Database
from bus.rabbitmq.topology import declare_exchanges
from tests.servers import PostgreSQL, RabbitMQ, VirtualHost
from tests.servers.rabbitmq import ADMIN
from tests.waiting import wait_until

EMPTY = "bench"
ARRIVE_TIMEOUT = 120.0  # seconds for what was published to be in its queue


@dataclass(frozen=True)
class Stand:
    """Where one contender works once."""

    vhost: VirtualHost
    database_uri: str

    @property
    def amqp_uri(self) -> str:
        return self.vhost.amqp_uri()

    def bind(self, queue: str) -> None:
        """Declare the exchanges, and the durable queue, bound to the events of the work."""
        declare_exchanges(self.amqp_uri, [work.EVENT.source])
        with _channel(self.amqp_uri) as channel:
            channel.queue_declare(queue, durable=True, auto_delete=False)
            channel.queue_bind(queue, work.EVENT.exchange, work.EVENT.name)

    def publish(self, queue: str, bodies: Iterable[str]) -> None:
        """Publish events, persistent, as the relay would; all are in ``queue`` when this returns."""
        messages = [Message(body, **_properties()) for body in bodies]
        with _channel(self.amqp_uri) as channel:
            for message in messages:
                channel.basic_publish(message, work.EVENT.exchange, work.EVENT.name)
        wait_until(lambda: self.left(queue) == len(messages), f"all to be in {queue}", ARRIVE_TIMEOUT, every=0.1)

    def left(self, queue: str) -> int:
        """How many messages wait in ``queue``; those that a contender holds are not among them."""
        with _channel(self.amqp_uri) as channel:
            return int(channel.queue_declare(queue, passive=True).message_count)

    @contextmanager
    def sql(self) -> Iterator["psycopg2.extensions.cursor"]:
        """A cursor, each statement its own transaction."""
        with closing(psycopg2.connect(self.database_uri)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                yield cursor


class Ground:
    """The servers, and databases to start from: ``EMPTY`` is migrated, with the rows that events change."""

    def __init__(self, rabbitmq: RabbitMQ, postgres: PostgreSQL) -> None:
        self.rabbitmq = rabbitmq
        self._postgres = postgres
        self._uri = postgres.new_database(EMPTY)
        database = Database(self._uri)
        migrations.upgrade(database, work.MIGRATIONS)
        database.close()
        with self.stand_on(EMPTY).sql() as cursor:
            for number in range(work.SESSIONS):
                cursor.execute("INSERT INTO seats VALUES (%s, 0)", (str(work.session_id(number)),))

    @contextmanager
    def stand(self, base: str = EMPTY) -> Iterator[Stand]:
        """A copy of the database ``base`` and an empty virtual host, gone after the block."""
        name = f"{EMPTY}_{secrets.token_hex(4)}"
        self.copy(base, name)
        stand = self.stand_on(name)
        self._sql("CHECKPOINT")  # of what came before; the next one is due in minutes
        try:
            yield stand
        finally:
            stand.vhost.delete()
            self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    def copy(self, base: str, name: str) -> None:
        self._sql(f"CREATE DATABASE {name} TEMPLATE {base} STRATEGY file_copy OWNER {EMPTY}")

    def stand_on(self, name: str) -> Stand:
        """A new virtual host beside the database ``name``."""
        return Stand(self.rabbitmq.new_vhost(), f"{self._uri.rpartition('/')[0]}/{name}")

    def _sql(self, statement: str) -> None:
        with self._postgres.superuser() as cursor:
            cursor.execute(statement)


@contextmanager
def _channel(amqp_uri: str) -> Iterator[Any]:
    with Connection(amqp_uri) as connection:  # type: ignore[no-untyped-call]  # kombu is not typed
        yield connection.connection.channel()


def _properties() -> dict[str, Any]:
    return {"content_type": work.CONTENT_TYPE, "content_encoding": "utf-8", "delivery_mode": 2, "user_id": ADMIN}
