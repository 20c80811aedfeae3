"""This bus handles events: the same host, node and entrypoint as in ``bottega serve``."""

import sys
from uuid import UUID

from bus import green

green.patch()

from benchmarks.contenders import bottega_host, work  # noqa: E402  # eventlet patches first
from bus.database import Database  # noqa: E402
from bus.envelope import Event  # noqa: E402
from bus.extensions import on  # noqa: E402
from bus.transaction import Transaction  # noqa: E402


class Seats:
    name = work.SERVICE

    @on(work.EVENT)
    def count(self, tx: Transaction, event: Event) -> None:
        tx.connection.execute(work.TAKE, {"session": UUID(event.data["session_id"])})


def main(amqp_uri: str, database_uri: str) -> None:
    bottega_host.run(Seats, bottega_host.node(Seats.name, amqp_uri, Database(database_uri)))


if __name__ == "__main__":
    main(*sys.argv[1:])
