"""Rows made in the database itself, which is faster than recording each: events to publish, and a history behind."""

import json

import psycopg2

from benchmarks.contenders import work

FACTS = json.dumps(work.EVENT.example)
_OUTBOX = """
    INSERT INTO bus_outbox
        (event_id, target, routing_key, is_command, subject, partner, data, correlationid, recorded_at, sent_at)
    SELECT gen_random_uuid(), %(exchange)s, %(type)s, false, 'reservation/' || gen_random_uuid(), 'orso', %(data)s,
        gen_random_uuid(), now(), %(sent)s
    FROM generate_series(1, %(rows)s)
"""
_INBOX = """
    INSERT INTO bus_inbox
        (source, event_id, type, subject, sequence, body, received_at, state, attempts, due_at, handled_at)
    SELECT %(source)s, gen_random_uuid(), %(type)s, 'reservation/' || gen_random_uuid(), number, %(body)s,
        now(), 'done', 0, now(), now()
    FROM generate_series(1, %(rows)s) AS number
"""


def unsent(cursor: "psycopg2.extensions.cursor", rows: int) -> None:
    """Events in the outbox, each of a subject of its own, as a service records them."""
    cursor.execute(_OUTBOX, _named(rows, sent=None))


def finished(cursor: "psycopg2.extensions.cursor", rows: int) -> None:
    """As many events in the outbox, published, and in the inbox, handled; a moment ago, so that they are kept."""
    cursor.execute(_OUTBOX, _named(rows, sent="now"))
    cursor.execute(_INBOX, _named(rows, source=work.EVENT.source, body=work.body(0)))
    cursor.execute("VACUUM ANALYZE")  # what PostgreSQL does by itself within a minute or so


def _named(rows: int, **more: str | None) -> dict[str, object]:
    return {"rows": rows, "exchange": work.EVENT.exchange, "type": work.EVENT.name, "data": FACTS, **more}
