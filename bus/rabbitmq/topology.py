"""The names on the broker. Exchanges are the operator's (``bottega broker setup``), queues belong to who reads them."""

from typing import Any

from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError

from bus.envelope import RPC_EXCHANGE
from bus.rabbitmq.connection import closing, connect, explained

REPLY_EXPIRES = 300_000  # ms; as nameko's
REPLY_KEY = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # the routing key of replies, a regular expression


def inbox_queue(service: str) -> str:
    return f"inbox-{service}"


def request_queue(service: str) -> str:
    """Nameko's own name for it."""
    return f"rpc-{service}"


def reply_queue(service: str, key: str) -> str:
    return f"rpc.reply-{service}-{key}"


def declare_exchanges(uri: str, services: list[str]) -> None:
    """Declare what an operator declares otherwise, for a platform that has the broker to itself. Raises OSError."""
    try:
        with closing(connect(uri, "set up")) as connection:
            channel = connection.channel()
            for exchange in (RPC_EXCHANGE, *(f"{service}.events" for service in services)):
                channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
    except (AMQPError, KombuError) as error:
        raise OSError(f"the broker refused: {explained(error)}") from None


def declare_inbox(channel: Any, service: str, subscriptions: list[tuple[str, str]]) -> str:
    """Declare the inbox's queue and bind it to all that the service listens to. The type comes from the vhost."""
    queue = inbox_queue(service)
    channel.queue_declare(queue, durable=True, auto_delete=False)
    for exchange, routing_key in subscriptions:
        channel.queue_bind(queue, exchange, routing_key)
    return queue


def declare_requests(channel: Any, service: str) -> str:
    queue = request_queue(service)
    channel.queue_declare(queue, durable=True, auto_delete=False)
    channel.queue_bind(queue, RPC_EXCHANGE, f"{service}.*")
    return queue
