"""Plain nameko: ``@event_handler``, a commit for each event, 50 workers with a green psycopg2 connection each."""

import sys

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402  # eventlet patches first
from queue import SimpleQueue  # noqa: E402
from typing import Any  # noqa: E402

import psycopg2  # noqa: E402
from eventlet.support import psycopg2_patcher  # noqa: E402
from nameko.events import event_handler  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

from benchmarks.contenders import work  # noqa: E402
from benchmarks.contenders.signals import wait_for_go  # noqa: E402

WORKERS = 50


class Connections(DependencyProvider):
    """A connection for each worker, kept between events."""

    def setup(self) -> None:
        self._idle: SimpleQueue[Any] = SimpleQueue()
        for _ in range(WORKERS):
            self._idle.put(psycopg2.connect(self.container.config["DATABASE_URI"]))

    def get_dependency(self, worker_ctx: Any) -> SimpleQueue[Any]:
        return self._idle


class Seats:
    name = work.SERVICE
    connections = Connections()

    @event_handler(work.EVENT.source, work.EVENT.name)
    def count(self, event: dict[str, Any]) -> None:
        connection = self.connections.get()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(work.RECORD_SQL, (event["id"],))
                if cursor.rowcount:
                    cursor.execute(work.TAKE_SQL, (event["data"]["session_id"],))
        finally:
            self.connections.put(connection)


def main(amqp_uri: str, database_uri: str) -> None:
    psycopg2_patcher.make_psycopg_green()
    runner = ServiceRunner({"AMQP_URI": amqp_uri, "DATABASE_URI": database_uri, "max_workers": WORKERS})
    runner.add_service(Seats)
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(runner.stop))
    wait_for_go()
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
