"""What notify reads and writes in its tables. Each function takes the transaction; none begins or ends one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult

from bus.transaction import Transaction
from services.notify.domain import CONTACTS_KEPT, MESSAGES_KEPT, Contact, Kind, Message
from services.notify.tables import contacts, messages

CONTACT_MISSING = "contact_missing"


def _insert(tx: Transaction, table: Any) -> Any:
    """INSERT with ON CONFLICT: the same on both databases, but not in SQLAlchemy's common language."""
    return sqlite.insert(table) if tx.dialect == "sqlite" else postgresql.insert(table)


# Contacts


def remember(tx: Transaction, contact: Contact, now: datetime) -> None:
    """Keep the contact in place of what was known, and let the messages that wait for it go."""
    row = {**vars(contact), "remembered_at": now}
    statement = _insert(tx, contacts).values(row)
    tx.connection.execute(statement.on_conflict_do_update(index_elements=[contacts.c.person_id], set_=row))
    waits = messages.c.due_at.is_not(None) & (messages.c.reason == CONTACT_MISSING) & (messages.c.state == "queued")
    tx.connection.execute(update(messages).where(messages.c.person_id == contact.person_id, waits).values(due_at=now))


def contacts_of(tx: Transaction, person_ids: Iterable[str]) -> dict[str, Contact]:
    """The contacts that are known of these people, by ``person_id``."""
    columns = [column for column in contacts.c if column.name != "remembered_at"]
    rows = tx.connection.execute(select(*columns).where(contacts.c.person_id.in_(set(person_ids))))
    return {row.person_id: Contact(**row._asdict()) for row in rows}


# Messages


def queue(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Add messages (columns of ``messages`` that identify and describe them); those that exist stay as they are."""
    if rows:
        fresh = [{"state": "queued", "attempts": 0, "due_at": row["created_at"], **row} for row in rows]
        tx.connection.execute(_insert(tx, messages).on_conflict_do_nothing(), fresh)


def people_of(tx: Transaction, session_id: UUID) -> list[tuple[UUID, str]]:
    """Reservation and person of everybody who was to be told something about the session."""
    statement = select(messages.c.reservation_id, messages.c.person_id).where(messages.c.session_id == session_id)
    return [(row.reservation_id, row.person_id) for row in tx.connection.execute(statement.distinct())]


def anything_due(tx: Transaction, now: datetime) -> bool:
    statement = select(messages.c.id).where(messages.c.due_at <= now).limit(1)
    return tx.connection.execute(statement).first() is not None


def claim(tx: Transaction, now: datetime, lease: timedelta, limit: int) -> list[Message]:
    """Take up to ``limit`` messages that are due, the longest waiting first, until the lease ends.

    What another transaction is about to take is passed over (SKIP LOCKED; SQLite has one writer and needs no lock).
    """
    due = select(messages.c.id).where(messages.c.due_at <= now).order_by(messages.c.due_at).limit(limit)
    ids = tx.connection.execute(due.with_for_update(skip_locked=True)).scalars().all()
    columns = [messages.c[name] for name in Message.__dataclass_fields__]
    taken = (
        update(messages)
        .where(messages.c.id.in_(ids))
        .values(state="claimed", due_at=now + lease, attempts=messages.c.attempts + 1)
        .returning(*columns)
    )
    claimed = {row.id: _message(row) for row in tx.connection.execute(taken)} if ids else {}
    return [claimed[key] for key in ids]


def _message(row: Any) -> Message:
    return Message(**{**row._asdict(), "kind": Kind(row.kind)})


def settle(tx: Transaction, message: Message, state: str, now: datetime, reason: str | None = None) -> bool:
    """The message is ``sent``, ``dropped`` or ``failed``. False when the claim had been lost to somebody else."""
    return _release(tx, message, state=state, reason=reason, due_at=None, settled_at=now)


def put_off(tx: Transaction, message: Message, until: datetime, reason: str) -> bool:
    """The message may be taken again at ``until``."""
    return _release(tx, message, state="queued", reason=reason, due_at=until)


def hand_back(tx: Transaction, claimed: list[Message], now: datetime) -> None:
    """These were claimed and not tried: anybody may take them now."""
    for message in claimed:
        _release(tx, message, state="queued", due_at=now, attempts=message.attempts - 1)


def _release(tx: Transaction, message: Message, **values: Any) -> bool:
    """End a claim. It is known by the end of its lease: whoever claims later has a later one."""
    mine = (messages.c.id == message.id) & (messages.c.state == "claimed") & (messages.c.due_at == message.due_at)
    result: CursorResult[Any] = tx.connection.execute(update(messages).where(mine).values(**values))
    return result.rowcount == 1


# Purge


def purge(tx: Transaction, now: datetime) -> tuple[int, int]:
    """Forget what is not needed any more. Answers how many messages and how many contacts went."""
    old = messages.c.session_ends_at < now - MESSAGES_KEPT
    gone = tx.connection.execute(delete(messages).where(old, messages.c.due_at.is_(None))).rowcount
    unused = ~exists().where(messages.c.person_id == contacts.c.person_id)
    stale = contacts.c.remembered_at < now - CONTACTS_KEPT
    return gone, tx.connection.execute(delete(contacts).where(stale, unused)).rowcount
