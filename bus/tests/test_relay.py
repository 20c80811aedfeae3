"""The relay by itself: what it publishes, what it marks, and what it does when not everything is taken."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from bus import relay
from bus.database import Database
from bus.envelope import decoded
from bus.relay import NotConfirmed, Outgoing, Relay
from bus.tables import outbox
from bus.tests import shop
from bus.times import now
from bus.transaction import Transaction
from tests.waiting import wait_until


class Exchange:
    """Takes what is published, but for the subjects that it refuses."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []
        self.refuses: set[str] = set()
        self.is_away = False

    def publish(self, rows: Sequence[Outgoing]) -> set[int]:
        if self.is_away:
            raise ConnectionError
        taken = [row for row in rows if _subject(row) not in self.refuses]
        self.taken += [(_subject(row), row.position) for row in taken]
        return {row.position for row in taken}


def _subject(row: Outgoing) -> str:
    if row.is_command:
        return row.routing_key
    return decoded(row.body).subject


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def the_relay(database: Database, exchange: Exchange) -> Relay:
    """The relay of the shop's events."""
    return Relay("shop", database, exchange.publish)


def _record(database: Database, *items: str) -> None:
    with database.transaction() as tx:
        for number, item in enumerate(items):
            shop.sold(tx, item, number)


def _drain(the_relay: Relay) -> None:
    with contextlib.suppress(NotConfirmed, ConnectionError):
        while the_relay.drain():
            pass


def _unsent(database: Database) -> list[str]:
    with database.reading() as tx:
        query = select(outbox.c.subject).where(outbox.c.sent_at.is_(None)).order_by(outbox.c.position)
        return list(tx.connection.execute(query).scalars())


def test_what_is_not_confirmed_stays_in_the_outbox(the_relay: Relay, exchange: Exchange, database: Database) -> None:
    _record(database, "a", "b", "c")
    exchange.refuses = {"b"}
    _drain(the_relay)
    assert _unsent(database) == ["b"]


def test_what_was_not_confirmed_goes_out_later(the_relay: Relay, exchange: Exchange, database: Database) -> None:
    _record(database, "a", "b", "c")
    exchange.is_away = True
    _drain(the_relay)
    exchange.is_away = False
    _drain(the_relay)
    assert [item for item, _ in exchange.taken] == ["a", "b", "c"]


def test_an_event_never_overtakes_an_earlier_one_of_its_subject(
    the_relay: Relay, exchange: Exchange, database: Database
) -> None:
    _record(database, "a", "a", "b", "a")
    exchange.refuses = {"a"}
    _drain(the_relay)
    assert _unsent(database) == ["a", "a", "a"]
    exchange.refuses = set()
    _drain(the_relay)
    positions = [position for item, position in exchange.taken if item == "a"]
    assert positions == sorted(positions)


def test_commands_that_nobody_takes_do_not_hold_up_the_events(
    the_relay: Relay, exchange: Exchange, database: Database
) -> None:
    """More of them than fit into a window: those for a service that was never set up, say."""
    with database.transaction() as tx:
        for number in range(relay.WINDOW + 1):
            _send(tx, str(number))
        shop.sold(tx, "a", 1)
    _drain(the_relay)
    assert [item for item, _ in exchange.taken] == ["a"]


def test_commands_are_published_by_a_relay_of_their_own(database: Database, exchange: Exchange) -> None:
    with database.transaction() as tx:
        _send(tx, "one")
        shop.sold(tx, "a", 1)
    _drain(Relay("shop", database, exchange.publish, commands=True))
    assert [name for name, _ in exchange.taken] == [shop.NOTE.routing_key]


def _send(tx: Transaction, key: str) -> None:
    tx.send(shop.NOTE, idempotency_key=key, deadline=now() + timedelta(hours=1), item="a", number=1)


def test_a_row_that_another_process_wrote_is_found_without_a_doorbell(
    the_relay: Relay, exchange: Exchange, database: Database
) -> None:
    elsewhere = Database(database.engine.url.render_as_string(hide_password=False))
    _record(elsewhere, "a")
    wait_until(the_relay.drain, "the row")
    elsewhere.close()
    assert [item for item, _ in exchange.taken] == ["a"]


def test_rows_that_commit_out_of_order_are_all_published(exchange: Exchange, postgres_database: Database) -> None:
    """On SQLite one transaction writes at a time."""
    the_relay = Relay("shop", postgres_database, exchange.publish)
    with postgres_database.transaction() as slow:
        shop.sold(slow, "slow", 1)
        slow.flush()
        _record(postgres_database, "quick")
        _drain(the_relay)
    _drain(the_relay)
    assert [item for item, _ in exchange.taken] == ["quick", "slow"]
