"""Events from the service's queue into its inbox: batches, one commit, then one acknowledgement for all."""

from typing import Any

from amqp import Message

from bus.inbox import Arrival
from bus.node import Node
from bus.rabbitmq.connection import TICK, Loop, body_of, drain, open_channel
from bus.rabbitmq.topology import declare_inbox

PREFETCH = 1000
BATCH = 500


class Intake(Loop):
    """Consumes while this process leads. Without a database the connection closes, and the broker keeps all."""

    def __init__(self, uri: str, node: Node) -> None:
        super().__init__(uri, f"{node.name} inbox", self._consume)
        self._node = node
        self._waiting: list[Message] = []

    def _consume(self, connection: Any) -> None:
        self._node.check_database()  # without it the messages are better off at the broker
        channel = open_channel(connection)
        self._waiting = []
        channel.basic_qos(0, PREFETCH, False)
        queue = declare_inbox(channel, self._node.name, self._node.inbox.subscriptions)
        channel.basic_consume(queue, callback=self._waiting.append)
        self.problem = None
        while not self.stopping:
            connection.heartbeat_tick()
            if drain(connection, TICK):
                while len(self._waiting) < BATCH and drain(connection, 0):
                    pass
            if self._waiting:
                self._keep(channel)

    def _keep(self, channel: Any) -> None:
        batch, self._waiting[:] = list(self._waiting), []
        self._node.inbox.record([_arrival(message) for message in batch])
        channel.basic_ack(batch[-1].delivery_tag, multiple=True)
        self._node.ring()


def _arrival(message: Message) -> Arrival:
    return Arrival(
        body=body_of(message),
        exchange=message.delivery_info["exchange"],
        routing_key=message.delivery_info["routing_key"],
        content_type=message.properties.get("content_type"),
        user_id=message.properties.get("user_id"),
    )
