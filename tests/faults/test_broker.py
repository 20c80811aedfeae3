"""RabbitMQ goes, hangs, or refuses: nothing is lost, nothing happens twice, and everything goes on by itself."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bus.rabbitmq.connection
from bus.client import NoAnswer
from bus.rabbitmq.transport import RabbitMQ as RabbitMQTransport
from bus.tests import shop
from bus.tests.rig import Rig
from bus.tests.wires import OverRabbitMQ
from tests.faults.load import Commands, Load, Sales
from tests.faults.proxy import Proxy
from tests.servers import RabbitMQ, VirtualHost
from tests.waiting import wait_until

ASKERS = 20


@pytest.fixture
def two_uris(tmp_path: Path) -> Callable[[], str]:
    """What happens at the broker is the same on any database."""
    names = iter(("shop", "ledger"))
    return lambda: f"sqlite:///{tmp_path / next(names)}.db"


@pytest.fixture
def rig(remote_wire: OverRabbitMQ, two_uris: Callable[[], str]) -> Iterator[Rig]:
    rig = _ready(Rig(remote_wire, two_uris))
    yield rig
    rig.close()


def _ready(rig: Rig) -> Rig:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.shop.answering.serve(shop.SELL, shop.sell)
    rig.shop.answering.serve(shop.COUNT, lambda tx, item: {"count": len(item)})
    return rig


def _await_more(load: Load, more: int = 20) -> None:
    enough = len(load.done) + more
    wait_until(lambda: len(load.done) >= enough, f"{more} more to be done", timeout=30)


def _in_order(entries: list[tuple[str, int]], item: str) -> bool:
    numbers = [number for name, number in entries if name == item]
    return numbers == sorted(numbers)


def test_a_broker_that_is_killed_and_started_again_under_load_loses_and_repeats_nothing(
    rig: Rig, rabbitmq: RabbitMQ
) -> None:
    rig.start(rig.shop, rig.ledger, rig.gate)
    with Commands(rig.gate) as commands, Sales(rig.shop_database) as sales:
        _await_more(commands)
        rabbitmq.kill()
        _await_more(sales)
        rabbitmq.start()
        _await_more(commands)
    done = sorted([*commands.done, *sales.done])
    entries = rig.await_entries(len(done), timeout=30)
    assert sorted(entries) == done == sorted(shop.written_down(rig.shop_database))
    assert all(_in_order(entries, item) for item, _ in entries)


def test_while_the_broker_is_short_of_memory_events_wait_and_questions_get_no_answer(
    rig: Rig, rabbitmq: RabbitMQ
) -> None:
    rig.start(rig.shop, rig.ledger, rig.gate)
    rabbitmq.rabbitmqctl("set_vm_memory_high_watermark", "0.000001")
    try:
        rig.sell("a", *range(5))
        with pytest.raises(NoAnswer):
            rig.gate.client.ask(shop.COUNT, item="a", timeout=1)
        assert rig.entries() == []
    finally:
        rabbitmq.rabbitmqctl("set_vm_memory_high_watermark", "0.4")
    assert rig.await_entries(5) == [("a", number) for number in range(5)]


@pytest.fixture
def proxy(rabbitmq: RabbitMQ) -> Iterator[Proxy]:
    with Proxy(rabbitmq.port) as proxy:
        yield proxy


class OverProxy(OverRabbitMQ):
    """As the other, but the services' connections go through a proxy."""

    def __init__(self, vhost: VirtualHost, proxy: Proxy) -> None:
        super().__init__(vhost)
        self._ports = (f":{vhost.broker.port}/", f":{proxy.port}/")

    def uri(self, name: str) -> str:
        uri = super().uri(name)
        return uri.replace(*self._ports) if hasattr(self, "_ports") else uri


@pytest.fixture
def half_open_rig(
    vhost: VirtualHost, proxy: Proxy, two_uris: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Rig]:
    monkeypatch.setattr(bus.rabbitmq.connection, "HEARTBEAT", 1)  # a dead peer is noticed after two seconds
    rig = _ready(Rig(OverProxy(vhost, proxy), two_uris))
    assert isinstance(rig.shop.transport, RabbitMQTransport)
    rig.shop.transport._publisher._patience = 2.0
    yield rig
    proxy.speak()
    rig.close()


def test_events_go_on_after_all_connections_fell_silent(half_open_rig: Rig, proxy: Proxy) -> None:
    rig = half_open_rig
    rig.start()
    with Sales(rig.shop_database) as sales:
        _await_more(sales)
        proxy.silence()
        _await_more(sales)
    assert sorted(rig.await_entries(len(sales.done), timeout=30)) == sorted(sales.done)


def test_who_asks_while_the_broker_is_silent_gets_no_answer_in_time(half_open_rig: Rig, proxy: Proxy) -> None:
    """All who ask at once, not one after the other."""
    rig = half_open_rig
    rig.start(rig.shop, rig.gate)
    proxy.silence(new_ones_too=True)
    unanswered: list[int] = []

    def ask() -> None:
        try:
            rig.gate.client.ask(shop.COUNT, item="a", timeout=1)
        except NoAnswer:
            unanswered.append(1)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(ASKERS)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(unanswered) == ASKERS, "all to be told that there is no answer", timeout=15)


def test_questions_are_answered_again_after_the_broker_was_silent(half_open_rig: Rig, proxy: Proxy) -> None:
    rig = half_open_rig
    rig.start(rig.shop, rig.gate)
    proxy.silence()

    def answered() -> bool:
        try:
            return rig.gate.client.ask(shop.COUNT, item="four", timeout=2) == {"count": 4}
        except NoAnswer:
            return False

    wait_until(answered, "an answer", timeout=30)
