"""RabbitMQ as the transport of a process with one service (or, by one account each, with several)."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from bus.client import Request
from bus.envelope import CONTENT_TYPE, RPC_EXCHANGE, traceparent
from bus.node import Node
from bus.rabbitmq.intake import Intake
from bus.rabbitmq.publisher import Parcel, Publisher
from bus.rabbitmq.requests import CORRELATION, Asker, Server
from bus.relay import Outgoing


class RabbitMQ:
    """The transport of one service. ``uri`` is ``amqp://user:password@host:port/vhost``."""

    def __init__(self, uri: str, service: str) -> None:
        self._uri = uri
        self._user = unquote(urlsplit(uri).username or "guest")
        self._asker = Asker(uri, service, self._user)
        self._publisher = Publisher(uri, f"{service} outbox")
        self._server: Server | None = None
        self._intake: Intake | None = None

    def join(self, node: Node) -> None:
        """Nothing to do: the broker keeps what its queue, made by ``bottega broker setup``, is bound to."""

    def start(self, node: Node) -> None:
        self._asker.start()
        if node.database is not None:
            self._server = Server(self._uri, node)
            self._server.start()

    def stop(self, node: Node) -> None:
        if self._server is not None:
            self._server.stop()
        self._asker.stop()

    def begin_intake(self, node: Node) -> None:
        self._intake = Intake(self._uri, node)
        self._intake.start()

    def end_intake(self, node: Node) -> None:
        if self._intake is not None:
            self._intake.stop()
            self._intake = None
        self._publisher.close()

    def problem(self) -> str | None:
        loops = (self._asker, self._server, self._intake)
        return next((loop.problem for loop in loops if loop is not None and loop.problem), None)

    def request(self, request: Request) -> dict[str, Any]:
        return self._asker.request(request)

    def publish(self, service: str, rows: list[Outgoing]) -> set[int]:
        confirmed = self._publisher.publish([self._parcel(row) for row in rows])
        return {rows[index].position for index in confirmed}

    def _parcel(self, row: Outgoing) -> Parcel:
        headers = {CORRELATION: row.correlationid}
        trace = traceparent(row.correlationid, row.event_id)
        if trace:
            headers["traceparent"] = trace
        properties = {
            "content_type": "application/json" if row.is_command else CONTENT_TYPE,
            "content_encoding": "utf-8",
            "delivery_mode": 2,
            "message_id": row.event_id,
            "user_id": self._user,
            "application_headers": headers,
        }
        if not row.is_command:
            return Parcel(row.target, row.routing_key, row.body, properties)
        body = json.dumps({"args": [], "kwargs": json.loads(row.body)}, ensure_ascii=False)
        return Parcel(RPC_EXCHANGE, row.routing_key, body, properties, mandatory=True)
