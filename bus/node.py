"""One service on the bus: what it answers, what it hears, and the threads that keep its outbox and inbox moving."""

import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import structlog

from bus import failures, metrics
from bus.client import UNAVAILABLE, Client, Request
from bus.context import correlated
from bus.database import Database
from bus.inbox import Arrival, Handler, Inbox
from bus.leader import leadership
from bus.purge import purge
from bus.relay import Outgoing, Relay
from bus.requests import carry_out, loaded
from bus.times import now
from contracts.wire import Command, DeadlinePassed, EventType, InvalidArguments, NotFound, Query, Refusal

log = structlog.get_logger(__name__)

POLL = 0.5  # seconds: the longest that a lost doorbell goes unnoticed
LEAD_AGAIN = 1.0
BACK_OFF_MAX = 15.0
PURGE_EVERY = 60.0

Answer = Callable[..., dict[str, Any]]
Task = Callable[[], bool]


class Transport(Protocol):
    """What carries messages: ``bus.embedded`` inside one process, ``bus.rabbitmq`` between processes."""

    def start(self, node: "Node") -> None:
        """Begin to deliver requests to ``node.answer``."""

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


class UnknownRequest(NotFound):
    code = "unknown_request"


class Unavailable(Refusal):
    code = UNAVAILABLE


class InternalError(Refusal):
    """A defect in the service. The details are in its log, under the correlation id."""

    code = "internal_error"


