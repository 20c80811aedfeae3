"""SQLite gives a transaction up by itself when the disk is full or fails; what follows must not be written alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bus.database import Database
from bus.failures import TransactionLost
from bus.tests import shop


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = shop.new_database(f"sqlite:///{tmp_path / 'test.db'}")
    yield database
    database.close()


def _given_up(database: Database, then: str = "") -> None:
    """A transaction that writes, is given up as SQLite does it, and goes on unaware."""
    with database.transaction() as tx:
        shop.write_down(tx, "a", 1)
        tx.connection.exec_driver_sql("ROLLBACK")
        if then:
            tx.connection.exec_driver_sql(then)


def test_what_follows_is_refused(database: Database) -> None:
    with pytest.raises(TransactionLost):
        _given_up(database, then="INSERT INTO shop_rows (item, number) VALUES ('a', 2)")
    assert shop.written_down(database) == []


def test_its_end_is_no_commit(database: Database) -> None:
    with pytest.raises(TransactionLost):
        _given_up(database)
    assert shop.written_down(database) == []


def test_the_next_transaction_is_a_good_one(database: Database) -> None:
    with pytest.raises(TransactionLost):
        _given_up(database)
    with database.transaction() as tx:
        shop.write_down(tx, "a", 2)
    assert shop.written_down(database) == [("a", 2)]
