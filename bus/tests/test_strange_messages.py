"""Messages on RabbitMQ that no client of good will sends. None may stop a service, or make it do what it must not."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pika
import pytest

from bus.envelope import CONTENT_TYPE, RPC_EXCHANGE
from bus.parked import quarantined
from bus.rabbitmq.requests import BODY_MAX, CORRELATION
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import OverRabbitMQ
from tests.waiting import wait_until

NOT_UTF_8 = b"\xff\xfe"
ODD_BODY = rb'{"odd": "\ud800"}'
COUNT_FOUR = json.dumps({"args": [], "kwargs": {"item": "four"}}).encode()


class FarFuture(datetime):
    """A moment that AMQP can carry and Python cannot."""

    def utctimetuple(self) -> Any:
        return (9999, 12, 31, 10**9, 0, 0)


ODD_PROPERTIES: dict[str, dict[str, Any]] = {
    "content type": {"content_type": NOT_UTF_8},
    "message id": {"content_type": CONTENT_TYPE, "message_id": NOT_UTF_8},
    "encoding that gives surrogates": {"content_type": CONTENT_TYPE, "content_encoding": "unicode_escape"},
    "encoding that nobody knows": {"content_type": CONTENT_TYPE, "content_encoding": "klingon"},
    "correlation": {"content_type": CONTENT_TYPE, "headers": {CORRELATION: 7}},
    "header": {"content_type": CONTENT_TYPE, "headers": {"at": FarFuture(2026, 1, 1, tzinfo=UTC)}},
}
odd_properties = pytest.mark.parametrize("properties", ODD_PROPERTIES.values(), ids=ODD_PROPERTIES)


@pytest.fixture
def wire(remote_wire: OverRabbitMQ) -> OverRabbitMQ:
    return remote_wire


@pytest.fixture
def rig(wire: OverRabbitMQ, tmp_path: Path) -> Iterator[Rig]:
    names = iter(("shop", "ledger"))
    rig = Rig(wire, lambda: f"sqlite:///{tmp_path / next(names)}.db")
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.shop.answering.serve(shop.COUNT, lambda tx, item: {"count": len(item)})
    yield rig
    rig.close()


@odd_properties
def test_an_event_with_odd_properties_is_quarantined_or_handled_and_the_next_is_handled(
    rig: Rig, wire: OverRabbitMQ, properties: dict[str, Any]
) -> None:
    rig.start()
    wire.as_admin().basic_publish("shop.events", shop.SOLD.name, ODD_BODY, pika.BasicProperties(**properties))
    rig.sell("a", 1)
    assert rig.await_entries(1) == [("a", 1)]
    assert len(quarantined(rig.ledger_database)) == 1


@odd_properties
def test_after_a_request_with_odd_properties_the_next_is_answered(
    rig: Rig, wire: OverRabbitMQ, properties: dict[str, Any]
) -> None:
    rig.start(rig.shop)
    wire.as_admin().basic_publish(RPC_EXCHANGE, "shop.count", ODD_BODY, pika.BasicProperties(**properties))
    assert wire.ask(rig.shop, "shop.count", COUNT_FOUR)["result"] == {"count": 4}
    wait_until(lambda: len(quarantined(rig.shop_database)) == 1, "the odd one to be set aside")


def test_a_request_that_is_too_large_is_refused_and_kept(rig: Rig, wire: OverRabbitMQ) -> None:
    rig.start(rig.shop)
    reply = wire.ask(rig.shop, "shop.count", b" " * (BODY_MAX + 1))
    assert reply["error"]["exc_type"] == "invalid_arguments"
    assert [row.size for row in quarantined(rig.shop_database)] == [BODY_MAX + 1]


@pytest.mark.parametrize("address", ["shop.count", "ledger.note", "#", "elsewhere", NOT_UTF_8])
def test_no_reply_goes_to_an_address_that_is_not_one_of_replies(
    rig: Rig, wire: OverRabbitMQ, address: str | bytes
) -> None:
    """The reply travels with the rights of the service: it must not become a request of a stranger's choice."""
    rig.start(rig.shop)
    properties = pika.BasicProperties(reply_to=address)
    wire.as_admin().basic_publish(RPC_EXCHANGE, "shop.count", COUNT_FOUR, properties)
    assert wire.ask(rig.shop, "shop.count", COUNT_FOUR)["result"] == {"count": 4}
    assert wire.waiting("rpc-shop") == wire.waiting("rpc-ledger") == 0
