"""What is done is kept for a while and then deleted, in small steps, so that no table grows for ever."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from bus.database import Database
from bus.tables import audit, inbox, outbox, quarantine, requests
from bus.times import now

SENT_DAYS = 7
HANDLED_DAYS = 60  # longer than the longest replay: the id must be known as long as an event can come again
ANSWERED_DAYS = 7
QUARANTINED_DAYS = 90
AUDITED_DAYS = 730
STEP = 2000  # rows of a table in one transaction


def purge(database: Database) -> int:
    """Delete one step of what is old; answers how many rows went. Call it again while that is not zero.

    Looks at the oldest rows only, so that it costs the same however many there are.
    """
    moment = now()
    deleted = 0
    with database.transaction() as tx:
        for table, finished, days in (
            (outbox, outbox.c.sent_at, SENT_DAYS),
            (inbox, inbox.c.handled_at, HANDLED_DAYS),
            (quarantine, quarantine.c.received_at, QUARANTINED_DAYS),
            (audit, audit.c.at, AUDITED_DAYS),
        ):
            # Past what is parked or unsent, however much that is: it must not keep the rest for ever.
            done = select(table.c.position, finished).where(finished.is_not(None))
            rows = tx.connection.execute(done.order_by(table.c.position).limit(STEP)).all()
            gone = [position for position, at in rows if at < moment - timedelta(days=days)]
            if gone:
                tx.connection.execute(delete(table).where(table.c.position.in_(gone)))
                deleted += len(gone)
        deleted += _answers(tx.connection, moment)
    return deleted


def _answers(connection: Connection, moment: datetime) -> int:
    old = requests.c.carried_out_at < moment - timedelta(days=ANSWERED_DAYS)
    keys = select(requests.c.key).where(old).limit(STEP)
    return connection.execute(delete(requests).where(requests.c.key.in_(keys))).rowcount
