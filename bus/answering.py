"""Answering requests: find who answers, read the arguments, carry out, and put every failure into a stable code."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from bus import failures, metrics
from bus.client import UNAVAILABLE
from bus.context import correlated
from bus.database import Database
from bus.inbox import Arrival
from bus.requests import Refused, carry_out, loaded
from bus.times import now
from bus.transaction import Transaction
from contracts.wire import Command, DeadlinePassed, InvalidArguments, NotFound, Query, Refusal, instance

log = structlog.get_logger(__name__)

Answer = Callable[..., dict[str, Any]]


class UnknownRequest(NotFound):
    code = "unknown_request"


class NotAllowed(Refusal):
    """The account may not ask this."""

    code = "not_allowed"


class Unavailable(Refusal):
    code = UNAVAILABLE


class InternalError(Refusal):
    """A defect in the service. The details are in its log, under the correlation id."""

    code = "internal_error"


class Answering:
    """What one service answers. ``set_aside`` keeps a request that nobody waits for and that cannot be carried out.

    ``operators`` maps a service to its broker account, where that is not its own name.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        set_aside: Callable[[Arrival, str], None],
        operators: dict[str, str] | None = None,
    ) -> None:
        self._service = service
        self._database = database
        self._set_aside = set_aside
        self._operators = operators or {}
        self._requests: dict[str, tuple[Query, Answer]] = {}
        self._tell: dict[str, Callable[[Transaction, Refused], None]] = {}

    def serve(self, query: Query, answer: Answer) -> None:
        """``answer(tx, **arguments)`` answers a query (``tx`` reads) or carries out a command (``tx`` writes)."""
        self._requests[query.name] = (query, answer)

    def tell_refusals(self, command: Command, tell: Callable[[Transaction, Refused], None]) -> None:
        """``tell(tx, refused)`` sees to it that who gave ``command`` learns that it was refused later."""
        self._tell[command.name] = tell

    def may_ask(self, routing_key: str, account: str | None) -> bool:
        """Whether ``account``, for which the broker vouches, may ask this.

        The broker looks at routing keys too, but only where a message is published: not where an exchange of the
        sender's own, or a dead letter, passes it on.
        """
        query, _ = self._requests.get(routing_key.removeprefix(f"{self._service}."), (None, None))
        if query is None or query.public:
            return True
        return account in {self._operators.get(caller, caller) for caller in query.callers}

    def refuse(self, routing_key: str, account: str | None) -> dict[str, Any]:
        """The reply to who may not ask."""
        log.warning("request not allowed", service=self._service, request=routing_key, account=account)
        metrics.rpc_served.labels(routing_key, NotAllowed.code).inc()
        return {"result": None, "error": _error(NotAllowed("this account may not ask this"))}

    def answer(self, routing_key: str, body: bytes | str, correlation: str | None) -> dict[str, Any]:
        """The reply to a request: nameko's ``{"result", "error"}``. Never raises."""
        method = routing_key.removeprefix(f"{self._service}.")
        with correlated(correlation):
            try:
                reply = {"result": self._answer(method, body), "error": None}
                outcome = "answered"
            except Refusal as refusal:
                reply = {"result": None, "error": _error(refusal)}
                outcome = refusal.code
            except Exception as error:  # noqa: BLE001  # the caller gets a code, the log where it was
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
            self._set_aside(arrival, f"a request without reply_to that failed: {code}")
        return reply

    def _answer(self, method: str, body: bytes | str) -> dict[str, Any]:
        if method not in self._requests:
            raise UnknownRequest(f"{self._service} does not know this request")
        query, do = self._requests[method]
        arguments = _keywords(body)
        if isinstance(query, Command):
            return carry_out(self._database, query, arguments, do, self._tell.get(method))
        if _is_past(arguments.pop("deadline", None)):
            raise DeadlinePassed
        with self._database.reading() as tx:
            return dict(instance(query.result).dump(do(tx, **loaded(query, arguments))))

    def _unexpected(self, method: str, error: Exception) -> Refusal:
        if failures.is_infrastructure(error):
            log.warning("cannot answer", service=self._service, request=method, error=failures.summary(error))
            return Unavailable()
        log.error(
            "defect while answering",
            service=self._service,
            request=method,
            error=failures.summary(error),
            where=failures.where(error),
        )
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
