"""A SQLite file that somebody else holds, or that is full: nothing is lost, nothing happens twice, and it goes on."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

import bus.database
from bus.database import Database
from bus.tables import inbox
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import Letter
from tests.waiting import wait_until

SALES = [(f"item {number % 5}, of which the description takes some room{'.' * 150}", number) for number in range(60)]


@pytest.fixture
def new_uri(tmp_path: Path) -> Callable[[], str]:
    """On SQLite only."""
    names = iter(("shop", "ledger"))
    return lambda: f"sqlite:///{tmp_path / next(names)}.db"


@pytest.fixture
def ready_rig(rig: Rig) -> Rig:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.shop.answering.serve(shop.COUNT, lambda tx, item: {"count": len(item)})
    return rig


class Troubles:
    """Counts the errors of a database whose text contains ``words``."""

    def __init__(self, database: Database, words: str) -> None:
        self.count = 0
        self._words = words
        event.listen(database.engine, "handle_error", self._note)

    def _note(self, context: Any) -> None:
        self.count += self._words in str(context.original_exception)

    def wait(self) -> None:
        wait_until(lambda: self.count, f"the database to be {self._words}")


@contextlib.contextmanager
def _held(database: Database) -> Iterator[None]:
    """While inside, somebody else writes to the file, and no one else can."""
    other = sqlite3.connect(str(database.engine.url.database), isolation_level=None, timeout=10)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextlib.contextmanager
def _full(database: Database) -> Iterator[None]:
    """While inside, the file cannot grow."""
    with database.reading() as tx:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = [pages]

    def set_limit(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")

    event.listen(database.engine, "connect", set_limit)
    database.engine.dispose()
    try:
        yield
    finally:
        limit[0] = 1 << 30
        database.engine.dispose()


def _sell_all(rig: Rig) -> None:
    for item, number in SALES:
        rig.sell(item, number)


def _attempts(rig: Rig) -> set[int]:
    with rig.ledger_database.reading() as tx:
        return set(tx.connection.execute(select(inbox.c.attempts)).scalars())


def test_questions_are_answered_while_somebody_else_writes(ready_rig: Rig) -> None:
    rig = ready_rig
    rig.start(rig.shop, rig.gate)
    with _held(rig.shop_database):
        assert rig.gate.client.ask(shop.COUNT, item="four", timeout=5) == {"count": 4}


def test_events_wait_while_somebody_else_writes(ready_rig: Rig) -> None:
    rig = ready_rig
    rig.start()
    troubles = Troubles(rig.ledger_database, "locked")
    with _held(rig.ledger_database):
        _sell_all(rig)
        troubles.wait()
    assert sorted(rig.await_entries(len(SALES))) == sorted(SALES)


def test_events_arrive_after_somebody_held_the_file_for_longer_than_we_wait(
    ready_rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = ready_rig
    monkeypatch.setattr(bus.database, "SQLITE_WAIT", 0.1)
    rig.start()
    troubles = Troubles(rig.ledger_database, "locked")
    with _held(rig.ledger_database):
        _sell_all(rig)
        wait_until(lambda: troubles.count > 3, "several attempts")
    assert sorted(rig.await_entries(len(SALES), timeout=30)) == sorted(SALES)
    assert _attempts(rig) == {0}, "it is no failure of an event"


def test_events_arrive_after_the_file_was_full(ready_rig: Rig) -> None:
    rig = ready_rig
    troubles = Troubles(rig.ledger_database, "full")
    with _full(rig.ledger_database):
        rig.start()
        _sell_all(rig)
        troubles.wait()
    assert sorted(rig.await_entries(len(SALES), timeout=30)) == sorted(SALES)
    assert _attempts(rig) == {0}, "it is no failure of an event"


def test_recorded_events_are_handled_after_the_file_was_full(embedded_rig: Rig) -> None:
    """There was room for them, and none for what the handler writes."""
    rig = embedded_rig
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.wire.deliver(rig.ledger, [Letter(shop.body_of(shop.an_event(*sale))) for sale in SALES])
    troubles = Troubles(rig.ledger_database, "full")
    with _full(rig.ledger_database):
        rig.start(rig.ledger)
        wait_until(lambda: troubles.count > 1, "several attempts")
    assert sorted(rig.await_entries(len(SALES), timeout=30)) == sorted(SALES)
    assert _attempts(rig) == {0}, "it is no failure of an event"
