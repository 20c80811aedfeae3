"""A leader that is paused (a suspended machine, say): another takes over, and when it goes on it does no harm."""

import signal
from collections.abc import Callable

import pytest

from bus.tests import shop
from bus.tests.fixtures import emptied
from bus.tests.rig import Rig
from bus.tests.wires import OverRabbitMQ
from tests.faults.conftest import StartWorker
from tests.faults.job import Fault, Job
from tests.waiting import wait_until

ITEMS = 8
QUICK = {"bus.leader:PAUSE_MAX": "2s"}


@pytest.fixture
def new_uri(postgres_uris: list[str]) -> Callable[[], str]:
    """On PostgreSQL only: on SQLite all leaders are on one machine, and the lock of a paused one is waited for."""
    uris = iter(postgres_uris)
    return lambda: emptied(next(uris))


@pytest.fixture
def the_rig(remote_rig: Rig) -> Rig:
    remote_rig.ledger.on(shop.SOLD, shop.enter)
    return remote_rig


def _job(rig: Rig, name: str, at: str) -> Job:
    """A worker that stops itself (SIGSTOP) at a step."""
    database = rig.database_of(name)
    assert database is not None
    assert isinstance(rig.wire, OverRabbitMQ)
    uri = database.engine.url.render_as_string(hide_password=False)
    fault = Fault(at, "after", signal=signal.SIGSTOP)
    return Job({name: uri}, {name: rig.wire.uri(name)}, fault=fault, constants=QUICK)


def _sell_all(rig: Rig) -> list[tuple[str, int]]:
    sales = [(f"item {item}", number) for number in range(3) for item in range(ITEMS)]
    for item, number in sales:
        rig.sell(item, number)
    return sorted(sales)


@pytest.mark.parametrize(
    "step",
    ["bus.inbox:Inbox._handle", "bus.inbox:Inbox.record"],
    ids=["in the middle of a batch", "after recording, before acknowledging"],
)
def test_who_handles(the_rig: Rig, start_worker: StartWorker, step: str) -> None:
    rig = the_rig
    paused = start_worker(_job(rig, "ledger", step))
    paused.await_running()
    rig.start(rig.shop)
    sales = _sell_all(rig)
    paused.await_pause()
    rig.start(rig.ledger)
    wait_until(lambda: rig.ledger.leads, "another to take over", timeout=30)
    paused.go_on()
    paused.await_words("leads no more")
    assert sorted(rig.await_entries(len(sales), timeout=30)) == sales


@pytest.mark.parametrize(
    "step",
    ["bus.rabbitmq.publisher:Publisher._send", "bus.rabbitmq.transport:RabbitMQ.publish"],
    ids=["while publishing", "after publishing, before marking"],
)
def test_who_publishes(the_rig: Rig, start_worker: StartWorker, step: str) -> None:
    rig = the_rig
    sales = _sell_all(rig)
    paused = start_worker(_job(rig, "shop", step))
    paused.await_pause()
    rig.start(rig.ledger, rig.shop)
    wait_until(lambda: rig.shop.leads, "another to take over", timeout=30)
    paused.go_on()
    paused.await_words("leads no more")
    assert sorted(rig.await_entries(len(sales), timeout=30)) == sales
