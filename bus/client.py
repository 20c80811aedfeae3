"""Asking another service: queries and commands, with a time-out on every one."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bus import metrics
from bus.context import current_correlation
from bus.requests import RemoteRefusal
from bus.times import written
from contracts.wire import Command, Query

QUERY_TIMEOUT = 2.0  # seconds
COMMAND_TIMEOUT = 5.0
UNAVAILABLE = "unavailable"  # the service answered that it cannot work now: its database is not there


class NoAnswer(Exception):
    """The service did not answer in time. ``accepted``: the command is on a durable queue and will be carried out."""

    def __init__(self, accepted: bool = False) -> None:
        super().__init__("accepted, not answered" if accepted else "not accepted")
        self.accepted = accepted


@dataclass(frozen=True)
class Request:
    """A request as the transport takes it. ``body`` is nameko's ``{"args": [], "kwargs": {…}}`` as JSON.

    Nobody waits for the reply to one that is not ``awaited``: it is enough that it is on its way (``TAKEN``).
    """

    service: str
    routing_key: str
    body: str
    timeout: float
    durable: bool
    correlation: str
    awaited: bool = True


TAKEN: dict[str, Any] = {"result": {}, "error": None}


class Client:
    """Asks other services. ``request`` is the transport's: it answers ``{"result", "error"}`` or raises NoAnswer."""

    def __init__(self, request: Callable[[Request], dict[str, Any]]) -> None:
        self._request = request

    def ask(self, query: Query, *, timeout: float = QUERY_TIMEOUT, **arguments: Any) -> dict[str, Any]:
        """The answer to a query as JSON. Raises a Refusal with its ``code``, or NoAnswer."""
        return self._asked(query, arguments, timeout, durable=False)

    def command(
        self,
        command: Command,
        *,
        idempotency_key: str,
        deadline: datetime,
        timeout: float = COMMAND_TIMEOUT,
        **arguments: Any,
    ) -> dict[str, Any]:
        """The answer to a command. After NoAnswer with ``accepted``, ask for its outcome by the same key.

        ``deadline`` (aware) is when it is no longer worth carrying out; ``timeout`` (seconds) how long to wait here.
        One that ``tells_later`` is then handed in again as such: ``accepted`` says that this too is on the queue.
        """
        arguments |= {"idempotency_key": idempotency_key, "deadline": deadline}
        try:
            return self._asked(command, arguments, timeout, durable=True)
        except NoAnswer as silence:
            if silence.accepted and command.tells_later:
                self._asked(command, {**arguments, "later": True}, timeout, durable=True, awaited=False)
            raise

    def _asked(
        self, query: Query, arguments: dict[str, Any], timeout: float, *, durable: bool, awaited: bool = True
    ) -> dict[str, Any]:
        body = json.dumps({"args": [], "kwargs": arguments}, default=_plain, ensure_ascii=False)
        request = Request(query.service, query.routing_key, body, timeout, durable, current_correlation(), awaited)
        began = time.monotonic()
        outcome = "no_answer"
        try:
            reply = self._request(request)
            outcome = "refused" if reply.get("error") else "answered"
        finally:
            metrics.rpc_seconds.labels(query.routing_key, outcome).observe(time.monotonic() - began)
        return _result(reply)


def _result(reply: dict[str, Any]) -> dict[str, Any]:
    error = reply.get("error")
    if not error:
        return dict(reply["result"])
    code = str(error.get("exc_type"))
    if code == UNAVAILABLE:
        raise NoAnswer
    raise RemoteRefusal(code, str(error.get("value")), error.get("details"))


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON")
