"""Partners' systems on a real RabbitMQ, without any of our code: they listen, they ask, and they can do no more."""

import json
import os
import re
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from bus.database import Database
from bus.migrations import upgrade
from bus.node import Node
from bus.rabbitmq.broker import Account, Broker
from bus.rabbitmq.transport import RabbitMQ as Transport
from contracts import booking as published
from services.booking import usecases
from services.booking.config import MIGRATIONS
from services.booking.domain import Partner
from services.booking.drafts import Draft
from tests.servers import RabbitMQ, VirtualHost, free_port
from tests.servers.process import Process
from tests.waiting import wait_until

ROOT = Path(__file__).parents[1]
BOTTEGA = Path(sys.executable).with_name("bottega")
REQUESTS = "nameko-rpc"
CONFIRMED = "reservation.confirmed.v1"
ASK = {"args": [], "kwargs": {"language": "it"}}


class Booking:
    """Booking in a process of its own, with one session, and somebody who books."""

    def __init__(self, vhost: VirtualHost, folder: Path) -> None:
        self.vhost = vhost
        self.broker = Broker(vhost.broker.http_uri)
        accounts = [Account(vhost.amqp_uri(name, "secret"), name) for name in ("booking", "gateway")]
        self.broker.set_up(vhost.name, accounts, {"booking": [], "notify": [("booking.events", CONFIRMED)]})
        for account in accounts:
            self.broker.admit(vhost.name, account, published.REQUESTS)
        self._uri = f"sqlite:///{folder / 'booking.db'}"
        self.session_id = self._publish_session()
        self._process = self._start(accounts[0], folder)
        self._gateway = Node("gateway", Transport(accounts[1].uri, "gateway"))
        self._gateway.start()
        wait_until(lambda: self._gateway.problem() is None, "the gateway to be connected")

    def _publish_session(self) -> str:
        database = Database(self._uri)
        upgrade(database, MIGRATIONS)
        now = datetime.now(UTC)
        with database.transaction() as tx:
            usecases.add_partner(tx, Partner("orso", "Cooperativa Orso"))
            draft = Draft(
                partner="orso",
                title="Orientarsi dopo il diploma",
                description="Lavoro, ITS, università, servizio civile.",
                language="it",
                starts_at=now + timedelta(days=1),
                ends_at=now + timedelta(days=1, hours=1),
                capacity=200,
                room_url="https://meet.example.org/orientarsi",
            )
            session = usecases.publish_session(tx, now, draft)
        database.close()
        return str(session["id"])

    def _start(self, account: Account, folder: Path) -> Process:
        port = free_port()
        keys = dict.fromkeys(("PERSON_KEY", "BOOKING_SECRET_KEY"), "00" * 32)
        environ = {**os.environ, **keys, "BOOKING_DATABASE_URI": self._uri, "BOOKING_AMQP_URI": account.uri}
        process = Process([BOTTEGA, "serve", "booking", "--port", port], log=folder / "log", environ=environ)
        process.guard(signal.SIGKILL)
        process.await_ready(lambda: "booking is running" in process.log.read_text(), "booking")
        return process

    def book(self) -> str:
        """Somebody takes a seat; the reservation's id."""
        key = str(uuid.uuid4())
        deadline = datetime.now(UTC) + timedelta(minutes=1)
        person = {"name": "Giulia", "email": f"{key}@example.org", "language": "it", "consent": True}
        answer = self._gateway.client.command(
            published.RESERVE_SEAT,
            idempotency_key=key,
            deadline=deadline,
            timeout=20,
            session_id=self.session_id,
            **person,
        )
        return str(answer["id"])

    def new_partner(self) -> str:
        """An account for a partner's system; its URI."""
        uri = self.vhost.amqp_uri("library", "secret")
        self.broker.admit(self.vhost.name, Account(uri, None), published.REQUESTS)
        return uri

    def close(self) -> None:
        self._gateway.stop()
        self._process.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def booking(rabbitmq: RabbitMQ, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booking]:
    vhost = rabbitmq.new_vhost()
    booking = Booking(vhost, tmp_path_factory.mktemp("booking"))
    yield booking
    booking.close()
    vhost.delete()


@pytest.fixture
def channel(booking: Booking) -> Iterator[BlockingChannel]:
    """A partner's channel, by pika."""
    with pika.BlockingConnection(pika.URLParameters(booking.new_partner())) as connection:
        yield connection.channel()


