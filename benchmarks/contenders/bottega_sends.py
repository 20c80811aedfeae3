"""This bus, idle: commits an event now and then, and says when each commit had returned."""

import random
import sys
import time

from bus import green

green.patch()

from benchmarks.contenders import bottega_host, work  # noqa: E402  # eventlet patches first
from benchmarks.contenders.bottega_publishes import Booking  # noqa: E402
from benchmarks.contenders.signals import say  # noqa: E402
from bus.database import Database  # noqa: E402

PAUSE = (0.06, 0.14)  # seconds between two, so that each comes alone and nothing falls into step


def main(amqp_uri: str, database_uri: str, events: str) -> None:
    database = Database(database_uri)
    node = bottega_host.node(Booking.name, amqp_uri, database)

    def send() -> None:
        bottega_host.await_leading(node)
        for number in range(int(events)):
            time.sleep(random.uniform(*PAUSE))
            _send(database, number)

    bottega_host.run(Booking, node, send)


def _send(database: Database, number: int) -> None:
    facts = work.data(number)
    with database.transaction() as tx:
        tx.record(work.EVENT, subject=work.subject(facts), data=facts, partner="orso")
    say(f"{work.subject(facts)} {time.monotonic()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
