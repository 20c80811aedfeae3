"""What a process says of itself over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bus.database import Database
from bus.embedded import EmbeddedBus
from bus.health import Health
from bus.inbox import Arrival
from bus.node import Node
from bus.tests import shop


@pytest.fixture
def node(database: Database) -> Iterator[Node]:
    node = Node("shop", EmbeddedBus(), database)
    yield node
    node.stop()


def _get(health: Health, path: str) -> tuple[int, str]:
    statuses: list[str] = []
    body = b"".join(health({"PATH_INFO": path}, lambda status, _headers: statuses.append(status)))
    return int(statuses[0].split()[0]), body.decode()


def _readiness(health: Health) -> tuple[int, list[str]]:
    status, body = _get(health, "/readyz")
    problems: list[str] = json.loads(body)["problems"]
    return status, problems


def test_a_process_that_lives_says_so_even_when_it_cannot_work() -> None:
    health = Health([Node("shop", EmbeddedBus(), Database("postgresql://nobody@127.0.0.1:1/nowhere"))])
    assert _get(health, "/healthz")[0] == 200


def test_a_process_is_not_ready_before_it_has_started(node: Node) -> None:
    assert _readiness(Health([node])) == (503, ["starting"])


def test_a_process_that_can_work_is_ready(node: Node) -> None:
    health = Health([node])
    health.started = True
    assert _readiness(health) == (200, [])


def test_a_process_without_its_database_says_whose_is_missing() -> None:
    health = Health([Node("shop", EmbeddedBus(), Database("postgresql://nobody@127.0.0.1:1/nowhere"))])
    health.started = True
    assert _readiness(health) == (503, ["the database of shop does not answer (OperationalError)"])


def test_the_metrics_say_how_old_the_oldest_unpublished_event_is(node: Node, database: Database) -> None:
    with database.transaction() as tx:
        shop.sold(tx, "a", 1)
    assert _metric(node, 'bottega_outbox_lag_seconds{service="shop"}') > 0


def test_the_metrics_count_what_is_quarantined(node: Node) -> None:
    name = 'bottega_messages_quarantined_total{service="shop"}'
    before = _metric(node, name)
    node.inbox.record([Arrival(b"", "x.events", "x", None, None)])
    assert _metric(node, name) == before + 1


def test_other_pages_are_not_found(node: Node) -> None:
    assert _get(Health([node]), "/")[0] == 404


def _metric(node: Node, name: str) -> Any:
    lines = _get(Health([node]), "/metrics")[1].splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))
