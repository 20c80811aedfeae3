"""The two transports behind one face, for tests: making nodes' transports, and speaking to them as a stranger would."""

import contextlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from bus.client import Request
from bus.embedded import EmbeddedBus
from bus.envelope import CONTENT_TYPE, RPC_EXCHANGE
from bus.inbox import Arrival
from bus.node import Node, Transport
from bus.rabbitmq.broker import Account, Broker
from bus.rabbitmq.transport import RabbitMQ
from bus.tests import shop
from tests.servers import VirtualHost
from tests.waiting import wait_until

PASSWORD = "a test's own"
SUBSCRIPTIONS = [("shop.events", shop.SOLD.name), ("shop.events", shop.RETURNED.name)]


@dataclass(frozen=True)
class Letter:
    """A message as a stranger publishes it on the shop's exchange. ``user_id`` None: none is set."""

    body: bytes
    routing_key: str = shop.SOLD.name
    content_type: str | None = CONTENT_TYPE
    user_id: str | None = "shop"


class Wire(Protocol):
    def transport(self, name: str) -> Transport: ...

    def deliver(self, node: Node, letters: Sequence[Letter]) -> None:
        """Publish, so that ``node``, which listens, gets them in this order."""

    def ask(self, node: Node, method: str, body: bytes) -> dict[str, Any]:
        """The reply to a request with this body; the method ``count`` of the shop is ``shop.count``."""

    def tell(self, node: Node, method: str, body: bytes) -> None:
        """A request of the gate with this body and without ``reply_to``."""

    def is_quiet(self, node: Node) -> bool:
        """No message is on its way to ``node``."""


class Embedded:
    def __init__(self) -> None:
        self._bus = EmbeddedBus()

    def transport(self, name: str) -> Transport:
        return self._bus

    def deliver(self, node: Node, letters: Sequence[Letter]) -> None:
        node.inbox.record(
            [Arrival(each.body, "shop.events", each.routing_key, each.content_type, each.user_id) for each in letters]
        )
        node.ring()

    def ask(self, node: Node, method: str, body: bytes) -> dict[str, Any]:
        return self._bus.request(Request(node.name, method, body.decode(), 10.0, False, "a-correlation"))

    def tell(self, node: Node, method: str, body: bytes) -> None:
        node.answering.obey(Arrival(body, RPC_EXCHANGE, method, "application/json", None), None)

    def is_quiet(self, node: Node) -> bool:
        return True


class OverRabbitMQ:
    """One virtual host, set up as an operator does, with an account for each service of the shop."""

    def __init__(self, vhost: VirtualHost) -> None:
        self.vhost = vhost
        self._channels: dict[str, BlockingChannel] = {}
        broker = Broker(vhost.broker.http_uri)
        accounts = [Account(self.uri(name), name) for name in shop.SERVICES]
        broker.set_up(vhost.name, accounts, {"shop": [], "ledger": SUBSCRIPTIONS})
        for account in accounts:
            broker.admit(vhost.name, account, shop.REQUESTS)

    def empty(self) -> None:
        """Throw away what is in the queues."""
        for queue in ("inbox-shop", "inbox-ledger", "rpc-shop", "rpc-ledger"):
            self.as_admin().queue_purge(queue)

    def uri(self, name: str) -> str:
        return self.vhost.amqp_uri(name, PASSWORD)

    def transport(self, name: str) -> Transport:
        return RabbitMQ(self.uri(name), name)

    def deliver(self, node: Node, letters: Sequence[Letter]) -> None:
        for letter in letters:
            properties = pika.BasicProperties(content_type=letter.content_type, user_id=letter.user_id, delivery_mode=2)
            channel = self._as(letter.user_id) if letter.user_id in shop.SERVICES else self.as_admin()
            channel.basic_publish("shop.events", letter.routing_key, letter.body, properties, mandatory=True)

    def ask(self, node: Node, method: str, body: bytes) -> dict[str, Any]:
        channel = self.as_admin()
        queue, key = channel.queue_declare("", exclusive=True).method.queue, str(uuid.uuid4())
        channel.queue_bind(queue, RPC_EXCHANGE, key)
        properties = pika.BasicProperties(content_type="application/json", reply_to=key, correlation_id="here")
        channel.basic_publish(RPC_EXCHANGE, method, body, properties)
        reply = dict(wait_until(lambda: _got(channel, queue), f"a reply to {method}"))
        channel.queue_delete(queue)
        return reply

    def tell(self, node: Node, method: str, body: bytes) -> None:
        properties = pika.BasicProperties(content_type="application/json", delivery_mode=2, user_id="gate")
        self._as("gate").basic_publish(RPC_EXCHANGE, method, body, properties, mandatory=True)

    def is_quiet(self, node: Node) -> bool:
        return self.waiting(f"inbox-{node.name}") == 0

    def waiting(self, queue: str) -> int:
        """How many messages of a queue nobody has fetched."""
        return int(self.as_admin().queue_declare(queue, passive=True).method.message_count)

    def as_admin(self) -> BlockingChannel:
        """An open channel of the administrator, who may publish anything."""
        return self._open(self.vhost.amqp_uri())

    def close(self) -> None:
        for channel in self._channels.values():
            with contextlib.suppress(AMQPError):
                channel.connection.close()

    def _as(self, service: str | None) -> BlockingChannel:
        return self._open(self.uri(str(service)))

    def _open(self, uri: str) -> BlockingChannel:
        """A channel with confirms, kept from one use to the next as long as the broker lives."""
        try:
            self._channels[uri].connection.process_data_events(0)
        except (KeyError, AMQPError):
            parameters = pika.URLParameters(uri)
            parameters.heartbeat = 0
            self._channels[uri] = pika.BlockingConnection(parameters).channel()
            self._channels[uri].confirm_delivery()
        return self._channels[uri]


def _got(channel: BlockingChannel, queue: str) -> Any:
    body = channel.basic_get(queue, auto_ack=True)[2]
    return body and json.loads(body)
