"""Migrated databases that tests use one after the other: to empty one takes a fiftieth of the time of making it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from bus.database import Database
from bus.migrations import upgrade

VERSIONS = ("bus_version", "service_version")
LARGE = 1_000_000  # bytes; to truncate a table of PostgreSQL takes as long as to delete some thousand rows
_LARGE_TABLES = f"""SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND pg_relation_size(oid) > {LARGE}"""


class Reused:
    """A database with the tables of the bus and of one service, for one test at a time."""

    def __init__(self, uri: str, migrations: Path) -> None:
        self.database = Database(uri)
        upgrade(self.database, migrations)
        found = MetaData()
        found.reflect(self.database.engine)
        # a table comes before those that it refers to
        self._tables = [table.name for table in reversed(found.sorted_tables) if table.name not in VERSIONS]

    def emptied(self) -> Database:
        """Without a row, and with nobody who listens to it."""
        for bells in (self.database._bells, self.database._outbox_bells):
            bells.clear()
        if self.database.dialect == "postgresql":
            self._empty_postgresql()
        else:
            self._empty_sqlite()
        return self.database

    def _empty_postgresql(self) -> None:
        with self.database.transaction() as tx:
            if tx.connection.exec_driver_sql(_LARGE_TABLES).scalar_one():
                tx.connection.exec_driver_sql(f"TRUNCATE {', '.join(self._tables)}")
            else:
                tx.connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in self._tables))

    def _empty_sqlite(self) -> None:
        with self.database.transaction() as tx:
            tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            for name in self._tables:
                tx.connection.exec_driver_sql(f"DELETE FROM {name}")


@contextmanager
def reused(uri: str, migrations: Path) -> Iterator[Reused]:
    found = Reused(uri, migrations)
    yield found
    found.database.close()


def on_each_database(migrations: Path) -> Any:
    """A fixture: a database with these migrations for the whole run, once on SQLite and once on PostgreSQL."""

    @pytest.fixture(scope="session", params=["sqlite", "postgresql"])
    def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reused]:
        if request.param == "sqlite":
            uri = f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'reused.db'}"
        else:
            uri = request.getfixturevalue("postgres").new_database()
        with reused(uri, migrations) as found:
            yield found

    return migrated


class Templates:
    """SQLite files, each migrated once: a copy is made a hundred times as fast."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[Path, Path] = {}

    def copy(self, migrations: Path, path: Path) -> str:
        """Make ``path`` a database with the tables of the bus and of the service with these migrations; its URI."""
        if migrations not in self._made:
            self._made[migrations] = self._make(migrations)
        return f"sqlite:///{shutil.copy(self._made[migrations], path)}"

    def _make(self, migrations: Path) -> Path:
        path = self._folder / f"{len(self._made)}.db"
        database = Database(f"sqlite:///{path}")
        upgrade(database, migrations)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return path
