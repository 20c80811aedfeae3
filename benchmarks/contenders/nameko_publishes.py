"""Nameko's EventDispatcher, with confirms as is its default, from one worker or from several at once."""

import sys

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402  # eventlet patches first
from typing import Any  # noqa: E402

from eventlet import GreenPool  # noqa: E402
from nameko.events import EventDispatcher  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from nameko.timer import timer  # noqa: E402

from benchmarks.contenders import work  # noqa: E402
from benchmarks.contenders.signals import DONE, say, wait_for_go  # noqa: E402


def service(events: int, workers: int) -> type:
    messages = [json.loads(work.body(number)) for number in range(events)]

    class Booking:
        name = work.EVENT.source
        dispatch = EventDispatcher()

        @timer(interval=3600, eager=True)
        def publish(self) -> None:
            pool = GreenPool(workers)
            for share in range(workers):
                pool.spawn(self._publish, messages[share::workers])
            pool.waitall()
            say(DONE)

        def _publish(self, share: list[dict[str, Any]]) -> None:
            for message in share:
                self.dispatch(work.EVENT.name, message)

    return Booking


def main(amqp_uri: str, events: str, workers: str) -> None:
    runner = ServiceRunner({"AMQP_URI": amqp_uri})
    runner.add_service(service(int(events), int(workers)))
    wait_for_go()
    runner.start()
    runner.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
