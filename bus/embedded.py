"""The bus inside one process: the relay hands over to the inboxes, and counts as confirmed what they have committed."""

import json
import threading
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bus.accepted import Accepted
from bus.client import TAKEN, UNAVAILABLE, NoAnswer, Request
from bus.envelope import CONTENT_TYPE, RPC_EXCHANGE
from bus.inbox import Arrival
from bus.relay import Outgoing

if TYPE_CHECKING:
    from bus.node import Node


ACCEPTED_EVERY = 1.0  # seconds


class EmbeddedBus:
    """Carries messages between the nodes of this process. Make all nodes before any is started.

    Commands that nobody answers in time are kept in ``folder``; without one they are not accepted.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._nodes: dict[str, Node] = {}
        self._accepted = Accepted(folder) if folder else None

    def join(self, node: "Node") -> None:
        self._nodes[node.name] = node
        if self._accepted and node.database is not None:
            carry_out = partial(self._accepted.carry_out_next, node.name, node.answering)
            node.background(carry_out, ACCEPTED_EVERY, after_commits=False)

    def start(self, node: "Node") -> None:
        pass

    def stop(self, node: "Node") -> None:
        pass

    def begin_intake(self, node: "Node") -> None:
        pass

    def end_intake(self, node: "Node") -> None:
        pass

    def problem(self) -> str | None:
        return None

    def publish(self, service: str, rows: list[Outgoing]) -> set[int]:
        events = [row for row in rows if not row.is_command]
        for node in self._subscribers():
            wanted = set(node.inbox.subscriptions)
            arrivals = [_arrival(row, service) for row in events if (row.target, row.routing_key) in wanted]
            if arrivals:
                node.inbox.record(arrivals)
                node.ring()
        confirmed = {row.position for row in events}
        return confirmed | {row.position for row in rows if row.is_command and self._carried_out(row)}

    def _subscribers(self) -> Iterable["Node"]:
        return [node for node in self._nodes.values() if node.database is not None]

    def _carried_out(self, row: Outgoing) -> bool:
        node = self._nodes.get(row.target)
        if node is None:
            return False
        body = json.dumps({"args": [], "kwargs": json.loads(row.body)})
        arrival = Arrival(body.encode(), RPC_EXCHANGE, row.routing_key, "application/json", user_id=None)
        error = node.answering.obey(arrival, row.correlationid)["error"]
        return error is None or error["exc_type"] != UNAVAILABLE

    def request(self, request: Request) -> dict[str, Any]:
        node = self._nodes.get(request.service)
        if node is None:
            raise NoAnswer
        if not request.awaited:
            if not self._keeps(request):
                raise NoAnswer
            return TAKEN
        replies: list[dict[str, Any]] = []

        def answer() -> None:
            replies.append(node.answering.answer(request.routing_key, request.body, request.correlation))

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        thread.join(request.timeout)
        if not replies:
            raise NoAnswer(accepted=request.durable and self._keeps(request))
        return dict(json.loads(json.dumps(replies[0])))

    def _keeps(self, request: Request) -> bool:
        return self._accepted is not None and self._accepted.keep(request)


def _arrival(row: Outgoing, service: str) -> Arrival:
    return Arrival(
        body=row.body.encode(),
        exchange=row.target,
        routing_key=row.routing_key,
        content_type=CONTENT_TYPE,
        user_id=service,
    )
