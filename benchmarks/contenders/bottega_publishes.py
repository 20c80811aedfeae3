"""This bus publishes what is in the outbox: the same host and node as in ``bottega serve``."""

import sys

from bus import green

green.patch()

from benchmarks.contenders import bottega_host, work  # noqa: E402  # eventlet patches first
from bus.database import Database  # noqa: E402


class Booking:
    name = work.EVENT.source


def main(amqp_uri: str, database_uri: str) -> None:
    bottega_host.run(Booking, bottega_host.node(Booking.name, amqp_uri, Database(database_uri)))


if __name__ == "__main__":
    main(*sys.argv[1:])