class Program:
    """A partner's program in a process of its own."""

    def __init__(self, argv: list[str], log: Path, **environ: str) -> None:
        environ = {**os.environ, **environ, "PYTHONPATH": str(ROOT)}
        self._process = Process([sys.executable, "-W", "ignore", *argv], log=log, environ=environ)
        self._process.guard(signal.SIGKILL)

    def await_line(self, words: str) -> str:
        """The first line of its output with these words."""
        log = self._process.log

        def found() -> str | None:
            return next((line for line in log.read_text().splitlines() if words in line), None)

        try:
            return str(wait_until(found, f"a line with {words!r}", timeout=30))
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self._process.last_lines()}") from None

    def end(self) -> None:
        self._process.end(signal.SIGKILL)


@contextmanager
def _running(argv: list[str], log: Path, **environ: str) -> Iterator[Program]:
    program = Program(argv, log, **environ)
    try:
        yield program
    finally:
        program.end()


def _full_rights(booking: Booking) -> list[str]:
    user, password = booking.vhost.broker.new_user()
    booking.vhost.broker.grant(user, booking.vhost.name)
    return [booking.vhost.amqp_uri(user, password)]


def _partners_rights(booking: Booking) -> list[str]:
    return [booking.new_partner(), "partner"]


either_account = pytest.mark.parametrize(
    "account", [_full_rights, _partners_rights], ids=["full rights", "a partner's rights"]
)


@either_account
def test_a_plain_nameko_service_hears_of_a_reservation_and_asks_about_it(
    booking: Booking, tmp_path: Path, account: Callable[[Booking], list[str]]
) -> None:
    with _running(["-m", "tests.plain_nameko", *account(booking)], tmp_path / "log") as program:
        program.await_line("listening")
        reservation = booking.book()
        heard = json.loads(program.await_line(reservation))
    assert heard["event"]["type"] == CONFIRMED
    assert heard["session"]["id"] == booking.session_id
    assert [session["id"] for session in heard["sessions"]] == [booking.session_id]


@either_account
def test_a_plain_nameko_script_asks(booking: Booking, tmp_path: Path, account: Callable[[Booking], list[str]]) -> None:
    with _running(["-m", "tests.plain_nameko", *account(booking), "ask"], tmp_path / "log") as program:
        answer = json.loads(program.await_line("items"))
    assert [session["id"] for session in answer["items"]] == [booking.session_id]


def test_a_plain_pika_client_hears_of_a_reservation(booking: Booking, channel: BlockingChannel) -> None:
    channel.queue_declare("library.events", durable=True)
    channel.queue_bind("library.events", "booking.events", CONFIRMED)
    reservation = booking.book()
    _, properties, body = _next(channel, "library.events")
    event = json.loads(body)
    assert event["specversion"] == "1.0"
    assert event["data"]["reservation_id"] == reservation
    assert (properties.message_id, properties.user_id) == (event["id"], "booking")
    assert (properties.delivery_mode, properties.content_type) == (2, "application/cloudevents+json")
    assert properties.headers["traceparent"].split("-")[1] == event["correlationid"].replace("-", "")


def test_an_event_says_nothing_of_the_person_but_a_pseudonym(booking: Booking, channel: BlockingChannel) -> None:
    channel.queue_declare("library.names", durable=True)
    channel.queue_bind("library.names", "booking.events", "#")
    booking.book()
    _, _, body = _next(channel, "library.names")
    assert b"Giulia" not in body
    assert b"@example.org" not in body


@pytest.mark.parametrize(
    "public", [query for query in published.REQUESTS if query.public], ids=lambda query: query.name
)
def test_a_plain_pika_client_is_answered(booking: Booking, channel: BlockingChannel, public: Any) -> None:
    arguments = {"session_id": booking.session_id} if public.name == "get_session" else {}
    reply = _ask(channel, public.routing_key, {"args": [], "kwargs": arguments})
    assert reply["error"] is None
    assert public.result().validate(reply["result"]) == {}


def test_the_script_of_the_partners_page_works(booking: Booking, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "partners.md").read_text()
    (script,) = re.findall(r"```python title=listen_and_ask.py\n(.*?)```", page, re.DOTALL)
    program = tmp_path / "listen_and_ask.py"
    program.write_text(script)
    with _running([str(program)], tmp_path / "log", AMQP_URI=booking.new_partner()) as running:
        running.await_line("Orientarsi dopo il diploma")
        reservation = booking.book()
        assert CONFIRMED in running.await_line(reservation)


def _call(channel: BlockingChannel, key: str, **properties: Any) -> None:
    channel.basic_publish(REQUESTS, key, json.dumps(ASK), pika.BasicProperties(**properties))


