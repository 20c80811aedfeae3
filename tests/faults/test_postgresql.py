"""PostgreSQL goes, hangs or falls silent: nothing is lost, nothing happens twice, and everything goes on by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bus.client import NoAnswer
from bus.database import Database
from bus.tests import shop
from bus.tests.fixtures import emptied
from bus.tests.rig import Rig
from tests.faults.conftest import StartWorker
from tests.faults.job import Job
from tests.faults.load import Load, Sales
from tests.faults.proxy import Proxy
from tests.servers import PostgreSQL
from tests.waiting import wait_until


@pytest.fixture
def new_uri(postgres_uris: list[str]) -> Callable[[], str]:
    """On PostgreSQL only."""
    uris = iter(postgres_uris)
    return lambda: emptied(next(uris))


def _await_more(load: Load, more: int = 20) -> None:
    enough = len(load.done) + more
    wait_until(lambda: len(load.done) >= enough, f"{more} more to be done", timeout=30)


def _kill(postgres: PostgreSQL) -> None:
    """Its backends notice a moment later that their postmaster is gone; until then no other can start."""
    backends = [Path(f"/proc/{pid}") for pid in postgres._pids()]
    postgres.kill()
    wait_until(lambda: not any(backend.exists() for backend in backends), "the backends to end", timeout=30)


@pytest.mark.parametrize("end", [PostgreSQL.stop, _kill], ids=["stopped", "killed"])
def test_a_database_that_is_restarted_under_load_loses_and_repeats_nothing(
    rig: Rig, postgres: PostgreSQL, end: Callable[[PostgreSQL], None]
) -> None:
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.start()
    with Sales(rig.shop_database) as sales:
        _await_more(sales)
        end(postgres)
        postgres.start()
        _await_more(sales)
    assert sorted(rig.await_entries(len(sales.done), timeout=30)) == sorted(sales.done)


def test_a_database_that_hangs_for_a_while_loses_and_repeats_nothing(embedded_rig: Rig, postgres: PostgreSQL) -> None:
    rig = embedded_rig
    rig.ledger.on(shop.SOLD, shop.enter)
    rig.shop.answering.serve(shop.COUNT, lambda tx, item: {"count": len(shop.written_down(rig.shop_database))})
    rig.start()
    with Sales(rig.shop_database) as sales:
        _await_more(sales)
        with postgres.paused(), pytest.raises(NoAnswer):
            rig.gate.client.ask(shop.COUNT, item="a", timeout=1)
        _await_more(sales)
    assert sorted(rig.await_entries(len(sales.done))) == sorted(sales.done)


@pytest.fixture
def proxy(postgres: PostgreSQL) -> Iterator[Proxy]:
    with Proxy(postgres.port) as proxy:
        yield proxy


@pytest.fixture
def behind_proxy(embedded_rig: Rig, postgres: PostgreSQL, proxy: Proxy, start_worker: StartWorker) -> Rig:
    """Both services in a process that reaches the database through the proxy, and works.

    It runs on green threads, as services do: who waits for an answer there waits with a limit.
    """
    databases = {name: _through(proxy, postgres, embedded_rig.database_of(name)) for name in ("shop", "ledger")}
    limits = {"bus.green_postgres:ANSWER_MAX": 2.0, "bus.green_postgres:CONNECT_MAX": 1.0, "bus.leader:PAUSE_MAX": "2s"}
    start_worker(Job(databases, constants=limits)).await_running()
    embedded_rig.sell("a", 1)
    embedded_rig.await_entries(1)
    return embedded_rig


def test_a_service_whose_connections_fell_silent_opens_others(behind_proxy: Rig, proxy: Proxy) -> None:
    proxy.silence()
    behind_proxy.sell("a", 2)
    assert behind_proxy.await_entries(2, timeout=30) == [("a", 1), ("a", 2)]


def test_a_service_whose_new_connections_are_silent_too_tries_until_one_is_not(behind_proxy: Rig, proxy: Proxy) -> None:
    proxy.silence(new_ones_too=True)
    before = proxy.accepted
    wait_until(lambda: proxy.accepted > before + 1, "two attempts", timeout=30)
    proxy.speak()
    behind_proxy.sell("a", 2)
    assert behind_proxy.await_entries(2, timeout=30) == [("a", 1), ("a", 2)]


def _through(proxy: Proxy, postgres: PostgreSQL, database: Database | None) -> str:
    assert database is not None
    uri = database.engine.url.render_as_string(hide_password=False)
    return uri.replace(f":{postgres.port}/", f":{proxy.port}/")
