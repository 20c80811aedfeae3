"""The bare application of ``contenders/flask_books.py`` under gunicorn."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import uuid_utils.compat as uuid_utils
from sqlalchemy import create_engine, func, insert, select

from benchmarks.contenders import flask_books
from benchmarks.contenders.flask_books import Meeting, Reservation
from benchmarks.processes import running
from tests.servers import PostgreSQL, free_port
from tests.servers.process import Process

GUNICORN = Path(sys.executable).with_name("gunicorn")
WORKERS = 2
KEEP_ALIVE = 30  # seconds; longer than a client is ever silent


class BareShop:
    """Two worker processes of 20 threads each."""

    def __init__(self, postgres: PostgreSQL) -> None:
        self.port = free_port()
        self._uri = postgres.new_database("bare").replace("postgresql://", "postgresql+psycopg2://", 1)
        self._engine = create_engine(self._uri)
        flask_books.Base.metadata.create_all(self._engine)

    @contextmanager
    def open(self) -> Iterator[list[Process]]:
        """Run it."""
        address = f"127.0.0.1:{self.port}"
        how = ["--workers", WORKERS, "--threads", flask_books.THREADS, "--keep-alive", KEEP_ALIVE, "--bind", address]
        command = [GUNICORN, *how, "--log-level", "warning", "benchmarks.contenders.flask_books:create_app()"]
        environ = {"PATH": os.environ["PATH"], "BARE_DATABASE_URI": self._uri}
        with running({f"http://{address}/readyz": command}, environ) as processes:
            yield processes

    def publish(self, count: int, capacity: int) -> list[UUID]:
        """Sessions that can be booked."""
        ids = [uuid_utils.uuid7() for _ in range(count)]
        with self._engine.begin() as connection:
            connection.execute(insert(Meeting), [{"id": each, "capacity": capacity} for each in ids])
        return ids

    def taken(self) -> dict[UUID, int]:
        """How many seats are taken in each session."""
        query = select(Reservation.session_id, func.count().label("taken")).group_by(Reservation.session_id)
        with self._engine.connect() as connection:
            return {row.session_id: row.taken for row in connection.execute(query)}
