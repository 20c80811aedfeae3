"""A bare loop over py-amqp and psycopg2, with one commit for 200 events: fast, and no more than that.

No retries, no order, nothing parked, no outbox; one event that fails takes 200 with it.
"""

import signal
import sys
from typing import Any

import psycopg2
from kombu.connection import Connection

from benchmarks.contenders import work
from benchmarks.contenders.signals import wait_for_go

BATCH = 200
PREFETCH = 1000


def consume(amqp: Any, database: "psycopg2.extensions.connection") -> None:
    channel = amqp.channel()
    waiting: list[Any] = []
    channel.basic_qos(0, PREFETCH, False)
    channel.basic_consume(work.QUEUE, callback=waiting.append)
    while True:
        amqp.drain_events()
        while len(waiting) < BATCH and _more(amqp):
            pass
        batch, waiting[:] = waiting[:BATCH], waiting[BATCH:]
        _handle(database, batch)
        channel.basic_ack(batch[-1].delivery_tag, multiple=True)


def _more(amqp: Any) -> bool:
    try:
        amqp.drain_events(timeout=0.001)
    except TimeoutError:
        return False
    return True


def _handle(database: "psycopg2.extensions.connection", batch: list[Any]) -> None:
    with database, database.cursor() as cursor:
        for message in batch:
            event_id, session = work.read(message.body)
            cursor.execute(work.RECORD_SQL, (event_id,))
            if cursor.rowcount:
                cursor.execute(work.TAKE_SQL, (session,))


def main(amqp_uri: str, database_uri: str) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wait_for_go()
    with Connection(amqp_uri) as connection:  # type: ignore[no-untyped-call]  # kombu is not typed
        consume(connection.connection, psycopg2.connect(database_uri))


if __name__ == "__main__":
    main(*sys.argv[1:])
