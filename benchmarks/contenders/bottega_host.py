"""A service on this bus, put together as ``bottega serve`` does it."""

import threading
import time
from collections.abc import Callable
from typing import Any

from benchmarks.contenders import work
from benchmarks.contenders.signals import wait_for_go
from bus import logs
from bus.database import Database
from bus.host import Host, Part, until_told_to_stop
from bus.node import Node
from bus.rabbitmq.transport import RabbitMQ
from tests.servers.rabbitmq import ADMIN


def run(service: Any, node: Node, started: Callable[[], None] = lambda: None) -> None:
    """Run ``service`` from GO to SIGTERM; ``started`` is called in between, in a thread."""
    host = Host([Part(service, None, node)])
    wait_for_go()
    host.start()
    until_told_to_stop(threading.Thread(target=started, daemon=True).start)
    host.stop()


def node(name: str, amqp_uri: str, database: Database) -> Node:
    """The broker's administrator speaks for all services."""
    logs.configure("WARNING", for_people=False)
    return Node(name, RabbitMQ(amqp_uri, name), database, {work.EVENT.source: ADMIN})


def await_leading(node: Node) -> None:
    """Wait until ``node`` relays and handles."""
    while not node.leads or node.problem():
        time.sleep(0.05)
