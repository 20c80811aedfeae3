"""What a use case is given: a transaction that ends well or not at all, and an outbox that keeps the order."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select

from bus.database import Database, UTCDateTime
from bus.tables import outbox
from bus.tests import shop
from bus.transaction import InvalidEvent, ReadOnly
from tests.waiting import wait_until


def _subjects(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.connection.execute(select(outbox.c.subject).order_by(outbox.c.position)).scalars())


def test_a_query_cannot_record_an_event(database: Database) -> None:
    with database.reading() as tx, pytest.raises(ReadOnly):
        shop.sold(tx, "a", 1)


def test_an_event_that_does_not_fit_its_schema_is_not_recorded(database: Database) -> None:
    with database.transaction() as tx, pytest.raises(InvalidEvent, match="number"):
        tx.record(shop.SOLD, subject="a", data={"number": "one"})
    assert _subjects(database) == []


def test_events_of_one_transaction_keep_the_order_in_which_they_were_recorded(database: Database) -> None:
    with database.transaction() as tx:
        for item in "cab":
            shop.sold(tx, item, 1)
    assert _subjects(database) == ["c", "a", "b"]


def test_the_doorbell_rings_after_the_commit_and_not_after_a_rollback(database: Database) -> None:
    bell = threading.Event()
    database.ring_on_commit(bell)
    with pytest.raises(ZeroDivisionError), database.transaction():
        _ = 1 / 0
    assert not bell.is_set()
    with database.transaction():
        pass
    assert bell.is_set()


def test_the_relays_bell_rings_only_when_something_was_recorded(database: Database) -> None:
    bell = threading.Event()
    database.ring_on_record(bell)
    with database.transaction():
        pass
    assert not bell.is_set()
    with database.transaction() as tx:
        shop.sold(tx, "a", 1)
    assert bell.is_set()


def test_the_sequence_of_a_subject_follows_the_order_of_the_commits(postgres_database: Database) -> None:
    """On SQLite one transaction writes at a time, so that it cannot be otherwise."""
    second_waits = threading.Event()

    def second() -> None:
        with postgres_database.transaction() as tx:
            shop.sold(tx, "a", 2)
            second_waits.set()

    with postgres_database.transaction() as tx:
        shop.sold(tx, "a", 1)
        tx.flush()
        thread = threading.Thread(target=second)
        thread.start()
        second_waits.wait(15)
        wait_until(lambda: _waits_for_a_lock(postgres_database), "the second transaction to wait for the first")
    thread.join()
    with postgres_database.reading() as reading:
        rows = reading.connection.execute(select(outbox.c.data).order_by(outbox.c.position)).scalars()
        assert list(rows) == ['{"number": 1}', '{"number": 2}']


def _waits_for_a_lock(database: Database) -> bool:
    with database.reading() as tx:
        query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
        return bool(tx.connection.exec_driver_sql(query).scalar_one())


@pytest.fixture
def moments(database: Database) -> Table:
    table = Table("moments", MetaData(), Column("at", UTCDateTime, nullable=False))
    with database.transaction() as tx:
        table.create(tx.connection)
    return table


def test_a_moment_comes_back_aware_and_in_utc(database: Database, moments: Table) -> None:
    in_rome = datetime(2026, 12, 1, 17, 0, 0, 123456, timezone(timedelta(hours=1)))
    with database.transaction() as tx:
        tx.connection.execute(insert(moments).values(at=in_rome))
    with database.reading() as tx:
        moment = tx.connection.execute(select(moments.c.at)).scalar_one()
    assert (moment, moment.tzinfo) == (in_rome, UTC)


def test_a_moment_without_a_time_zone_is_not_stored(database: Database, moments: Table) -> None:
    with database.transaction() as tx, pytest.raises(Exception, match="without a time zone"):
        tx.connection.execute(insert(moments).values(at=datetime(2026, 12, 1)))  # noqa: DTZ001  # the fact
