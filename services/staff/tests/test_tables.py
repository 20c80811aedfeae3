"""The database as the migrations make it, its pages, its indexes, and what is forgotten."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, func, insert, select, text

from services.staff import store
from services.staff.tables import access_keys, accounts, attempts, audit, links, metadata
from services.staff.tests.office import ANNA, RIGHT, WRONG, Office

MANY = 5000
HOUR = timedelta(hours=1)


def test_the_migrations_make_the_tables_that_the_code_expects(office: Office) -> None:
    with office.database.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"include_name": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name in metadata.tables


def count(office: Office, table: Any) -> int:
    with office.database.reading() as tx:
        return tx.connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_failures_are_forgotten_a_day_after_the_last(office: Office) -> None:
    office.sign_in(WRONG)
    office.pass_time(timedelta(days=1, seconds=1))
    office.purge()
    assert count(office, attempts) == 0


def test_links_are_forgotten_a_month_after_their_end(office: Office) -> None:
    office.add()
    office.pass_time(timedelta(days=30))
    office.purge()
    assert count(office, links) == 1
    office.pass_time(timedelta(days=2))
    office.purge()
    assert count(office, links) == 0


def test_the_audit_is_kept_for_two_years(office: Office) -> None:
    office.add()
    office.pass_time(timedelta(days=730))
    office.purge()
    assert count(office, audit) == 2
    office.pass_time(timedelta(seconds=1))
    assert office.purge() == 2


def test_the_audit_is_read_page_by_page_the_newest_first(office: Office) -> None:
    for _ in range(3):
        office.sign_in_with()
    with office.database.reading() as tx:
        first = store.some_entries(tx, None, 2)
        rest = store.some_entries(tx, first[-1].position, 2)
    assert [len(first), len(rest)] == [2, 1]
    assert first[0].position > first[1].position > rest[0].position


def test_accounts_are_read_page_by_page(office: Office) -> None:
    for name in ("c", "a", "b"):
        office.add(f"{name}@example.org")
    with office.database.reading() as tx:
        first = [account.email for account in store.some_accounts(tx, "", 2)]
        rest = [account.email for account in store.some_accounts(tx, first[-1], 2)]
    assert first + rest == ["a@example.org", "b@example.org", "c@example.org"]
    assert ANNA not in first


def test_every_query_finds_its_rows_by_an_index(office: Office) -> None:
    token = office.add()
    _fill(office)
    for statement, parameters in _said(office, token):
        plan = _plan(office, statement, parameters)
        assert not re.search(r"Seq Scan on|SCAN (?!.*USING)", plan), f"{statement}\n{plan}"


def _fill(office: Office) -> None:
    """Many accounts, links, failures and entries of the audit, all too young to be forgotten."""
    ids = [uuid4() for _ in range(MANY)]
    moments = [office.now + timedelta(minutes=number) for number in range(MANY)]
    facts = {"name": "A", "role": "operator", "partner": "orso", "created_at": office.now, "epoch": 0}
    rows: dict[Any, list[dict[str, Any]]] = {
        accounts: [{"id": key, "email": f"{key}@example.org", **facts} for key in ids],
        links: [
            {"token_hash": key.hex, "account_id": key, "expires_at": at} for key, at in zip(ids, moments, strict=True)
        ],
        access_keys: [
            {"id": key, "account_id": key, "name": "A", "digest": key.hex, "created_at": at, "ended_at": at}
            for key, at in zip(ids, moments, strict=True)
        ],
        attempts: [
            {"address_hash": key.hex, "failures": 1, "wait_until": at, "last_at": at}
            for key, at in zip(ids, moments, strict=True)
        ],
        audit: [{"at": at, "action": "signed_in", "account_id": key} for key, at in zip(ids, moments, strict=True)],
    }
    with office.database.transaction() as tx:
        for table, many in rows.items():
            tx.connection.execute(insert(table), many)
    with office.database.transaction() as tx:
        tx.connection.execute(text("ANALYZE"))


def _said(office: Office, token: str) -> list[tuple[str, Any]]:
    """Each statement that looks for something, with its parameters."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if re.match("SELECT|UPDATE|DELETE", statement):
            said.append((statement, parameters))

    event.listen(office.database.engine, "before_cursor_execute", note)
    account_id = office.use_link(token, RIGHT)["member"]["actor"]["id"]
    office.get_member(account_id)
    office.sign_in(WRONG)
    office.sign_in()
    office.make_link()
    office.add_key(account_id)
    office.use_key()
    with office.database.transaction() as tx:
        store.saw_key(tx, "0" * 64, office.now.date())
    office.revoke_key(account_id, office.list_keys(account_id)[0]["id"])
    office.disable()
    with office.database.reading() as tx:
        store.some_accounts(tx, "m", 20)
        store.some_entries(tx, 500, 20)
        for wanted in (store.Wanted(), store.Wanted(account_id), store.Wanted(None, office.now, office.now + HOUR)):
            store.entries(tx, wanted, None, 20)
            store.entries(tx, wanted, (office.now, 500), 20)
        store.these_accounts(tx, [account_id])
        store.colleagues(tx, "small", 20)
        store.colleagues(tx, None, 20)
    office.purge()
    event.remove(office.database.engine, "before_cursor_execute", note)
    assert len(said) >= 20
    return said


def _plan(office: Office, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if office.database.dialect == "sqlite" else "EXPLAIN "
    with office.database.reading() as tx:
        rows = tx.connection.exec_driver_sql(explain + statement, parameters)
        return "\n".join(str(row[-1]) for row in rows)
