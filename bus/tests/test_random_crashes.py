"""Any order of sales, hand-overs, failures and crashes: in the end each sale has had its effect once, in order."""

import random
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import event as engine_event
from sqlalchemy import update

from bus import parked
from bus.database import Database
from bus.envelope import CONTENT_TYPE, Event
from bus.failures import Permanent
from bus.inbox import Arrival, Handler, Inbox
from bus.relay import NotConfirmed, Outgoing, Relay
from bus.tables import inbox
from bus.tests import shop
from bus.times import now
from bus.transaction import Transaction

ITEMS = ("a", "b")


class Crash(BaseException):
    """The process ends here. What it had not committed is gone."""


FATES: dict[str, BaseException | None] = {
    "works": None,
    "fails": ZeroDivisionError(),
    "fails for good": Permanent("no"),
    "crashes": Crash(),
}


class TwoServices(RuleBasedStateMachine):
    """A shop that publishes, a ledger that handles, and a network that keeps the order and may deliver again."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="bottega-crashes-")
        self.shop, self.ledger = (self._new_database(name) for name in ("shop", "ledger"))
        self.sold: list[tuple[str, int]] = []
        self.network: list[Arrival] = []
        self.delivered: list[Arrival] = []

    def _new_database(self, name: str) -> Database:
        database = shop.new_database(f"sqlite:///{Path(self.folder.name) / name}.db")
        database.engine.dispose()
        engine_event.listen(database.engine, "connect", lambda new, _: new.execute("PRAGMA synchronous = OFF"))
        return database

    @rule(items=st.lists(st.sampled_from(ITEMS), min_size=1, max_size=5), crashes=st.booleans())
    def sell(self, items: list[str], crashes: bool) -> None:
        sales = [(item, len(self.sold) + number) for number, item in enumerate(items, start=1)]
        with suppress(Crash):
            with self.shop.transaction() as tx:
                for sale in sales:
                    shop.sell(tx, *sale)
                if crashes:
                    raise Crash
            self.sold += sales

    @rule(unconfirmed=st.sets(st.integers(0, 2)), crashes=st.booleans())
    def publish(self, unconfirmed: set[int], crashes: bool) -> None:
        """One window. What is not confirmed was sent all the same, as was everything before a crash."""

        def send(rows: Sequence[Outgoing]) -> set[int]:
            self.network += [_arrival(row) for row in rows]
            if crashes:
                raise Crash
            return {row.position for index, row in enumerate(rows) if index not in unconfirmed}

        with suppress(Crash, NotConfirmed):
            Relay("shop", self.shop, send).drain()

    @rule(count=st.integers(1, 5), acknowledged=st.booleans())
    def deliver(self, count: int, acknowledged: bool) -> None:
        """The next messages are recorded; without an acknowledgement they come again."""
        arriving = self.network[:count]
        self._inbox().record(arriving)
        self.delivered += arriving
        if acknowledged:
            self.network = self.network[count:]

    @rule(seed=st.integers(0, 99))
    def deliver_again(self, seed: int) -> None:
        """Messages of old, in any order."""
        self._inbox().record(random.Random(seed).choices(self.delivered, k=4) if self.delivered else [])

    @rule(fates=st.fixed_dictionaries({item: st.sampled_from(sorted(FATES)) for item in ITEMS}))
    def handle(self, fates: dict[str, str]) -> None:
        """A batch, in which the events of each item have their fate."""

        def handler(tx: Transaction, event: Event) -> None:
            shop.enter(tx, event)
            failure = FATES[fates[event.subject]]
            if failure is not None:
                raise failure

        with suppress(Crash):
            self._inbox(handler).handle_due()

    @rule()
    def let_time_pass(self) -> None:
        """What waits to be tried again is due."""
        with self.ledger.transaction() as tx:
            tx.connection.execute(update(inbox).values(due_at=now()))

    @rule()
    def replay(self) -> None:
        for each in parked.parked(self.ledger):
            parked.replay(self.ledger, each.event_id, "ada")

    @invariant()
    def nothing_happened_twice_or_out_of_order(self) -> None:
        entries = shop.written_down(self.ledger)
        for item in ITEMS:
            numbers = [number for name, number in entries if name == item]
            assert numbers == [number for name, number in self.sold if name == item][: len(numbers)]

    def teardown(self) -> None:
        """Everything works again: nothing was lost."""
        for _ in range(len(self.sold) + 1):
            self.publish(unconfirmed=set(), crashes=False)
        self.deliver(count=len(self.network), acknowledged=True)
        self.replay()
        for _ in range(len(self.sold) + 1):
            self.let_time_pass()
            self.handle(dict.fromkeys(ITEMS, "works"))
        try:
            assert sorted(shop.written_down(self.ledger)) == sorted(self.sold)
            self.nothing_happened_twice_or_out_of_order()
        finally:
            self.shop.close()
            self.ledger.close()
            self.folder.cleanup()

    def _inbox(self, handler: Handler = shop.enter) -> Inbox:
        """As a process that has just started has it."""
        fresh = Inbox("ledger", self.ledger)
        fresh.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, handler)
        return fresh


def _arrival(row: Outgoing) -> Arrival:
    return Arrival(row.body.encode(), row.target, row.routing_key, CONTENT_TYPE, "shop")


TestTwoServices = TwoServices.TestCase
# The same examples in each run; a failure is not made smaller, which would take minutes.
PHASES = (Phase.explicit, Phase.generate)
TestTwoServices.settings = settings(max_examples=30, stateful_step_count=40, phases=PHASES)
