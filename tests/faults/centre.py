"""The centre in one process, as ``bottega up`` has it, with somebody who asks: booking and notify on the embedded bus.

Forked by nursery.py, as the shop is. What is asked is asked again by the next process, with the same keys, as who gets
no answer presses the button again.
"""

from tests.faults.worker import hasten, put_in  # isort: skip (makes everything green, so it comes first)

from contextlib import suppress
from datetime import timedelta
from typing import Any

from nameko.timer import Timer

NOT_SO_LONG = 0.2  # seconds between two runs of what a service does by itself


def _hurry() -> None:
    original = Timer.__init__

    def impatient(self: Any, interval: float, eager: bool = False, **more: Any) -> None:
        original(self, min(interval, NOT_SO_LONG), eager, **more)

    Timer.__init__ = impatient


_hurry()  # before the services say how often

from bottega import parts  # noqa: E402 (after that)
from bus import logs  # noqa: E402
from bus.client import NoAnswer  # noqa: E402
from bus.embedded import EmbeddedBus  # noqa: E402
from bus.host import Host, until_told_to_stop  # noqa: E402
from bus.node import Node  # noqa: E402
from bus.times import now  # noqa: E402
from contracts import booking  # noqa: E402
from contracts.wire import Refusal  # noqa: E402
from services.booking import service as _booking  # noqa: E402, F401 (now, and not in each process that is forked)
from services.notify import service as _notify  # noqa: E402, F401
from tests.faults.job import Job  # noqa: E402


def main(job: Job) -> None:
    logs.configure()
    hasten(job)
    if job.fault:
        put_in(job.fault)
    bus = EmbeddedBus()
    gate = Node("gateway", bus, None)
    host = Host([parts.part(name, job.environ, bus) for name in ("booking", "notify")])
    host.start()
    gate.start()
    until_told_to_stop(lambda: _ask(gate, job.asks))
    gate.stop()
    host.stop()


def _ask(gate: Node, asks: list[list[Any]]) -> None:
    for number, (command, arguments) in enumerate(asks):
        with suppress(NoAnswer, Refusal):
            key: dict[str, Any] = {"idempotency_key": f"key-{number}", "deadline": now() + timedelta(hours=1)}
            gate.client.command(getattr(booking, command), timeout=10, **key, **arguments)
    print("running", flush=True)  # noqa: T201 (the test waits for it)
