"""What was recorded arrives: once, in order, and only if it was committed."""

import contextlib
import random
import threading
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from bus.relay import Outgoing, Relay
from bus.tables import outbox
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import Letter
from bus.times import now
from tests.waiting import wait_until


def test_each_event_is_handled_once(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.start()
    for item in "abcd":
        rig.sell(item, *range(10))
    assert sorted(rig.await_entries(40)) == [(item, number) for item in "abcd" for number in range(10)]


def test_what_was_recorded_while_nobody_listened_arrives_later(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.sell("a", 1, 2)
    rig.start()
    assert rig.await_entries(2) == [("a", 1), ("a", 2)]


def test_a_transaction_that_is_rolled_back_publishes_nothing(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.start()
    with contextlib.suppress(ZeroDivisionError), rig.shop_database.transaction() as tx:
        shop.sold(tx, "a", 1)
        raise ZeroDivisionError
    rig.sell("a", 2)
    assert rig.await_entries(1) == [("a", 2)]


def test_events_of_a_subject_arrive_in_the_order_of_their_commits(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.ledger.on(shop.RETURNED, shop.enter)
    rig.start()
    for number in range(20):
        with rig.shop_database.transaction() as tx:
            for item in "ab":
                shop.sold(tx, item, number, shop.RETURNED if number % 3 else shop.SOLD)
    entries = rig.await_entries(40)
    for item in "ab":
        assert [number for name, number in entries if name == item] == list(range(20))


def test_an_event_that_nobody_hears_is_published_all_the_same(rig: Rig) -> None:
    rig.start(rig.shop)
    rig.sell("a", 1)
    wait_until(lambda: _unsent(rig) == 0, "the event to be published")


def test_messages_delivered_three_times_and_in_another_order_have_one_effect(rig: Rig) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.start()
    letters = [Letter(shop.body_of(shop.an_event(item, number))) for item in "abc" for number in range(5)]
    shuffled = letters * 3
    random.Random(7).shuffle(shuffled)
    rig.wire.deliver(rig.ledger, shuffled)
    assert sorted(rig.await_entries(15)) == [(item, number) for item in "abc" for number in range(5)]


def test_two_relays_on_one_outbox_have_one_effect(rig: Rig) -> None:
    """Leadership prevents it; a leader that was paused may still do it for a moment."""
    rig.ledger.on(shop.SOLD, shop.enter)
    for item in "abcdefgh":
        rig.sell(item, *range(4))
    rig.start(rig.ledger)
    while _drained_together(rig):
        pass
    assert sorted(rig.await_entries(32)) == [(item, number) for item in "abcdefgh" for number in range(4)]


def test_a_command_sent_with_a_transaction_is_carried_out_once_and_leaves_no_trace(rig: Rig) -> None:
    rig.ledger.answering.serve(shop.NOTE, shop.sell)
    rig.start()
    with rig.shop_database.transaction() as tx:
        tx.send(shop.NOTE, idempotency_key="one", deadline=now() + timedelta(hours=1), item="a", number=1)
    assert rig.await_entries(1) == [("a", 1)]
    wait_until(lambda: _outbox_rows(rig) == 0, "the command to be deleted from the outbox")


def _drained_together(rig: Rig) -> int:
    """Two relays read the same rows before either marks one; how many messages they published, both together."""
    both_have_read = threading.Barrier(2, timeout=15)
    transports = [rig.wire.transport("shop") for _ in range(2)]

    def drain(number: int) -> None:
        def publish(rows: Sequence[Outgoing]) -> set[int]:
            both_have_read.wait()
            return transports[number].publish("shop", list(rows))

        published[number] = Relay("shop", rig.shop_database, publish).drain()

    published = [0, 0]
    threads = [threading.Thread(target=drain, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(published)


def _outbox_rows(rig: Rig) -> int:
    with rig.shop_database.reading() as tx:
        return tx.connection.execute(select(func.count()).select_from(outbox)).scalar_one()


def _unsent(rig: Rig) -> int:
    query = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))
    with rig.shop_database.reading() as tx:
        return tx.connection.execute(query).scalar_one()
