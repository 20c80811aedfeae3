"""Two services and who asks them, on one transport: built, started and ended by a test."""

import threading
from collections.abc import Callable

from sqlalchemy import Select, func, select

from bus.database import Database
from bus.node import Node
from bus.tables import inbox, outbox
from bus.tests import shop
from bus.tests.wires import Wire
from tests.waiting import wait_until


class Rig:
    """``shop`` records and answers, ``ledger`` hears, ``gate`` asks. Nothing moves before ``start``."""

    def __init__(self, wire: Wire, new_uri: Callable[[], str]) -> None:
        self.wire = wire
        self._databases = [shop.new_database(new_uri()) for _ in range(2)]
        self._started: list[Node] = []
        self.shop = self.new_node("shop")
        self.ledger = self.new_node("ledger")
        self.gate = self.new_node("gate")

    def new_node(self, name: str) -> Node:
        """One more node of a service, on the database of that service."""
        return Node(name, self.wire.transport(name), self.database_of(name))

    def database_of(self, name: str) -> Database | None:
        return {"shop": self._databases[0], "ledger": self._databases[1]}.get(name)

    @property
    def shop_database(self) -> Database:
        return self._databases[0]

    @property
    def ledger_database(self) -> Database:
        return self._databases[1]

    def start(self, *nodes: Node) -> None:
        """Start nodes (the shop and the ledger, where none are named) and wait until they work."""
        for node in nodes or (self.shop, self.ledger):
            node.start()
            self._started.append(node)
        for node in nodes or (self.shop, self.ledger):
            wait_until(lambda node=node: node.problem() is None, f"{node.name} to be ready")  # type: ignore[misc]

    def stop(self, *nodes: Node) -> None:
        """Stop nodes, all at once; every one that runs, where none are named."""
        stopping = [threading.Thread(target=node.stop) for node in nodes or self._started]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        self._started = [node for node in self._started if nodes and node not in nodes]

    def close(self) -> None:
        self.stop()
        for database in self._databases:
            database.close()

    def sell(self, item: str, *numbers: int) -> None:
        """Record one event for each number, each in a transaction of its own."""
        for number in numbers:
            with self.shop_database.transaction() as tx:
                shop.sold(tx, item, number)

    def entries(self) -> list[tuple[str, int]]:
        """What the ledger wrote down."""
        return shop.written_down(self.ledger_database)

    def await_entries(self, count: int, timeout: float = 20) -> list[tuple[str, int]]:
        """Wait until the ledger wrote ``count`` rows and nothing more is under way; its rows."""
        wait_until(lambda: len(self.entries()) >= count, f"{count} rows in the ledger", timeout)
        self.await_quiet()
        return self.entries()

    def await_quiet(self) -> None:
        """Wait until every event is published and every one that is not parked is handled."""
        wait_until(self._is_quiet, "everything to be published and handled")

    def _is_quiet(self) -> bool:
        unsent = select(func.count()).select_from(outbox).where(outbox.c.sent_at.is_(None))
        pending = select(func.count()).select_from(inbox).where(inbox.c.state == "pending")
        return (
            _counted(self.shop_database, unsent) == 0
            and self.wire.is_quiet(self.ledger)
            and _counted(self.ledger_database, pending) == 0
        )


def _counted(database: Database, query: Select[int]) -> int:
    with database.reading() as tx:
        return tx.connection.execute(query).scalar_one()
