"""This bus, idle: handles what comes, and says when the commit of each event's handling had returned."""

import sys
import threading
import time

from bus import green

green.patch()

from benchmarks.contenders import bottega_host, work  # noqa: E402  # eventlet patches first
from benchmarks.contenders.bottega_consumes import Seats  # noqa: E402
from benchmarks.contenders.signals import LEADING, say  # noqa: E402
from bus.database import Database  # noqa: E402
from bus.envelope import Event  # noqa: E402
from bus.extensions import on  # noqa: E402
from bus.transaction import Transaction  # noqa: E402

handled: list[str] = []


class Listener(Seats):
    @on(work.EVENT)
    def count(self, tx: Transaction, event: Event) -> None:
        super().count(tx, event)
        handled.append(event.subject)


class Clock(threading.Event):
    """A bell, rung after each commit: it says what that commit completed."""

    def set(self) -> None:
        moment = time.monotonic()
        while handled:
            say(f"{handled.pop()} {moment}")


def main(amqp_uri: str, database_uri: str) -> None:
    database = Database(database_uri)
    database.ring_on_commit(Clock())
    node = bottega_host.node(Listener.name, amqp_uri, database)

    def tell() -> None:
        bottega_host.await_leading(node)
        say(LEADING)

    bottega_host.run(Listener, node, tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
