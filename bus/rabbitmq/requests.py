"""Requests over nameko's RPC convention: serving those of one service, and asking others."""

import contextlib
import json
import re
import threading
import uuid
from typing import Any

import structlog
from amqp import Message

from bus import failures
from bus.client import COMMAND_TIMEOUT, QUERY_TIMEOUT, TAKEN, UNAVAILABLE, NoAnswer, Request
from bus.envelope import RPC_EXCHANGE
from bus.inbox import Arrival
from bus.node import Node
from bus.rabbitmq.connection import ERRORS, TICK, Loop, body_of, drain, open_channel
from bus.rabbitmq.post import Post
from bus.rabbitmq.publisher import Parcel
from bus.rabbitmq.topology import REPLY_EXPIRES, REPLY_KEY, declare_requests, reply_queue

log = structlog.get_logger(__name__)

WORKERS = 10
CONNECT_PATIENCE = 1.0  # seconds that a request waits for the connection to be back
BODY_MAX = 256 * 1024  # bytes of a request
CORRELATION = "nameko.correlation_id"
_REPLY_KEY = re.compile(REPLY_KEY)


class NotAble(Exception):
    """A request could not be carried out now; the broker keeps it."""


class Server(Loop):
    """Serves the requests of one service. A message is acknowledged when it is answered, never before."""

    def __init__(self, uri: str, node: Node) -> None:
        super().__init__(uri, f"{node.name} requests", self._serve)
        self._node = node
        self._writing = threading.Lock()  # the connection is shared by the workers
        self._busy: set[threading.Thread] = set()
        self._unable = threading.Event()

    def _serve(self, connection: Any) -> None:
        self._node.check_database()
        channel = open_channel(connection)
        self._unable.clear()
        channel.basic_qos(0, WORKERS, False)
        queue = declare_requests(channel, self._node.name)
        tag = channel.basic_consume(queue, callback=lambda message: self._spawn(channel, message))
        self.problem = None
        while not self.stopping and not self._unable.is_set():
            with self._writing:
                connection.heartbeat_tick()
            drain(connection, TICK)
        if self._unable.is_set():
            raise NotAble
        with self._writing:
            channel.basic_cancel(tag, nowait=True)
        self._finish()

    def _finish(self) -> None:
        for thread in list(self._busy):
            thread.join()

    def _spawn(self, channel: Any, message: Message) -> None:
        thread = threading.Thread(target=self._work, args=(channel, message), daemon=True)
        self._busy.add(thread)
        thread.start()

    def _work(self, channel: Any, message: Message) -> None:
        try:
            reply = self._reply(message)
            if reply is None:
                self._unable.set()
                return
            with self._writing:
                self._send(channel, message, reply)
                channel.basic_ack(message.delivery_tag)
        except ERRORS as error:  # the connection went: the broker gives the message to somebody again
            log.info("could not answer", service=self._node.name, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  # the message stays on the queue
            log.warning("cannot serve", service=self._node.name, error=failures.summary(error))
            self._unable.set()
        finally:
            self._busy.discard(threading.current_thread())

    def _reply(self, message: Message) -> dict[str, Any] | None:
        """The answer; None when this process cannot give one and the message must stay on the queue."""
        body = body_of(message)
        routing_key = message.delivery_info["routing_key"]
        account = message.properties.get("user_id")
        if not self._node.answering.may_ask(routing_key, account):
            return self._node.answering.refuse(routing_key, account)
        arrival = Arrival(body, RPC_EXCHANGE, routing_key, message.properties.get("content_type"), account)
        if len(body) > BODY_MAX:
            self._node.inbox.set_aside(arrival, f"a request larger than {BODY_MAX} bytes")
            return self._node.answering.answer(routing_key, "", None)
        correlation = (message.headers or {}).get(CORRELATION)
        if _reply_to(message):
            reply = self._node.answering.answer(routing_key, body, correlation)
        else:
            reply = self._node.answering.obey(arrival, correlation)
        unavailable = reply["error"] is not None and reply["error"]["exc_type"] == UNAVAILABLE
        return None if unavailable and message.properties.get("delivery_mode") == 2 else reply

    def _send(self, channel: Any, message: Message, reply: dict[str, Any]) -> None:
        reply_to = _reply_to(message)
        if reply_to is None:
            return
        properties = {"content_type": "application/json", "content_encoding": "utf-8"}
        if message.properties.get("correlation_id"):
            properties["correlation_id"] = message.properties["correlation_id"]
        channel.basic_publish(Message(json.dumps(reply), **properties), RPC_EXCHANGE, reply_to)


def _reply_to(message: Message) -> str | None:
    """The routing key for the reply: a UUID, as nameko's. A reply travels with the rights of this service, so that any
    other key could make it a request of a stranger's choice, or have the broker close our channel."""
    key = message.properties.get("reply_to")
    return key if key and _REPLY_KEY.fullmatch(key) else None


class Asker(Loop):
    """Sends requests and waits for the replies on a queue of its own, which is made anew on each connection."""

    def __init__(self, uri: str, service: str, user: str) -> None:
        super().__init__(uri, f"{service} replies", self._listen)
        self._service = service
        self._user = user
        self._key: str | None = None
        self._ready = threading.Event()
        self._expected: dict[str, _Reply] = {}
        self._queries = Post(uri, f"{service} queries", QUERY_TIMEOUT)  # apart, as they need not wait for a disk
        self._commands = Post(uri, f"{service} commands", COMMAND_TIMEOUT)

    def request(self, request: Request) -> dict[str, Any]:
        """The reply. Raises NoAnswer; when the broker took a command, with ``accepted``."""
        identifier = str(uuid.uuid4())
        expected = self._expected[identifier] = _Reply()
        try:
            accepted = self._publish(request, identifier)
            if accepted and not request.awaited:
                return TAKEN
            if accepted and expected.arrived.wait(request.timeout) and expected.body is not None:
                return expected.body
            raise NoAnswer(accepted=accepted and request.durable)
        finally:
            del self._expected[identifier]

    def stop(self) -> None:
        super().stop()
        self._queries.close()
        self._commands.close()

    def _publish(self, request: Request, identifier: str) -> bool:
        if not self._ready.wait(CONNECT_PATIENCE) and not request.durable:
            return False
        properties = {
            "content_type": "application/json",
            "content_encoding": "utf-8",
            "delivery_mode": 2 if request.durable else 1,
            "message_id": identifier,
            "correlation_id": identifier,
            "user_id": self._user,
            "application_headers": {CORRELATION: request.correlation},
        }
        if request.awaited:
            properties["reply_to"] = self._key or identifier
        if not request.durable:
            properties["expiration"] = str(int(request.timeout * 1000))
        parcel = Parcel(RPC_EXCHANGE, request.routing_key, request.body, properties, mandatory=True)
        sent = (self._commands if request.durable else self._queries).send(parcel, request.timeout)
        if not sent:
            log.warning("request not sent", request=request.routing_key)
        return sent

    def _listen(self, connection: Any) -> None:
        channel = open_channel(connection)
        key = str(uuid.uuid4())
        queue = reply_queue(self._service, key)
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-expires": REPLY_EXPIRES})
        channel.queue_bind(queue, RPC_EXCHANGE, key)
        channel.basic_consume(queue, no_ack=True, callback=self._on_reply)
        self._key, self.problem = key, None
        self._ready.set()
        try:
            while not self.stopping:
                connection.heartbeat_tick()
                drain(connection, TICK)
            with contextlib.suppress(*ERRORS):
                channel.queue_delete(queue)
        finally:
            self._ready.clear()

    def _on_reply(self, message: Message) -> None:
        expected = self._expected.get(message.properties.get("correlation_id", ""))
        if expected is None:
            return  # it came after its time-out
        try:
            expected.body = dict(json.loads(message.body))
        except (ValueError, TypeError):
            log.warning("unreadable reply", service=self._service)
        expected.arrived.set()


class _Reply:
    def __init__(self) -> None:
        self.arrived = threading.Event()
        self.body: dict[str, Any] | None = None
