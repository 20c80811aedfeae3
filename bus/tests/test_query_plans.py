"""The queries that run all day read the head of a partial index, however many rows are done."""

from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite

from bus import inbox as inbox_module
from bus import relay
from bus.database import Database
from bus.tables import inbox, outbox
from bus.times import now

DONE = 5000


@pytest.fixture
def full(database: Database) -> Database:
    """Thousands of rows are done, three are not."""
    moment = now()
    with database.transaction() as tx:
        tx.connection.execute(insert(outbox), [_outgoing(n, moment) for n in range(DONE)])
        tx.connection.execute(insert(inbox), [_incoming(n, moment) for n in range(DONE)])
        tx.connection.exec_driver_sql("ANALYZE")
    return database


def _outgoing(number: int, moment: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "event_id": str(number),
        "target": "shop.events",
        "routing_key": "item.sold.v1",
        "is_command": False,
    }
    row |= {"subject": f"item/{number % 100}", "data": "{}", "correlationid": "c", "recorded_at": moment}
    return {**row, "sent_at": moment if number < DONE - 3 else None}


def _incoming(number: int, moment: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "source": "shop",
        "event_id": str(number),
        "type": "item.sold.v1",
        "subject": f"item/{number % 100}",
    }
    row |= {"sequence": number, "body": "{}", "received_at": moment, "due_at": moment}
    return {**row, "state": "done" if number < DONE - 3 else "pending"}


def _plan(database: Database, query: Any) -> str:
    """What the database says that it would do, as text."""
    dialect = postgresql.dialect() if database.dialect == "postgresql" else sqlite.dialect()  # type: ignore[no-untyped-call]
    statement = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN " if database.dialect == "postgresql" else "EXPLAIN QUERY PLAN "
    with database.reading() as tx:
        return "\n".join(str(row) for row in tx.connection.exec_driver_sql((explain + statement).replace("%", "%%")))


def test_unsent_rows_are_found_by_their_index(full: Database) -> None:
    plan = _plan(full, relay._unsent(commands=False).limit(500))
    assert "bus_outbox_unsent" in plan


def test_due_events_are_found_by_their_indexes(full: Database) -> None:
    plan = _plan(full, inbox_module._due().params(moment=now(), most=200))
    assert "bus_inbox_pending" in plan
    assert "bus_inbox_open" in plan
    assert "Seq Scan" not in plan


@pytest.fixture
def surprised(full: Database) -> Database:
    """A backlog has come since the database last counted its rows."""
    moment = now()
    with full.transaction() as tx:
        tx.connection.exec_driver_sql("DELETE FROM bus_inbox WHERE state = 'pending'")
        tx.connection.exec_driver_sql("ANALYZE")
        backlog = [{**_incoming(DONE + number, moment), "state": "pending"} for number in range(DONE)]
        tx.connection.execute(insert(inbox), backlog)
    return full


def test_a_backlog_that_the_statistics_do_not_know_is_looked_up_by_subject(surprised: Database) -> None:
    plan = _plan(surprised, inbox_module._due().params(moment=now(), most=200))
    by_subject = "subject)::text = (" if surprised.dialect == "postgresql" else "source=? AND subject=?"
    conditions = [line for line in plan.splitlines() if "Index Cond" in line or "bus_inbox_open" in line]
    assert any(by_subject in line for line in conditions)


def test_what_is_handled_is_marked_by_its_key_whatever_the_statistics_say(surprised: Database) -> None:
    plan = _plan(surprised, select(inbox).where(inbox_module._THESE).params(positions=list(range(DONE, DONE + 200))))
    assert "bus_inbox_pending" not in plan
