"""The bus for nameko's service classes: entrypoints for events, queries, commands and background work.

Nameko's own ``@event_handler`` loses what fails and its ``@rpc`` dies of a malformed request; these keep its wire and
its way of writing services. The containers' ``config`` holds ``node`` (bus.node.Node) and ``settings``.
"""

import inspect
from functools import partial
from typing import Any

from eventlet.event import Event as GreenEvent
from nameko.containers import WorkerContext
from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR, DependencyProvider, Entrypoint

from bus.envelope import Event
from bus.node import Node
from bus.transaction import Transaction
from contracts.wire import Command, EventType, Query


class Bus(DependencyProvider):
    """Injects the service's node: its ``database`` and its ``client``."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Node:
        node: Node = self.container.config["node"]
        return node


class Config(DependencyProvider):
    """Injects the service's settings."""

    def get_dependency(self, worker_ctx: WorkerContext) -> Any:
        return self.container.config["settings"]


class _OnNode(Entrypoint):
    """An entrypoint that is fired by the node, not by nameko's consumers."""

    @property
    def node(self) -> Node:
        node: Node = self.container.config["node"]
        return node

    def call_here(self, *args: Any) -> Any:
        """Call the method in this green thread, with the dependencies injected as for any worker.

        Events of a batch share one transaction, and background work has a thread of its own: a worker for each call
        would only cost time.
        """
        service = self.container.service_cls()
        worker = WorkerContext(self.container, service, self, args, {})
        self.container._inject_dependencies(worker)  # noqa: SLF001  # what nameko's own runner calls
        return getattr(service, self.method_name)(*args)


class EventHandler(_OnNode):
    """``@on(EVENT)``: the method gets ``(tx, event)``, once for each event, in order for each subject."""

    def __init__(self, event: EventType, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.event = event

    def setup(self) -> None:
        self.node.on(self.event, self._handle)

    def _handle(self, tx: Transaction, event: Event) -> None:
        self.call_here(tx, event)


class Request(_OnNode):
    """``@query(QUERY)`` and ``@command(COMMAND)``: the method gets ``tx`` and the loaded arguments by keyword."""

    def __init__(self, declared: Query, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._declared = declared

    def setup(self) -> None:
        self.node.answering.serve(self._declared, self._answer)

    def _answer(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        done = GreenEvent()
        self.container.spawn_worker(self, (tx,), arguments, handle_result=partial(self._handle_result, done))
        result, exc_info = done.wait()
        if exc_info:
            raise exc_info[1]
        return dict(result)

    def _handle_result(self, done: GreenEvent, _worker: WorkerContext, result: Any, exc_info: Any) -> tuple[Any, Any]:
        done.send((result, exc_info))
        return result, exc_info


class Refusals(_OnNode):
    """``@refused_later(COMMAND)``: the method gets ``(tx, refused)`` when it was refused and nobody waits."""

    def __init__(self, declared: Command, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.declared = declared

    def setup(self) -> None:
        self.node.answering.tell_refusals(self.declared, self.call_here)


class Background(_OnNode):
    """``@background(every=seconds)``: called at start, after each commit in this database, and at least that often.

    The method answers whether there is more to do.
    """

    def __init__(self, every: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._every = every

    def setup(self) -> None:
        self.node.background(self.call_here, self._every)


on = EventHandler.decorator
background = Background.decorator


def query(declared: Query) -> Any:
    return Request.decorator(declared)


def command(declared: Command) -> Any:
    return Request.decorator(declared)


def refused_later(declared: Command) -> Any:
    return Refusals.decorator(declared)


def subscriptions(service: type) -> list[tuple[str, str]]:
    """What a service class listens to, without running it: pairs of exchange and routing key."""
    methods = [method for _, method in inspect.getmembers(service, inspect.isfunction)]
    entrypoints = [point for method in methods for point in getattr(method, ENTRYPOINT_EXTENSIONS_ATTR, ())]
    return [(point.event.exchange, point.event.name) for point in entrypoints if isinstance(point, EventHandler)]
