"""A process that runs services: nameko's containers, their nodes on the bus, and a page about its health."""

import signal
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import eventlet
import eventlet.wsgi
import structlog
from nameko.containers import ServiceContainer

from bus.health import Health
from bus.node import Node

log = structlog.get_logger(__name__)

WORKERS = 50  # workers of a container; requests are limited by the transport's prefetch before that


@dataclass(frozen=True)
class Part:
    """A service to run: its nameko class, its settings and its node. ``config`` is added to nameko's."""

    service: type
    settings: Any
    node: Node
    config: dict[str, Any] = field(default_factory=dict)


class Host:
    """Runs parts in this process. The containers start first, so that everything is registered before a node moves."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self._parts = list(parts)
        self.health = Health([part.node for part in self._parts])
        self._containers = [ServiceContainer(part.service, self._config(part)) for part in self._parts]

    def _config(self, part: Part) -> dict[str, Any]:
        base = {"node": part.node, "settings": part.settings, "health": self.health, "max_workers": WORKERS}
        return {**base, **part.config}

    def start(self) -> None:
        for container in self._containers:
            container.start()
        for part in self._parts:
            part.node.start()
        self.health.started = True

    def stop(self) -> None:
        """Finish what is in hand, hand back the rest."""
        self.health.started = False
        running = list(zip(self._parts, self._containers, strict=True))
        for part, container in running:  # the website first: its requests still need the others' answers
            if part.node.database is None:
                container.stop()
                part.node.stop()
        stopping = [threading.Thread(target=part.node.stop) for part in self._parts if part.node.database]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        for part, container in running:
            if part.node.database is not None:
                container.stop()
                part.node.database.close()

    def serve_health(self, address: tuple[str, int]) -> None:
        """Answer /healthz, /readyz and /metrics on ``address``, for processes without a website of their own."""
        listener = eventlet.listen(address, reuse_port=False)
        eventlet.spawn(eventlet.wsgi.server, listener, self.health, log_output=False, max_size=20)


def check_free(host: str, port: int) -> None:
    """Raise OSError, in words for who chose the port, where nothing can listen on it."""
    try:
        eventlet.listen((host, port), reuse_port=False).close()
    except OSError as error:
        raise OSError(f"cannot listen on {host}:{port} ({error.strerror}); choose another with --port") from None


def until_told_to_stop(ready: Callable[[], None]) -> None:
    """Call ``ready``, then block until SIGINT or SIGTERM."""
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    ready()
    while not told.wait(0.5):  # a signal does not wake an idle hub of eventlet
        pass
