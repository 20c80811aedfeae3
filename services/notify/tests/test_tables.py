"""The database as the migrations make it, and that each query has its index."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, insert, text

from bus.database import Database
from services.notify import store
from services.notify.domain import Contact, Link, Schedule
from services.notify.tables import messages, metadata, personal_links
from services.notify.tests.examples import DAY, NOW
from services.notify.tests.office import Office

MANY = 20_000
LINK = uuid4()


def test_the_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    with database.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"include_name": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name in metadata.tables


def test_every_query_finds_its_messages_by_an_index(office: Office) -> None:
    session = _fill(office.database)
    for statement, parameters in _said(office, session):
        plan = _plan(office.database, statement, parameters)
        assert not re.search(r"(Seq Scan on|SCAN) (messages|personal_links)(?! USING)", plan), f"{statement}\n{plan}"


def _fill(database: Database) -> UUID:
    """Many messages that were sent, few to send; answers one of many sessions."""
    sessions = [uuid4() for _ in range(MANY // 20)]
    rows = [
        {
            "id": uuid4(),
            "kind": "confirmed",
            "reservation_id": uuid4(),
            "session_id": sessions[number % len(sessions)],
            "person_id": f"person {number}",
            "state": "sent",
            "attempts": 1,
            "due_at": NOW if number < 20 else None,
            "session_ends_at": NOW + timedelta(minutes=number),
            "created_at": NOW,
            "correlationid": "correlation-1",
        }
        for number in range(MANY)
    ]
    links = [
        {
            "id": row["id"],
            "person_id": row["person_id"],
            "language": "it",
            "created_at": NOW,
            "expires_at": row["session_ends_at"],
        }
        for row in rows
    ]
    with database.transaction() as tx:
        tx.connection.execute(insert(messages), rows)
        tx.connection.execute(insert(personal_links), links)
    with database.transaction() as tx:
        tx.connection.execute(text("ANALYZE"))
    return sessions[0]


def _said(office: Office, session: UUID) -> list[tuple[str, Any]]:
    """Each statement about messages that the store says, with its parameters."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if re.match("SELECT|UPDATE|DELETE|INSERT.*SELECT", statement, re.DOTALL):
            said.append((statement, parameters))

    event.listen(office.database.engine, "before_cursor_execute", note)
    with office.database.transaction() as tx:
        store.remember(tx, Contact("person 3", "a@b.it", "A", "it", consent=True), NOW)
        store.people_of(tx, session)
        store.notices(tx, "person 3", session)
        store.seats_of(tx, session, None)
        store.changes_of(tx, session)
        store.overtake(tx, [session], NOW)
        store.move(tx, Schedule(session, NOW, NOW), None)
        store.anything_due(tx, NOW)
        (first, second, *others) = store.claim(tx, NOW, timedelta(minutes=5), 10)
        store.settle(tx, first, "sent", NOW)
        store.put_off(tx, second, NOW, "smtp_450")
        store.hand_back(tx, others, NOW)
        store.add_link(tx, LINK, Link("person 3", "it", NOW), NOW)
        store.queue_link(tx, LINK, NOW, "correlation-1")
        store.hold_link(tx, LINK)
        store.use_up(tx, LINK, NOW)
        store.purge_links(tx, NOW)
        store.purge(tx, NOW + 91 * DAY)
    event.remove(office.database.engine, "before_cursor_execute", note)
    assert len(said) >= 21
    return said


def _plan(database: Database, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN " if database.dialect == "sqlite" else "EXPLAIN "
    with database.reading() as tx:
        rows = tx.connection.exec_driver_sql(explain + statement, parameters)
        return "\n".join(str(row[-1]) for row in rows)
