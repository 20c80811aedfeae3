"""The names on the broker. Exchanges are declared by the operator (``bottega broker setup``), queues by who reads them."""

from typing import Any

from bus.envelope import RPC_EXCHANGE

REPLY_EXPIRES = 300_000  # ms; as nameko's


def inbox_queue(service: str) -> str:
    return f"inbox-{service}"


def request_queue(service: str) -> str:
    """Nameko's own name for it."""
    return f"rpc-{service}"


def reply_queue(service: str, key: str) -> str:
    return f"rpc.reply-{service}-{key}"


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