class Node:
    """A service's place on the bus. Without a database (the gateway) it only asks.

    ``operators`` maps a source of events to the broker account that speaks for it, where that is not its own name.
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
        self._outbox_bell = threading.Event()
        self._inbox_bell = threading.Event()
        self._stopping = threading.Event()
        self._bells = [self._outbox_bell, self._inbox_bell]
        self._tasks: list[Callable[[], None]] = []
        self._threads: list[threading.Thread] = []
        self._requests: dict[str, tuple[Query, Answer]] = {}
        if database is not None:
            self.inbox = Inbox(name, database, operators)
            self.relay = Relay(name, database, lambda rows: transport.publish(name, list(rows)))
            database.ring_on_commit(self._outbox_bell)

    # What the service does; said before the start

    def on(self, event: EventType, handler: Handler) -> None:
        """``handler(tx, event)`` is called once for each event, inside the transaction that marks it as done."""
        self.inbox.handlers[(event.source, event.name)] = (event, handler)

    def serve(self, query: Query, answer: Answer) -> None:
        """``answer(tx, **arguments)`` answers a query (``tx`` reads) or carries out a command (``tx`` writes)."""
        self._requests[query.name] = (query, answer)

    def background(self, task: Task, every: float) -> None:
        """Run ``task`` from start to stop: after each commit in this database, and at least every ``every`` seconds.

        ``task`` answers whether there is more to do. When it raises, the next try comes with growing delays.
        """
        bell = threading.Event()
        self._bells.append(bell)
        if self.database is not None:
            self.database.ring_on_commit(bell)
        self._tasks.append(lambda: self._repeat(task, every, bell))

    # Life

    def start(self) -> None:
        self.transport.start(self)
        if self.database is not None:
            self._spawn(self._lead, "leader")
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
                with self.database.reading() as tx:
                    tx.connection.exec_driver_sql("SELECT 1")
            except Exception as error:
                return f"the database of {self.name} does not answer ({type(error).__name__})"
        return self.transport.problem()

    def ring(self) -> None:
        """There may be events to handle."""
        self._inbox_bell.set()

    def _spawn(self, run: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=run, name=f"{self.name}-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    # Leading

    def _lead(self) -> None:
        assert self.database is not None
        lock = leadership(self.database)
        while not self._stopping.is_set():
            try:
                if lock.take():
                    self._lead_while(lock.held)
            except Exception as error:
                log.warning("cannot lead", service=self.name, error=failures.summary(error))
            finally:
                lock.give_up()
            self._stopping.wait(LEAD_AGAIN)

    def _lead_while(self, held: Callable[[], bool]) -> None:
        """Lead until the lock is lost or the node stops; the threads have ended when this returns."""
        assert self.database is not None
        database, over = self.database, threading.Event()
        self._set_leading(True)
        tasks: list[tuple[Task, float, threading.Event]] = [
            (lambda: self.relay.drain() > 0, POLL, self._outbox_bell),
            (lambda: self.inbox.handle_due() > 0, POLL, self._inbox_bell),
            (lambda: purge(database) > 0, PURGE_EVERY, threading.Event()),
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
        while not over.is_set():
            bell.clear()
            try:
                while task() and not over.is_set():
                    pass
                wait = POLL
                bell.wait(seconds)
            except Exception as error:
                log.warning("will try again", service=self.name, error=failures.summary(error), exc_info=_defect(error))
                over.wait(wait)
                wait = min(wait * 2, BACK_OFF_MAX)

    # Answering

    def answer(self, routing_key: str, body: bytes | str, correlation: str | None) -> dict[str, Any]:
        """The reply to a request: nameko's ``{"result", "error"}``. Never raises."""
        method = routing_key.removeprefix(f"{self.name}.")
        with correlated(correlation):
            try:
                reply = {"result": self._answer(method, body), "error": None}
                outcome = "answered"
            except Refusal as refusal:
                reply = {"result": None, "error": _error(refusal)}
                outcome = refusal.code
            except Exception as error:
                problem = self._unexpected(method, error)
                reply = {"result": None, "error": _error(problem)}
                outcome = problem.code
            known = routing_key if method in self._requests else "unknown"
            metrics.rpc_served.labels(known, outcome).inc()
            return reply

    def obey(self, arrival: Arrival, correlation: str | None) -> dict[str, Any]:
        """Answer a request that nobody waits for: what cannot be carried out is set aside, as no caller can be told.

        With the code "unavailable" it was not carried out and must come again.
        """
        reply = self.answer(arrival.routing_key, arrival.body, correlation)
        code = reply["error"] and reply["error"]["exc_type"]
        if code in (InternalError.code, InvalidArguments.code, UnknownRequest.code):
            self.inbox.set_aside(arrival, f"a request without reply_to that failed: {code}")
        return reply

    def _answer(self, method: str, body: bytes | str) -> dict[str, Any]:
        if method not in self._requests:
            raise UnknownRequest(f"{self.name} does not know this request")
        query, do = self._requests[method]
        arguments = _keywords(body)
        assert self.database is not None
        if isinstance(query, Command):
            return carry_out(self.database, query, arguments, do)
        if _is_past(arguments.pop("deadline", None)):
            raise DeadlinePassed
        with self.database.reading() as tx:
            return dict(query.result().dump(do(tx, **loaded(query, arguments))))

    def _unexpected(self, method: str, error: Exception) -> Refusal:
        if failures.is_infrastructure(error):
            log.warning("cannot answer", service=self.name, request=method, error=failures.summary(error))
            return Unavailable()
        log.error("defect while answering", service=self.name, request=method, exc_info=_defect(error))
        return InternalError()


def _keywords(body: bytes | str) -> dict[str, Any]:
    try:
        request = json.loads(body)
        arguments, keywords = request["args"], request["kwargs"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InvalidArguments('a request is {"args": [], "kwargs": {…}} in JSON') from None
    if arguments or not isinstance(keywords, dict):
        raise InvalidArguments("arguments are passed by keyword")
    return keywords


def _is_past(deadline: Any) -> bool:
    try:
        return deadline is not None and datetime.fromisoformat(deadline) < now()
    except (TypeError, ValueError):
        raise InvalidArguments("deadline is not RFC 3339", fields={"deadline": ["RFC 3339, UTC"]}) from None


def _error(refusal: Refusal) -> dict[str, Any]:
    """In nameko's form, with the stable code in place of a class path."""
    return {
        "exc_type": refusal.code,
        "exc_path": refusal.code,
        "exc_args": [],
        "value": str(refusal),
        "details": refusal.details,
    }


def _defect(error: Exception) -> Any:
    """The traceback, for errors that are not expected of a broken network or database; it holds no local values."""
    return (
        None
        if failures.is_infrastructure(error) or isinstance(error, OSError)
        else (type(error), error, error.__traceback__)
    )
