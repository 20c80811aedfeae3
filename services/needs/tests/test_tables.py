"""The database as the migrations make it, and that each query that runs often has its index."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, insert, text

from services.needs import store
from services.needs.domain import Actor, View
from services.needs.tables import arrivals, external_ids, messages, metadata, needs
from services.needs.tests.inbox import NOW, Inbox

MANY = 1_000
COORDINATOR, OPERATOR = Actor(uuid4(), "coordinator", None), Actor(uuid4(), "operator", "partner 3")


def test_the_migrations_make_the_tables_that_the_code_expects(inbox: Inbox) -> None:
    with inbox.database.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"include_name": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or name in metadata.tables


def test_every_query_finds_its_rows_by_an_index(inbox: Inbox) -> None:
    need_id = _fill(inbox)
    for statement, parameters in _said(inbox, need_id):
        plan = _plan(inbox, statement, parameters)
        assert not re.search(r"(Seq Scan on|SCAN) \w+\b(?! USING| \w+ USING)", plan), f"{statement}\n{plan}"


def _fill(inbox: Inbox) -> UUID:
    """Many needs of many partners, nearly all resolved, each with a message; answers one of them."""
    keys = [uuid4() for _ in range(MANY)]
    facts = {"language": "it", "channel": "email", "retention": "case", "positions": 1}
    moments = [NOW + timedelta(seconds=number) for number in range(MANY)]
    rows = [
        {
            **facts,
            "id": key,
            "state": "resolved" if number % 20 else "open",
            "partner": f"partner {number % 7}" if number % 3 else None,
            "assignee": OPERATOR.id if not number % 100 else None,
            "person_id": f"person {number}",
            "opened_at": moments[number],
            "changed_at": moments[number],
        }
        for number, key in enumerate(keys)
    ]
    words = {
        "channel": "email",
        "direction": "in",
        "is_automatic": False,
        "retention": "case",
        "subject": "",
        "at": NOW,
    }
    said = [
        {
            **words,
            "id": uuid4(),
            "need_id": key,
            "position": 1,
            "mail_id": f"{key}@x",
            "text": "",
            "folded": "",
            "html": "",
        }
        for key in keys
    ]
    came = [
        {"id": key, "channel": "email", "arrived_at": moments[number], "raw": b"", "retention": "case", "attempts": 0}
        | {"outcome": "opened", "need_id": key}
        for number, key in enumerate(keys)
    ]
    known = [
        {"source": "email", "external_id": str(key), "arrival_id": key, "at": moments[number]}
        for number, key in enumerate(keys)
    ]
    with inbox.database.transaction() as tx:
        for table, filled in ((needs, rows), (messages, said), (arrivals, came), (external_ids, known)):
            tx.connection.execute(insert(table), filled)
        tx.connection.exec_driver_sql("ANALYZE")
    return keys[0]


def _said(inbox: Inbox, need_id: UUID) -> list[tuple[str, Any]]:
    """The statements of what is asked often."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE")):
            said.append((statement, parameters))

    with inbox.database.transaction() as tx:
        event.listen(tx.connection, "before_cursor_execute", note)
        store.anything_due(tx, NOW)
        store.claim_arrivals(tx, NOW, timedelta(seconds=1), 20)
        store.arrival(tx, need_id)
        store.with_mails(tx, ["a@x", f"{need_id}@x"])
        store.whose(tx, [need_id])
        store.unresolved_of(tx, "person 7")
        store.purge(tx, NOW, 100)
        for actor in (COORDINATOR, OPERATOR):
            for view in View:
                store.list_needs(tx, actor, view, None, 20)
                store.list_needs(tx, actor, view, (NOW, need_id), 20)
            store.shown(tx, actor, need_id)
            store.messages_of(tx, actor, need_id, 0, 20)
            store.suggested_for(tx, actor, need_id)
            store.set_apart(tx, actor, 20, automatic=False)
            store.set_apart(tx, actor, 20, automatic=True)
            store.one_apart(tx, actor, need_id)
        store.mails_of(tx, need_id)
        event.remove(tx.connection, "before_cursor_execute", note)
    return said


def _plan(inbox: Inbox, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if inbox.database.dialect == "sqlite" else "EXPLAIN"
    with inbox.database.transaction() as tx:
        if inbox.database.dialect == "postgresql":  # some tables are small: what matters is that there is an index
            tx.connection.execute(text("SET LOCAL enable_seqscan = off"))
        rows = tx.connection.exec_driver_sql(f"{explain} {statement}", parameters)
        return "\n".join(" ".join(map(str, row)) for row in rows)
