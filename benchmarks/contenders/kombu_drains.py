"""Raw kombu: takes messages and acknowledges them by the hundred, unread. Nothing over AMQP in Python is faster."""

import sys
from importlib import import_module
from typing import Any

from benchmarks.contenders import work
from benchmarks.contenders.signals import DONE, say, wait_for_go

PREFETCH = 1000
BATCH = 200


def main(amqp_uri: str, events: str) -> None:
    kombu: Any = import_module("kombu")  # it is not typed
    left = int(events)

    def on_message(message: Any) -> None:
        nonlocal left
        left -= 1
        if left % BATCH == 0:
            message.channel.basic_ack(message.delivery_tag, multiple=True)

    wait_for_go()
    with kombu.Connection(amqp_uri) as connection:
        queues = [kombu.Queue(work.QUEUE, no_declare=True)]
        with kombu.Consumer(connection.channel(), queues, on_message=on_message, prefetch_count=PREFETCH):
            while left > 0:
                connection.drain_events()
    say(DONE)


if __name__ == "__main__":
    main(*sys.argv[1:])
