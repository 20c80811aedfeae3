"""Publishing to RabbitMQ: what is confirmed, what is not, and that the one does not suffer from the other."""

import uuid
from collections.abc import Iterator

import pytest

from bus.rabbitmq.publisher import Parcel, Publisher
from tests.servers import RabbitMQ, VirtualHost

FULL_AT = 3


@pytest.fixture
def publisher(vhost: VirtualHost) -> Iterator[Publisher]:
    publisher = Publisher(vhost.amqp_uri(), "a test")
    yield publisher
    publisher.close()


@pytest.fixture
def queues(rabbitmq: RabbitMQ, vhost: VirtualHost) -> None:
    """``free`` takes all, ``full`` takes three messages and refuses the rest."""
    refuse = {"max-length": FULL_AT, "overflow": "reject-publish"}
    rabbitmq.http("PUT", f"/policies/{vhost.name}/full", {"pattern": "^full$", "definition": refuse})
    for name in ("free", "full"):
        rabbitmq.http("PUT", f"/queues/{vhost.name}/{name}", {"durable": True})


def _parcel(queue: str, body: str = "{}") -> Parcel:
    return Parcel("", queue, body, {"delivery_mode": 2, "message_id": str(uuid.uuid4())}, mandatory=True)


def test_what_the_broker_took_is_confirmed(publisher: Publisher, queues: None) -> None:
    assert publisher.publish([_parcel("free") for _ in range(500)]) == set(range(500))


def test_what_no_queue_takes_is_not_confirmed(publisher: Publisher, queues: None) -> None:
    assert publisher.publish([_parcel("free"), _parcel("no such queue"), _parcel("free")]) == {0, 2}


def test_what_the_broker_refuses_takes_nothing_else_with_it(publisher: Publisher, queues: None) -> None:
    for _ in range(2):  # and the next window is not the worse for it
        publisher.publish([_parcel("full") for _ in range(FULL_AT + 1)])
        parcels = [_parcel(queue) for _ in range(50) for queue in ("full", "free")]
        assert publisher.publish(parcels) == set(range(1, 100, 2))


def test_after_the_broker_closed_the_channel_the_next_window_goes_out(publisher: Publisher, queues: None) -> None:
    with pytest.raises(Exception, match="NOT_FOUND"):
        publisher.publish([Parcel("no such exchange", "x", "{}", {"message_id": "x"})])
    assert publisher.publish([_parcel("free")]) == {0}


def test_after_the_broker_closed_the_connection_the_next_window_goes_out(
    rabbitmq: RabbitMQ, vhost: VirtualHost, publisher: Publisher, queues: None
) -> None:
    publisher.publish([_parcel("free")])
    _close_all_connections(rabbitmq, vhost)
    assert publisher.publish([_parcel("free")]) == {0}


def _close_all_connections(rabbitmq: RabbitMQ, vhost: VirtualHost) -> None:
    rabbitmq.rabbitmqctl("close_all_connections", "--vhost", vhost.name, "a test")
