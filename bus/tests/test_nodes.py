"""The threads of a node: what wakes them, what they survive, and how they end."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event

import bus.node
from bus.database import Database
from bus.embedded import EmbeddedBus
from bus.envelope import Event
from bus.node import Node
from bus.tests import shop
from bus.transaction import Transaction
from tests.waiting import wait_until


@pytest.fixture
def node(database: Database) -> Iterator[Node]:
    node = Node("shop", EmbeddedBus(), database)
    yield node
    node.stop()


def test_background_work_is_called_at_the_start_and_after_each_commit(node: Node, database: Database) -> None:
    called = threading.Semaphore(0)

    def work() -> bool:
        called.release()
        return False

    node.background(work, every=3600)
    node.start()
    assert called.acquire(timeout=15)
    while called.acquire(timeout=0.05):
        pass  # the bus's own commits wake it too
    with database.transaction():
        pass
    assert called.acquire(timeout=15)


def test_background_work_that_has_more_to_do_is_called_again_at_once(node: Node) -> None:
    left = list(range(100))
    node.background(lambda: bool(left and (left.pop() or left)), every=3600)
    node.start()
    wait_until(lambda: not left, "all to be done")


def test_background_work_that_fails_is_tried_again(node: Node) -> None:
    calls: list[int] = []

    def work() -> bool:
        calls.append(len(calls))
        if len(calls) < 3:
            raise ZeroDivisionError
        return False

    node.background(work, every=3600)
    node.start()
    wait_until(lambda: len(calls) >= 3, "a third call")


def test_background_work_that_commits_does_not_wake_itself_for_ever(
    node: Node, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus.node, "POLL", 0.05)  # the inbox commits that often
    commits, calls = [0], [0]
    event.listen(database.engine, "commit", lambda _: commits.__setitem__(0, commits[0] + 1))

    def work() -> bool:
        calls[0] += 1
        with database.transaction():
            return False

    node.background(work, every=3600)
    node.start()
    wait_until(lambda: calls[0] and commits[0] - calls[0] > 5, "five commits of others")
    assert calls[0] < 2 * (commits[0] - calls[0])


def test_a_node_that_stops_finishes_what_it_has_in_hand(node: Node, database: Database) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slowly(tx: Transaction, event: Event) -> None:
        begun.set()
        may_end.wait(15)
        shop.enter(tx, event)

    node.on(shop.SOLD, slowly)
    node.start()
    with database.transaction() as tx:
        shop.sold(tx, "a", 1)
    assert begun.wait(15)
    stopping = threading.Thread(target=node.stop)
    stopping.start()
    may_end.set()
    stopping.join()
    assert shop.written_down(database) == [("a", 1)]


def test_a_node_can_be_stopped_before_it_was_started(database: Database) -> None:
    Node("shop", EmbeddedBus(), database).stop()


def test_a_node_whose_database_does_not_answer_says_so() -> None:
    database = Database("postgresql://nobody:nothing@127.0.0.1:1/nowhere")
    assert Node("shop", EmbeddedBus(), database).problem() == "the database of shop does not answer (OperationalError)"
    database.close()
