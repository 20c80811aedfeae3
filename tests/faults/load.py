"""Work that goes on while something fails: sales in the shop's database, and commands to the shop."""

import threading
from datetime import timedelta
from typing import Self

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bus.client import NoAnswer
from bus.database import Database
from bus.node import Node
from bus.tests import shop
from bus.times import now

ITEMS = 5
PACE = 0.02  # seconds between two


class Load:
    """Does one thing after the other in a thread, from ``with`` to the end of its block."""

    kind: str

    def __init__(self) -> None:
        self.done: list[tuple[str, int]] = []
        self._over = threading.Event()
        self._failed = False
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        self._failed = failure is not None
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._over.wait(PACE):
            number = len(self.done) + 1
            each = (f"{self.kind} {number % ITEMS}", number)
            while not self._do(*each):
                self._over.wait(PACE)
                if self._failed:
                    return  # the test has failed already
            self.done.append(each)

    def _do(self, item: str, number: int) -> bool:
        """Whether it is surely done. It is asked again until it is."""
        raise NotImplementedError


class Sales(Load):
    """Rows of the shop with their events. After a failed commit it looks whether the row is there."""

    kind = "sale"

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    def _do(self, item: str, number: int) -> bool:
        try:
            with self._database.transaction() as tx:
                same = select(shop.rows).where(shop.rows.c.item == item, shop.rows.c.number == number)
                if not tx.connection.execute(same).first():
                    shop.sell(tx, item, number)
        except SQLAlchemyError:
            return False
        return True


class Commands(Load):
    """Commands to the shop, each with a key of its own. Without an answer it asks again with the same key."""

    kind = "command"

    def __init__(self, gate: Node) -> None:
        super().__init__()
        self._client = gate.client

    def _do(self, item: str, number: int) -> bool:
        deadline = now() + timedelta(hours=1)
        try:
            self._client.command(
                shop.SELL, idempotency_key=str(number), deadline=deadline, timeout=1, item=item, number=number
            )
        except NoAnswer:
            return False
        return True