FORBIDDEN: dict[str, Callable[[BlockingChannel], Any]] = {
    "reserve a seat": lambda channel: _call(channel, "booking.reserve_seat"),
    "describe reservations": lambda channel: _call(channel, "booking.describe_reservations"),
    "overhear all requests": lambda channel: _bind(channel, REQUESTS, "#"),
    "overhear the requests of a service": lambda channel: _bind(channel, REQUESTS, "booking.*"),
    "overhear them by an exchange": lambda channel: _bind_exchange(channel, "library.x", REQUESTS, "#"),
    "publish events of booking": lambda channel: channel.basic_publish("booking.events", CONFIRMED, b"{}"),
    "feed its own events in": lambda channel: _bind_exchange(channel, "booking.events", "library.x", "#"),
    "read what notify will hear": lambda channel: channel.basic_get("inbox-notify"),
    "read what booking is asked": lambda channel: channel.basic_get("rpc-booking"),
    "take another's replies": lambda channel: channel.queue_declare("rpc.reply-gateway-x", durable=True),
    "delete booking's exchange": lambda channel: channel.exchange_delete("booking.events"),
    "delete booking's queue": lambda channel: channel.queue_delete("rpc-booking"),
    "take notify's bindings away": lambda channel: channel.queue_unbind("inbox-notify", "booking.events", CONFIRMED),
    "publish straight to a queue": lambda channel: channel.basic_publish("", "rpc-booking", json.dumps(ASK)),
    "speak as booking": lambda channel: _call(channel, "booking.list_sessions", user_id="booking"),
}


@pytest.mark.parametrize("act", FORBIDDEN.values(), ids=FORBIDDEN)
def test_a_partner_may_not(channel: BlockingChannel, act: Callable[[BlockingChannel], Any]) -> None:
    channel.exchange_declare("library.x", "topic")
    channel.confirm_delivery()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker) as refused:
        act(channel)
    assert refused.value.reply_code in (403, 406)


def _bind(channel: BlockingChannel, exchange: str, key: str) -> None:
    channel.queue_declare("library.spy", exclusive=True)
    channel.queue_bind("library.spy", exchange, key)


def _bind_exchange(channel: BlockingChannel, destination: str, source: str, key: str) -> None:
    channel.exchange_bind(destination, source, key)


def _by_an_exchange(channel: BlockingChannel, key: str, properties: pika.BasicProperties, body: str) -> None:
    channel.exchange_declare("library.detour", "topic")
    channel.exchange_bind(REQUESTS, "library.detour", "#")
    channel.basic_publish("library.detour", key, body, properties)


def _by_an_alternate_exchange(channel: BlockingChannel, key: str, properties: pika.BasicProperties, body: str) -> None:
    channel.exchange_declare("library.nowhere", "topic", arguments={"alternate-exchange": REQUESTS})
    channel.basic_publish("library.nowhere", key, body, properties)


def _by_a_dead_letter(channel: BlockingChannel, key: str, properties: pika.BasicProperties, body: str) -> None:
    arguments = {"x-dead-letter-exchange": REQUESTS, "x-dead-letter-routing-key": key, "x-message-ttl": 0}
    channel.queue_declare("library.dead", exclusive=True, arguments=arguments)
    channel.exchange_declare("library.start", "fanout")
    channel.queue_bind("library.dead", "library.start")
    channel.basic_publish("library.start", key, body, properties)


DETOURS = {
    "an exchange of its own": _by_an_exchange,
    "an alternate exchange": _by_an_alternate_exchange,
    "a dead letter": _by_a_dead_letter,
}


@pytest.mark.parametrize("detour", DETOURS.values(), ids=DETOURS)
def test_a_partner_that_gets_a_request_past_the_broker_is_refused_by_the_service(
    booking: Booking, channel: BlockingChannel, detour: Callable[..., None]
) -> None:
    """The broker checks routing keys where a message is published, and not where it is passed on."""
    reservation = booking.book()
    body = {"args": [], "kwargs": {"reservation_ids": [reservation]}}
    reply = _ask(channel, "booking.describe_reservations", body, detour)
    assert reply["result"] is None
    assert reply["error"]["exc_type"] == "not_allowed"


def _ask(channel: BlockingChannel, key: str, body: Any, way: Callable[..., None] | None = None) -> Any:
    """Publish a request, straight or by ``way``; the reply."""
    replies, reply_to = f"library.replies-{uuid.uuid4()}", str(uuid.uuid4())
    channel.queue_declare(replies, exclusive=True)
    channel.queue_bind(replies, REQUESTS, reply_to)
    properties = pika.BasicProperties(content_type="application/json", reply_to=reply_to, correlation_id="1")
    if way:
        way(channel, key, properties, json.dumps(body))
    else:
        channel.basic_publish(REQUESTS, key, json.dumps(body), properties)
    return json.loads(_next(channel, replies)[2])


def _next(channel: BlockingChannel, queue: str) -> Any:
    def got() -> Any:
        message = channel.basic_get(queue, auto_ack=True)
        return message if message[0] else None

    return wait_until(got, f"a message in {queue}", timeout=20)
