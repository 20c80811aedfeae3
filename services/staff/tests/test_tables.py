"""The database as the migrations make it, its pages, and what is forgotten."""

from datetime import timedelta
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

from services.staff import store
from services.staff.tables import attempts, audit, links, metadata
from services.staff.tests.office import ANNA, WRONG, Office


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
