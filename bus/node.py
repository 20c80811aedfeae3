"""One service on the bus: what it answers, what it hears, and the threads that keep its outbox and inbox moving."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

import structlog

from bus import failures, metrics
from bus.answering import Answering
from bus.client import Client, Request
from bus.database import Database
from bus.inbox import Handler, Inbox
from bus.leader import leadership
from bus.purge import purge
from bus.relay import Outgoing, Relay
from contracts.wire import EventType

log = structlog.get_logger(__name__)

POLL = 0.5  # seconds: the longest that a lost doorbell goes unnoticed
LEAD_AGAIN = 1.0
BACK_OFF_MAX = 15.0
PURGE_EVERY = 60.0

Task = Callable[[], bool]


class Transport(Protocol):
    """What carries messages: ``bus.embedded`` inside one process, ``bus.rabbitmq`` between processes."""

    def join(self, node: "Node") -> None:
        """A node is made: what is published from now on must reach it, even if it starts later."""

    def start(self, node: "Node") -> None:
        """Begin to deliver requests to ``node.answering``."""

    def stop(self, node: "Node") -> None:
        """Deliver no more; return when what is in hand is answered."""

    def begin_intake(self, node: "Node") -> None:
        """This process leads: begin to deliver events to ``node.inbox``."""

    def end_intake(self, node: "Node") -> None: ...

    def publish(self, service: str, rows: "list[Outgoing]") -> set[int]:
        """Publish; answer the positions that are confirmed."""

    def request(self, request: Request) -> dict[str, Any]: ...

    def problem(self) -> str | None:
        """Why messages do not move now, for an operator; None when they do."""


class Node:
    """A service's place on the bus. Without a database (the gateway) it only asks.

    ``operators`` maps a service to the broker account that speaks for it, where that is not its own name.
    """

    def __init__(
        self,
        name: str,
        transport: Transport,
        database: Database | None = None,
        operators: dict[str, str] | None = None,
    ) -> None:
        self.name = name
        self.transport = transport
        self.database = database
        self.client = Client(transport.request)
        self.leads = False
        self._inbox_bell = threading.Event()
        self._stopping = threading.Event()
        self._bells = [self._inbox_bell]
        self._tasks: list[Callable[[], None]] = []
        self._threads: list[threading.Thread] = []
        if database is not None:
            self.inbox = Inbox(name, database, operators)
            self.answering = Answering(name, database, self.inbox.set_aside, operators)
            self._relays = [
                (self._relay(database, commands), self._bell(database.ring_on_record)) for commands in (False, True)
            ]
        transport.join(self)

    # What the service does; said before the start

    def on(self, event: EventType, handler: Handler) -> None:
        """``handler(tx, event)`` is called once for each event, inside the transaction that marks it as done."""
        self.inbox.handlers[(event.source, event.name)] = (event, handler)

    def background(self, task: Task, every: float, *, after_commits: bool = True) -> None:
        """Run ``task`` from start to stop, at least every ``every`` seconds; and after each commit in this database.

        ``task`` answers whether there is more to do. When it raises, the next try comes with growing delays. One for
        which a commit means nothing is not run ``after_commits``.
        """
        bell = self._bell(self.database.ring_on_commit if self.database and after_commits else None)
        self._tasks.append(lambda: self._repeat(task, every, bell))

    # Life

    def start(self) -> None:
        self.transport.start(self)
        if self.database is not None:
            self._spawn(partial(self._lead, self.database), "leader")
        for task in self._tasks:
            self._spawn(task, "background")

    def stop(self) -> None:
        """Finish what is in hand, hand back the rest."""
        self.transport.stop(self)
        self._stopping.set()
        for bell in self._bells:
            bell.set()
        for thread in self._threads:
            thread.join()

    def problem(self) -> str | None:
        """Why this node cannot work now, in words for an operator; None when it can."""
        if self.database is not None:
            try:
                self.check_database()
            except Exception as error:  # noqa: BLE001  # whatever it was, it does not answer
                return f"the database of {self.name} does not answer ({type(error).__name__})"
        return self.transport.problem()

    def check_database(self) -> None:
        """Raise what the database raises when it does not answer."""
        if self.database is not None:
            with self.database.reading() as tx:
                tx.connection.exec_driver_sql("SELECT 1")

    def ring(self) -> None:
        """There may be events to handle."""
        self._inbox_bell.set()

    def _relay(self, database: Database, commands: bool) -> Relay:
        def publish(rows: Sequence[Outgoing]) -> set[int]:
            return self.transport.publish(self.name, list(rows))

        return Relay(self.name, database, publish, commands=commands)

    def _bell(self, hang: Callable[[threading.Event], None] | None) -> threading.Event:
        """A bell that rings at the end, and where it is hung: ``database.ring_on_commit`` or ``ring_on_record``."""
        bell = threading.Event()
        self._bells.append(bell)
        if hang:
            hang(bell)
        return bell

    def _spawn(self, run: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=run, name=f"{self.name}-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    # Leading

    def _lead(self, database: Database) -> None:
        lock = leadership(database)
        while not self._stopping.is_set():
            try:
                if lock.take():
                    self._lead_while(lock.held, database)
            except Exception as error:  # noqa: BLE001  # whatever it was, try again
                log.warning("cannot lead", service=self.name, error=failures.summary(error))
            finally:
                lock.give_up()
            self._stopping.wait(LEAD_AGAIN)

    def _lead_while(self, held: Callable[[], bool], database: Database) -> None:
        """Lead until the lock is lost or the node stops; the threads have ended when this returns."""
        over = threading.Event()
        self._set_leading(True)
        tasks: list[tuple[Task, float, threading.Event]] = [
            *((partial(_moves, relay.drain), POLL, bell) for relay, bell in self._relays),
            (partial(_moves, self.inbox.handle_due), POLL, self._inbox_bell),
            (partial(_moves, partial(purge, database)), PURGE_EVERY, threading.Event()),
        ]
        threads = [
            threading.Thread(target=self._repeat, args=(task, seconds, bell, over), daemon=True)
            for task, seconds, bell in tasks
        ]
        for thread in threads:
            thread.start()
        self.transport.begin_intake(self)
        try:
            while not self._stopping.wait(LEAD_AGAIN) and held():
                pass
        finally:
            self.transport.end_intake(self)
            over.set()
            for _, _, bell in tasks:
                bell.set()
            for thread in threads:
                thread.join()
            self._set_leading(False)

    def _set_leading(self, leads: bool) -> None:
        self.leads = leads
        metrics.leading.labels(self.name).set(leads)
        log.info("leads" if leads else "leads no more", service=self.name)

    def _repeat(self, task: Task, seconds: float, bell: threading.Event, over: threading.Event | None = None) -> None:
        over = over or self._stopping
        wait = POLL
        if self.database is not None:
            self.database.ignore_own_commits(bell)
        while not over.is_set():
            bell.clear()
            try:
                while task() and not over.is_set():
                    pass
                wait = POLL
                bell.wait(seconds)
            except Exception as error:  # noqa: BLE001  # whatever it was, the thread must go on
                words = {"error": failures.summary(error), "where": failures.where(error)}
                log.warning("will try again", service=self.name, **words)
                over.wait(wait)
                wait = min(wait * 2, BACK_OFF_MAX)


def _moves(step: Callable[[], int]) -> bool:
    return step() > 0
