"""``kill -9`` at each step between a use case and its effect elsewhere: nothing is lost, and nothing happens twice."""

import contextlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bus.client import NoAnswer
from bus.database import Database
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import OverRabbitMQ
from bus.times import now
from tests.faults.conftest import StartWorker
from tests.faults.job import Fault, Job

SALES = 20
SUBJECTS = 10

FLUSHED = Fault("tests.faults.worker:about_to_commit", "before", call=SALES // 2)
RECORDED = Fault("bus.inbox:Inbox.record", "after")
MARKING = Fault("bus.relay:Relay._mark", "before")
MIDDLE = Fault("bus.inbox:Inbox._handle", "after", call=SUBJECTS // 2)
HANDLED = Fault("bus.inbox:_mark_done", "after")

EMBEDDED = {
    "before publishing": Fault("bus.embedded:EmbeddedBus.publish", "before"),
    "after the hand-over, before marking": MARKING,
    "after recording": RECORDED,
    "in the middle of a batch": MIDDLE,
    "at the end of a batch, before its commit": HANDLED,
}
IN_THE_SHOP = {
    "before publishing": Fault("bus.rabbitmq.publisher:Publisher._send", "before"),
    "in the middle of publishing": Fault("amqp.channel:Channel.basic_publish", "before", call=SUBJECTS // 2),
    "after publishing, before marking": MARKING,
}
IN_THE_LEDGER = {
    "after recording, before acknowledging": RECORDED,
    "in the middle of a batch": MIDDLE,
    "at the end of a batch, before its commit": HANDLED,
}


def at_each_step(faults: dict[str, Fault]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("fault", faults.values(), ids=faults)


def _uri(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def _job(rig: Rig, *names: str) -> Job:
    databases = {name: _uri(database) for name in names if (database := rig.database_of(name))}
    brokers = {name: rig.wire.uri(name) for name in names} if isinstance(rig.wire, OverRabbitMQ) else {}
    return Job(databases, brokers)


def _sell_some(rig: Rig) -> list[tuple[str, int]]:
    """More than one batch of events, all recorded; what the ledger must write."""
    sales = [(f"item {subject}", number) for number in range(3) for subject in range(SUBJECTS)]
    for item, number in sales:
        rig.sell(item, number)
    return sorted(sales)


def _die_and_come_back(start_worker: StartWorker, job: Job, fault: Fault) -> None:
    start_worker(replace(job, fault=fault)).await_death()
    start_worker(job)


@at_each_step(EMBEDDED)
def test_of_a_process_with_everything(embedded_rig: Rig, start_worker: StartWorker, fault: Fault) -> None:
    rig = embedded_rig
    sales = _sell_some(rig)
    _die_and_come_back(start_worker, _job(rig, "shop", "ledger"), fault)
    assert sorted(rig.await_entries(len(sales))) == sales


@at_each_step(IN_THE_SHOP)
def test_of_the_process_that_publishes(remote_rig: Rig, start_worker: StartWorker, fault: Fault) -> None:
    rig = remote_rig
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.start(rig.ledger)
    sales = _sell_some(rig)
    _die_and_come_back(start_worker, _job(rig, "shop"), fault)
    assert sorted(rig.await_entries(len(sales))) == sales


@at_each_step(IN_THE_LEDGER)
def test_of_the_process_that_handles(remote_rig: Rig, start_worker: StartWorker, fault: Fault) -> None:
    rig = remote_rig
    sales = _sell_some(rig)
    rig.start(rig.shop)
    _die_and_come_back(start_worker, _job(rig, "ledger"), fault)
    assert sorted(rig.await_entries(len(sales))) == sales


def test_before_a_commit(rig: Rig, start_worker: StartWorker) -> None:
    """The row of the use case and its event are both there, or neither."""
    job = replace(_job(rig, "shop", "ledger"), sales=SALES)
    _die_and_come_back(start_worker, job, FLUSHED)
    assert sorted(number for _, number in rig.await_entries(SALES)) == list(range(1, SALES + 1))
    assert sorted(shop.written_down(rig.shop_database)) == sorted(rig.entries())


@at_each_step(
    {
        "before the commit": Fault("bus.tests.shop:sell", "after"),
        "after the commit, before the answer": Fault("bus.rabbitmq.requests:Server._send", "before"),
        "after the answer, before acknowledging": Fault("amqp.channel:Channel.basic_ack", "before"),
    }
)
def test_while_a_command_is_carried_out(remote_rig: Rig, start_worker: StartWorker, fault: Fault) -> None:
    """Whether an answer came or not, the command is carried out, and once."""
    rig = remote_rig
    rig.start(rig.gate)
    doomed = start_worker(replace(_job(rig, "shop"), fault=fault))
    doomed.await_running()
    command: dict[str, Any] = {"idempotency_key": "one", "deadline": now() + timedelta(hours=1), "item": "a"}
    with contextlib.suppress(NoAnswer):
        rig.gate.client.command(shop.SELL, timeout=1, number=1, **command)
    doomed.await_death()
    heir = start_worker(_job(rig, "shop"))
    assert rig.gate.client.command(shop.SELL, timeout=20, number=1, **command) == {"count": 1}
    heir.stop()
    assert shop.written_down(rig.shop_database) == [("a", 1)]
