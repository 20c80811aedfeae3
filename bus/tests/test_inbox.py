"""The inbox by itself, step by step: what one call does, and what is left for the next."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bus import failures, parked
from bus.database import Database
from bus.envelope import CONTENT_TYPE, Event
from bus.inbox import BROKEN_AFTER, Arrival, Handler, Inbox
from bus.tables import inbox as table
from bus.tables import outbox
from bus.tests import shop
from bus.times import now
from bus.transaction import Transaction

MakeInbox = Callable[[Handler], Inbox]


@pytest.fixture
def make(database: Database) -> MakeInbox:
    """Makes an inbox of the ledger that handles what was sold."""

    def make_with(handler: Handler) -> Inbox:
        inbox = Inbox("ledger", database)
        inbox.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, handler)
        return inbox

    return make_with


def _receive(inbox: Inbox, *events: Event) -> None:
    arrivals = [Arrival(shop.body_of(event), "shop.events", event.type, CONTENT_TYPE, "shop") for event in events]
    inbox.record(arrivals)


def _states(database: Database) -> list[tuple[str, int]]:
    """Pairs of state and attempts, in the order of arrival."""
    with database.reading() as tx:
        rows = tx.connection.execute(select(table).order_by(table.c.position)).all()
        return [(row.state, row.attempts) for row in rows]


def _make_all_due(database: Database) -> None:
    with database.transaction() as tx:
        tx.connection.execute(update(table).values(due_at=now()))


def _fail(tx: Transaction, event: Event) -> None:
    shop.enter(tx, event)
    raise ZeroDivisionError


def test_the_same_event_recorded_again_is_one_row(make: MakeInbox, database: Database) -> None:
    inbox, event = make(shop.enter), shop.an_event()
    _receive(inbox, event, event)
    _receive(inbox, event)
    assert _states(database) == [("pending", 0)]


def test_an_event_that_comes_again_after_it_was_handled_is_not_handled_again(
    make: MakeInbox, database: Database
) -> None:
    inbox, event = make(shop.enter), shop.an_event()
    for _ in range(2):
        _receive(inbox, event)
        inbox.handle_due()
    assert shop.written_down(database) == [("a", 1)]


def test_events_that_come_in_another_order_are_handled_in_that_of_their_sequence(
    make: MakeInbox, database: Database
) -> None:
    inbox = make(shop.enter)
    _receive(inbox, *(shop.an_event("a", number) for number in (3, 1, 2)))
    inbox.handle_due()
    assert shop.written_down(database) == [("a", 1), ("a", 2), ("a", 3)]


def test_a_failed_attempt_leaves_no_effect(make: MakeInbox, database: Database) -> None:
    inbox = make(_fail)
    _receive(inbox, shop.an_event())
    inbox.handle_due()
    assert shop.written_down(database) == []
    assert _states(database) == [("pending", 1)]


def test_what_a_failed_attempt_recorded_is_not_published(make: MakeInbox, database: Database) -> None:
    def record_and_fail(tx: Transaction, event: Event) -> None:
        shop.sold(tx, event.subject, 2)
        if event.subject == "a":
            raise ZeroDivisionError

    inbox = make(record_and_fail)
    _receive(inbox, shop.an_event("a"), shop.an_event("b"))
    inbox.handle_due()
    with database.reading() as tx:
        assert [row.subject for row in tx.connection.execute(select(outbox))] == ["b"]


def test_what_a_handler_records_carries_the_correlation_of_its_cause(make: MakeInbox, database: Database) -> None:
    inbox, event = make(lambda tx, event: shop.sold(tx, "x", 2)), shop.an_event()
    _receive(inbox, event)
    inbox.handle_due()
    with database.reading() as tx:
        row = tx.connection.execute(select(outbox)).one()
    assert (row.correlationid, row.causationid) == (event.correlationid, event.id)


@pytest.mark.parametrize("correlation", ["x" * 255, "with a space", "è"])
def test_a_correlation_id_of_another_form_does_not_keep_a_handler_from_recording(
    make: MakeInbox, database: Database, correlation: str
) -> None:
    inbox = make(lambda tx, event: shop.sold(tx, "x", 2))
    _receive(inbox, shop.an_event(correlationid=correlation))
    inbox.handle_due()
    assert _states(database) == [("done", 0)]


def test_an_event_is_parked_after_its_last_attempt(make: MakeInbox, database: Database) -> None:
    inbox = make(_fail)
    _receive(inbox, shop.an_event())
    for _ in range(failures.ATTEMPTS_MAX):
        _make_all_due(database)
        inbox.handle_due()
    assert _states(database) == [("parked", failures.ATTEMPTS_MAX)]


def test_the_error_that_is_kept_quotes_nobody(make: MakeInbox, database: Database) -> None:
    def quote(tx: Transaction, event: Event) -> None:
        raise ValueError("giulia@example.org is not known")

    inbox = make(quote)
    _receive(inbox, shop.an_event())
    inbox.handle_due()
    with database.reading() as tx:
        assert tx.connection.execute(select(table.c.error)).scalar_one() == "ValueError"


def test_an_event_whose_handler_is_gone_is_parked(make: MakeInbox, database: Database) -> None:
    inbox = make(shop.enter)
    _receive(inbox, shop.an_event())
    inbox.handlers.clear()
    inbox.handle_due()
    assert [each.error for each in parked.parked(database)] == ["Permanent: no handler for this event any more"]


def test_while_everything_fails_one_event_is_tried_at_a_time(make: MakeInbox, database: Database) -> None:
    tried: Counter[str] = Counter()

    def fail(tx: Transaction, event: Event) -> None:
        tried[event.subject] += 1
        raise ZeroDivisionError

    inbox = make(fail)
    _receive(inbox, *(shop.an_event(f"before {number}") for number in range(BROKEN_AFTER)))
    inbox.handle_due()
    tried.clear()
    _receive(inbox, *(shop.an_event(f"after {number}") for number in range(20)))
    while inbox.handle_due():
        pass
    assert len(tried) == 1


def test_when_it_works_again_all_are_handled(make: MakeInbox, database: Database) -> None:
    inbox = make(_fail)
    _receive(inbox, *(shop.an_event(f"{number:02}") for number in range(30)))
    inbox.handle_due()
    inbox.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, shop.enter)
    _make_all_due(database)
    while inbox.handle_due():
        pass
    assert sorted(item for item, _ in shop.written_down(database)) == [f"{number:02}" for number in range(30)]


DISK_FULL, LOCKED = "53100", "55P03"  # PostgreSQL's SQLSTATE


def _raising(code: str) -> Handler:
    def handler(tx: Transaction, event: Event) -> None:
        shop.enter(tx, event)
        if event.subject == "b":
            tx.connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")

    return handler


def test_a_database_without_room_is_no_failure_of_an_event(postgres_database: Database) -> None:
    """tests/faults/test_sqlite.py has the same for SQLite, with a file that is really full."""
    inbox = Inbox("ledger", postgres_database)
    inbox.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, _raising(DISK_FULL))
    _receive(inbox, shop.an_event("a"), shop.an_event("b"), shop.an_event("c"))
    with pytest.raises(OperationalError):
        inbox.handle_due()
    assert _states(postgres_database) == [("pending", 0)] * 3


def test_an_event_that_waits_in_vain_for_a_lock_stops_none_of_the_others(postgres_database: Database) -> None:
    inbox = Inbox("ledger", postgres_database)
    inbox.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, _raising(LOCKED))
    _receive(inbox, shop.an_event("a"), shop.an_event("b"), shop.an_event("c"))
    inbox.handle_due()
    assert _states(postgres_database) == [("done", 0), ("pending", 1), ("done", 0)]


def test_a_handler_with_a_defect_in_its_sql_stops_none_of_the_others(make: MakeInbox, database: Database) -> None:
    def handler(tx: Transaction, event: Event) -> None:
        shop.enter(tx, event)
        if event.subject == "b":
            tx.connection.exec_driver_sql("SELECT * FROM no_such_table")

    inbox = make(handler)
    _receive(inbox, shop.an_event("a"), shop.an_event("b"), shop.an_event("c"))
    inbox.handle_due()
    assert _states(database) == [("done", 0), ("pending", 1), ("done", 0)]


def test_an_event_that_another_leader_handled_meanwhile_is_not_handled_twice(postgres_database: Database) -> None:
    """Two processes may both believe to lead, for a moment. SQLite has one writer, so that they take turns there."""
    ours, theirs = (Inbox("ledger", postgres_database) for _ in range(2))
    theirs.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, shop.enter)

    def overtaken(tx: Transaction, event: Event) -> None:
        theirs.handle_due()
        shop.enter(tx, event)

    ours.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, overtaken)
    _receive(ours, shop.an_event())
    ours.handle_due()
    assert shop.written_down(postgres_database) == [("a", 1)]


def test_a_failure_does_not_undo_what_another_leader_handled_meanwhile(postgres_database: Database) -> None:
    ours, theirs = (Inbox("ledger", postgres_database) for _ in range(2))
    theirs.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, shop.enter)
    attempts: list[str] = []

    def overtaken_when_alone(tx: Transaction, event: Event) -> None:
        attempts.append(event.id)
        if len(attempts) == 2:  # the first is one of all together
            theirs.handle_due()
        raise ZeroDivisionError

    ours.handlers[("shop", shop.SOLD.name)] = (shop.SOLD, overtaken_when_alone)
    _receive(ours, shop.an_event())
    ours.handle_due()
    assert _states(postgres_database) == [("done", 0)]
