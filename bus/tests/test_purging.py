"""Old rows go, in small steps; what is young, unsent or undecided stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select

from bus import purge
from bus.database import Database
from bus.purge import ANSWERED_DAYS, AUDITED_DAYS, HANDLED_DAYS, QUARANTINED_DAYS, SENT_DAYS
from bus.tables import audit, inbox, outbox, quarantine, requests
from bus.times import now


def _days_ago(days: float) -> datetime:
    return now() - timedelta(days=days)


def _sent(at: datetime | None, number: int) -> dict[str, Any]:
    return {
        "event_id": str(number),
        "target": "shop.events",
        "routing_key": "item.sold.v1",
        "is_command": False,
        "subject": "a",
        "data": "{}",
        "correlationid": "a-correlation",
        "recorded_at": _days_ago(1000),
        "sent_at": at,
    }


def _handled(at: datetime | None, number: int) -> dict[str, Any]:
    return {
        "source": "shop",
        "event_id": str(number),
        "type": "item.sold.v1",
        "subject": "a",
        "sequence": number,
        "body": "{}",
        "received_at": _days_ago(1000),
        "due_at": _days_ago(1000),
        "state": "done" if at else "parked",
        "handled_at": at,
    }


def _quarantined(at: datetime | None, number: int) -> dict[str, Any]:
    return {"reason": "r", "exchange": "e", "routing_key": "k", "size": number, "body": b"", "received_at": at}


def _answered(at: datetime | None, number: int) -> dict[str, Any]:
    return {"key": str(number), "fingerprint": "f", "result": "{}", "carried_out_at": at}


def _audited(at: datetime | None, number: int) -> dict[str, Any]:
    return {"at": at, "operator": "o", "action": "drop", "source": "shop", "event_id": str(number)}


KINDS = {
    "sent": (outbox, _sent, SENT_DAYS),
    "handled": (inbox, _handled, HANDLED_DAYS),
    "quarantined": (quarantine, _quarantined, QUARANTINED_DAYS),
    "audited": (audit, _audited, AUDITED_DAYS),
    "answered": (requests, _answered, ANSWERED_DAYS),
}
every_kind = pytest.mark.parametrize(("table", "row", "days"), KINDS.values(), ids=KINDS)
UNDECIDED = {name: KINDS[name] for name in ("sent", "handled")}


def _insert(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    with database.transaction() as tx:
        tx.connection.execute(insert(table), rows)


def _left(database: Database, table: Table) -> int:
    with database.reading() as tx:
        return tx.connection.execute(select(func.count()).select_from(table)).scalar_one()


@every_kind
def test_what_is_old_goes_and_what_is_young_stays(database: Database, table: Table, row: Any, days: int) -> None:
    _insert(database, table, [row(_days_ago(days + 0.1), 1), row(_days_ago(days - 0.1), 2)])
    assert purge.purge(database) == 1
    assert _left(database, table) == 1


@pytest.mark.parametrize(("table", "row", "days"), UNDECIDED.values(), ids=UNDECIDED)
def test_what_is_unsent_or_parked_stays_however_old(database: Database, table: Table, row: Any, days: int) -> None:
    _insert(database, table, [row(None, 1)])
    assert purge.purge(database) == 0


@every_kind
def test_one_step_deletes_no_more_than_its_size(
    database: Database, monkeypatch: pytest.MonkeyPatch, table: Table, row: Any, days: int
) -> None:
    monkeypatch.setattr(purge, "STEP", 4)
    _insert(database, table, [row(_days_ago(days + 1), number) for number in range(10)])
    steps = [purge.purge(database) for _ in range(4)]
    assert steps == [4, 4, 2, 0]


def test_what_is_done_behind_what_is_stuck_goes_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "STEP", 4)
    _insert(database, inbox, [_handled(None, number) for number in range(6)])
    _insert(database, inbox, [_handled(_days_ago(HANDLED_DAYS + 1), number) for number in range(6, 9)])
    while purge.purge(database):
        pass
    assert _left(database, inbox) == 6
