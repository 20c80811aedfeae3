"""Asking: what is answered, what is refused, and what a malformed request does not do."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bus.answering import Answering
from bus.client import NoAnswer
from bus.database import Database
from bus.embedded import EmbeddedBus
from bus.node import Node
from bus.parked import quarantined
from bus.tests import shop
from bus.tests.rig import Rig
from bus.times import now, written
from bus.transaction import Transaction
from contracts.wire import Refusal
from tests.waiting import wait_until

MALFORMED = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"args": []}',
    b'{"args": [1], "kwargs": {}}',
    b'{"args": [], "kwargs": []}',
    b'{"args": [], "kwargs": {"item": 7}}',
    b'{"args": [], "kwargs": {"item": "a", "colour": "red"}}',
    b'{"args": [], "kwargs": {"item": "a", "deadline": 7}}',
    b'{"args": [], "kwargs": ' + b"[" * 100_000,
]


def _count(tx: Transaction, item: str) -> dict[str, Any]:
    return {"count": sum(1 for _ in item)}


def _in_an_hour() -> datetime:
    return now() + timedelta(hours=1)


def _request(**arguments: Any) -> bytes:
    return json.dumps({"args": [], "kwargs": arguments}).encode()


@pytest.fixture
def asking(rig: Rig) -> Iterator[Rig]:
    """The shop answers, the gate may ask."""
    rig.shop.answering.serve(shop.COUNT, _count)
    rig.shop.answering.serve(shop.SELL, shop.sell)
    rig.start(rig.shop, rig.gate)
    yield rig
    rig.stop()


def test_a_query_is_answered(asking: Rig) -> None:
    assert asking.gate.client.ask(shop.COUNT, item="four") == {"count": 4}


def test_arguments_that_do_not_fit_are_refused_by_field(asking: Rig) -> None:
    with pytest.raises(Refusal) as refused:
        asking.gate.client.ask(shop.COUNT, item=4)
    assert (refused.value.code, list(refused.value.details["fields"])) == ("invalid_arguments", ["item"])


def test_an_unknown_method_is_refused(asking: Rig) -> None:
    error = asking.wire.ask(asking.shop, "shop.vanish", _request())["error"]
    assert error["exc_type"] == "unknown_request"


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_request_is_refused(database: Database, body: bytes) -> None:
    answering = Answering("shop", database, lambda *_: None)
    answering.serve(shop.COUNT, _count)
    assert answering.answer("shop.count", body, None)["error"]["exc_type"] == "invalid_arguments"


def test_after_malformed_requests_the_next_is_answered(asking: Rig) -> None:
    for body in (b"", b"{", b"[]", b'{"args": [], "kwargs": []}'):
        assert asking.wire.ask(asking.shop, "shop.count", body)["error"]["exc_type"] == "invalid_arguments"
    assert asking.gate.client.ask(shop.COUNT, item="four") == {"count": 4}


def test_a_malformed_request_that_nobody_waits_for_is_kept_and_the_next_is_answered(asking: Rig) -> None:
    asking.wire.tell(asking.shop, "shop.sell", b"{")
    assert asking.gate.client.ask(shop.COUNT, item="four") == {"count": 4}
    wait_until(lambda: quarantined(asking.shop_database), "the quarantine to have it")


def test_a_query_whose_deadline_has_passed_is_not_answered(asking: Rig) -> None:
    body = _request(item="four", deadline=written(now() - timedelta(seconds=1)))
    assert asking.wire.ask(asking.shop, "shop.count", body)["error"]["exc_type"] == "deadline_passed"


def test_a_query_is_answered_while_another_is_slow(rig: Rig) -> None:
    answered_meanwhile = threading.Event()

    def slow(tx: Transaction, item: str) -> dict[str, Any]:
        return {"count": int(answered_meanwhile.wait(10))}

    rig.shop.answering.serve(shop.SLOW, slow)
    rig.shop.answering.serve(shop.COUNT, _count)
    rig.start(rig.shop, rig.gate)
    slow_answer = _later(lambda: rig.gate.client.ask(shop.SLOW, item="a", timeout=15))
    rig.gate.client.ask(shop.COUNT, item="b", timeout=5)
    answered_meanwhile.set()
    assert slow_answer() == {"count": 1}


def test_a_service_that_fails_answers_with_a_code_and_none_of_its_secrets(rig: Rig) -> None:
    def broken(tx: Transaction, item: str) -> dict[str, Any]:
        raise RuntimeError("giulia@example.org")

    rig.shop.answering.serve(shop.COUNT, broken)
    rig.start(rig.shop)
    reply = rig.wire.ask(rig.shop, "shop.count", _request(item="a"))
    assert reply["error"]["exc_type"] == "internal_error"
    assert "giulia" not in json.dumps(reply)


def test_a_query_to_a_service_that_does_not_answer_in_time_raises(rig: Rig) -> None:
    over = threading.Event()
    rig.shop.answering.serve(shop.COUNT, lambda tx, item: {"count": int(over.wait(10))})
    rig.start(rig.shop, rig.gate)
    with pytest.raises(NoAnswer) as silence:
        rig.gate.client.ask(shop.COUNT, item="a", timeout=0.3)
    over.set()
    assert silence.value.accepted is False


def test_a_command_is_carried_out_and_answered(asking: Rig) -> None:
    answer = asking.gate.client.command(
        shop.SELL, idempotency_key="one", deadline=_in_an_hour(), timeout=10, item="a", number=3
    )
    assert answer == {"count": 3}
    assert shop.written_down(asking.shop_database) == [("a", 3)]


def test_the_same_command_twice_is_carried_out_once_and_answered_alike(asking: Rig) -> None:
    command: dict[str, Any] = {"idempotency_key": "one", "timeout": 10, "item": "a", "number": 3}
    answers = [asking.gate.client.command(shop.SELL, deadline=_in_an_hour(), **command) for _ in range(2)]
    assert answers == [{"count": 3}] * 2
    assert shop.written_down(asking.shop_database) == [("a", 3)]


def test_a_refusal_travels_with_its_code_and_details(asking: Rig) -> None:
    with pytest.raises(Refusal) as refused:
        asking.gate.client.command(
            shop.SELL, idempotency_key="one", deadline=_in_an_hour(), timeout=10, item="gone", number=1
        )
    assert (refused.value.code, refused.value.details) == ("sold_out", {"item": "gone"})


def test_a_command_that_nobody_answered_in_time_is_carried_out_or_its_refusal_told_once_the_service_is_back(
    remote_rig: Rig,
) -> None:
    rig = remote_rig
    rig.shop.answering.serve(shop.SELL, shop.sell)
    rig.shop.answering.tell_refusals(shop.SELL, shop.regret)
    rig.ledger.answering.serve(shop.NOTE, shop.note)
    rig.start(rig.gate)
    with pytest.raises(NoAnswer) as silence:
        rig.gate.client.command(
            shop.SELL, idempotency_key="one", deadline=_in_an_hour(), timeout=0.5, item="a", number=1
        )
    assert silence.value.accepted is True
    with pytest.raises(NoAnswer):
        rig.gate.client.command(
            shop.SELL, idempotency_key="two", deadline=_in_an_hour(), timeout=0.5, item="gone", number=7
        )
    rig.start(rig.shop, rig.ledger)
    wait_until(lambda: shop.written_down(rig.shop_database) == [("a", 1)], "the command to be carried out")
    wait_until(lambda: rig.entries() == [("gone", 7)], "who was refused to be told")


def test_embedded_a_command_that_was_accepted_is_carried_out_by_the_next_process(
    new_uri: Callable[[], str], tmp_path: Path
) -> None:
    """The first process dies when its caller has gone: what it had begun is rolled back."""
    database, gone = shop.new_database(new_uri()), threading.Event()

    def dies(tx: Transaction, **_: Any) -> dict[str, Any]:
        gone.wait()
        raise ConnectionError

    dying, next_one = (EmbeddedBus(tmp_path) for _ in range(2))
    Node("shop", dying, database).answering.serve(shop.SELL, dies)
    with pytest.raises(NoAnswer) as silence:
        Node("gate", dying).client.command(
            shop.SELL, idempotency_key="one", deadline=_in_an_hour(), timeout=0.1, item="a", number=1
        )
    assert silence.value.accepted is True
    gone.set()
    node = Node("shop", next_one, database)
    node.answering.serve(shop.SELL, shop.sell)
    node.start()
    wait_until(lambda: shop.written_down(database) == [("a", 1)], "the command to be carried out")
    wait_until(lambda: not list(tmp_path.glob("shop/*")), "both copies to be done with")
    node.stop()
    database.close()


def _later(ask: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    """Ask in another thread; the function returned waits for the answer."""
    answers: list[dict[str, Any]] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()

    def answer() -> dict[str, Any]:
        thread.join()
        return answers[0]

    return answer
