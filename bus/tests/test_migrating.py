"""Migrations make the tables that the code expects, once, whoever starts first."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData

from bus.database import Database
from bus.migrations import NotMigrated, check, upgrade
from bus.tables import metadata as bus_metadata
from bus.tests import shop

FOLDER = Path(__file__).parent / "migrations"


@pytest.fixture
def empty(new_uri: Callable[[], str]) -> Iterator[Database]:
    database = Database(new_uri())
    yield database
    database.close()


def _differences(database: Database, *expected: MetaData) -> list[object]:
    """What would have to change for the database to be as the metadata say, but for the tables of versions."""

    def concerns_us(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name in ("bus_version", "service_version"))

    with database.reading() as tx:
        options = {"include_name": concerns_us, "compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(tx.connection, opts=options)
        return list(compare_metadata(context, list(expected)))  # type: ignore[arg-type]  # it takes several


def test_the_migrated_tables_are_those_of_the_code(empty: Database) -> None:
    upgrade(empty, FOLDER)
    assert _differences(empty, bus_metadata, shop.metadata) == []


def test_the_migrated_indexes_have_the_conditions_of_those_of_the_code(database: Database, empty: Database) -> None:
    """Alembic does not compare them."""
    upgrade(empty, FOLDER)
    assert _indexes(empty) == _indexes(database) != {}


def _indexes(database: Database) -> dict[str, str]:
    """How each index of the bus was made, by its name."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'bus%'"
    if database.dialect == "postgresql":
        query = (
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'bus%' AND indexname NOT LIKE '%version%'"
        )
    with database.reading() as tx:
        rows = tx.connection.exec_driver_sql(query.replace("%", "%%" if database.dialect == "postgresql" else "%"))
        return {name: " ".join(made.split()) for name, made in rows if made}


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    upgrade(empty, FOLDER)
    upgrade(empty, FOLDER)
    check(empty, FOLDER, "shop")


def test_processes_that_migrate_at_once_take_turns(empty: Database) -> None:
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(lambda _: upgrade(empty, FOLDER), range(4)))
    check(empty, FOLDER, "shop")


def test_a_database_that_was_not_migrated_is_refused_with_the_command_to_run(empty: Database) -> None:
    with pytest.raises(NotMigrated, match="bottega migrate shop"):
        check(empty, FOLDER, "shop")
