"""Queries on contacts and on messages."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Uuid, and_, bindparam, delete, exists, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult

from bus.times import UTCDateTime
from bus.transaction import Transaction
from services.notify.domain import (
    CONTACTS_KEPT,
    MESSAGES_KEPT,
    NOTICES,
    PERSONAL_KEPT,
    SEATS,
    Contact,
    Kind,
    Message,
    Recipient,
    Schedule,
)
from services.notify.tables import contacts, messages, of_people

CONTACT_MISSING = "contact_missing"


# Built once: SQLAlchemy takes longer to build them than to run them.
_CHOSEN = ("reminders", "thanks")  # by the person; who books again has not chosen anew
_REMEMBER = {
    dialect: statement.on_conflict_do_update(
        index_elements=[contacts.c.person_id],
        set_={each.name: each for each in statement.excluded if not each.primary_key and each.name not in _CHOSEN},
    )
    for dialect, statement in (("sqlite", sqlite.insert(contacts)), ("postgresql", postgresql.insert(contacts)))
}
_LET_GO = (
    update(messages)
    .where(
        messages.c.person_id == bindparam("person"),
        messages.c.due_at.is_not(None),
        messages.c.reason == CONTACT_MISSING,
        messages.c.state == "queued",
    )
    .values(due_at=bindparam("moment", type_=UTCDateTime))
)
_CONTACTS = select(*(column for column in contacts.c if column.name != "remembered_at")).where(
    contacts.c.person_id.in_(bindparam("people", expanding=True))
)
_QUEUE = {
    "sqlite": sqlite.insert(messages).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(messages).on_conflict_do_nothing(),
}
_NOTICES = (
    select(func.count())
    .select_from(messages)
    .where(
        messages.c.person_id == bindparam("person"),
        messages.c.session_id == bindparam("session"),
        messages.c.staff_id.is_(None),
        messages.c.kind.in_([kind.value for kind in NOTICES]),
        messages.c.state.not_in(["dropped", "failed"]),
    )
)
_OF_SESSION = messages.c.session_id == bindparam("session")
_ONE = bindparam("reservation", type_=Uuid)
_OF_SEATS = and_(_OF_SESSION, _ONE.is_(None) | (messages.c.reservation_id == _ONE))
_TO = (messages.c.reservation_id, messages.c.person_id, messages.c.staff_id)
# Who was refused something about the session need have no place in it.
_PEOPLE = select(*_TO).where(_OF_SESSION, messages.c.kind != Kind.REFUSED.value).distinct()
_SEATS = select(*_TO, messages.c.correlationid).where(_OF_SEATS, messages.c.kind.in_([kind.value for kind in SEATS]))
_CHANGES = select(*_TO, messages.c.id, messages.c.changed, messages.c.known_start, messages.c.due_at).where(
    _OF_SESSION, messages.c.kind == Kind.SESSION_CHANGED.value
)
_ABOUT = select(messages.c.staff_id, messages.c.state, messages.c.moved_from).where(
    messages.c.person_id == bindparam("person"), messages.c.reservation_id == _ONE
)
_OVERTAKE = (
    update(messages)
    .where(messages.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="dropped", reason="overtaken", due_at=None, settled_at=bindparam("moment", type_=UTCDateTime))
)
_START = bindparam("start", type_=UTCDateTime)
_FORGET_REMINDERS = delete(messages).where(
    _OF_SEATS,
    messages.c.kind == Kind.REMINDER.value,
    messages.c.state == "queued",
    messages.c.known_start.is_(None) | (messages.c.known_start != _START),
)
_END = bindparam("end", type_=UTCDateTime)
_MOVE_END = update(messages).where(_OF_SEATS, messages.c.session_ends_at != _END).values(session_ends_at=_END)
_DUE = select(messages.c.id).where(messages.c.due_at <= bindparam("moment", type_=UTCDateTime))
_ANY_DUE = _DUE.limit(literal(1))
_TO_CLAIM = _DUE.order_by(messages.c.due_at).limit(bindparam("most", type_=Integer)).with_for_update(skip_locked=True)
_CLAIM = (
    update(messages)
    .where(messages.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="claimed", due_at=bindparam("until", type_=UTCDateTime), attempts=messages.c.attempts + 1)
    .returning(*(messages.c[name] for name in Message.__dataclass_fields__))
)
# Sets what it is given besides the claim, which is known by the end of its lease: whoever claims later has a later one.
_RELEASE = update(messages).where(
    messages.c.id == bindparam("message"),
    messages.c.state == "claimed",
    messages.c.due_at == bindparam("lease_end", type_=UTCDateTime),
)


_FRESH = {
    "state": "queued",
    "attempts": 0,
    "changed": None,
    "moved_from": None,
    "staff_id": None,
    "known_start": None,
    "session_ends_at": None,
}


# Contacts


def remember(tx: Transaction, contact: Contact, now: datetime) -> None:
    """Keep the contact in place of what was known, but for what the person chose; let what waits for it go."""
    tx.connection.execute(_REMEMBER[tx.dialect], {**vars(contact), "remembered_at": now})
    tx.connection.execute(_LET_GO, {"person": contact.person_id, "moment": now})


def contacts_of(tx: Transaction, person_ids: Iterable[str]) -> dict[str, Contact]:
    """The contacts that are known of these people, by ``person_id``."""
    rows = tx.connection.execute(_CONTACTS, {"people": list(set(person_ids))})
    return {row.person_id: Contact(**row._asdict()) for row in rows}


# Messages


def queue(tx: Transaction, rows: list[dict[str, Any]]) -> None:
    """Add messages (columns of ``messages`` that identify and describe them); those that exist stay as they are.

    They are due at once, unless ``due_at`` is among the columns.
    """
    if rows:
        fresh = [{**_FRESH, "due_at": row["created_at"], **row} for row in rows]
        tx.connection.execute(_QUEUE[tx.dialect], fresh)


def people_of(tx: Transaction, session_id: UUID) -> list[Recipient]:
    """Everybody who was to be told something about a reservation in the session."""
    return [Recipient(*row) for row in tx.connection.execute(_PEOPLE, {"session": session_id})]


def notices(tx: Transaction, person: str, session_id: UUID) -> int:
    """How many ``domain.NOTICES`` a person was sent, or is to be sent, about a session."""
    return tx.connection.execute(_NOTICES, {"person": person, "session": session_id}).scalar_one()


def seats_of(tx: Transaction, session_id: UUID, reservation: UUID | None) -> Sequence[Any]:
    """Recipient and correlationid of everybody who was to be told of a seat in the session, or of one."""
    return tx.connection.execute(_SEATS, {"session": session_id, "reservation": reservation}).all()


def changes_of(tx: Transaction, session_id: UUID) -> Sequence[Any]:
    """The messages about changes of the session: recipient, id, changed, known_start, due_at."""
    return tx.connection.execute(_CHANGES, {"session": session_id}).all()


def known_before(tx: Transaction, message: Message) -> UUID | None:
    """The last reservation that the recipient was told of, among those that moved until they came to this message's.

    Who moves twice before the first mail knows nothing of the date in between.
    """
    before = message.moved_from
    while before:
        about = tx.connection.execute(_ABOUT, {"person": message.person_id, "reservation": before}).all()
        told = [row for row in about if row.staff_id == message.staff_id]
        earlier = next((row.moved_from for row in told if row.moved_from), None)
        if earlier is None or any(row.state == "sent" for row in told):
            return before
        before = earlier
    return None


def overtake(tx: Transaction, ids: list[UUID], now: datetime) -> None:
    """Drop these messages: others come in their place. Who has claimed one finds the claim lost."""
    if ids:
        tx.connection.execute(_OVERTAKE, {"ids": ids, "moment": now})


def move(tx: Transaction, to: Schedule, reservation: UUID | None) -> None:
    """The session is at this time: reminders of another start go, and messages are kept for as long after its end.

    Those of everybody, or of one reservation.
    """
    whose = {"session": to.session_id, "reservation": reservation}
    tx.connection.execute(_FORGET_REMINDERS, {**whose, "start": to.starts_at})
    tx.connection.execute(_MOVE_END, {**whose, "end": to.ends_at})


def anything_due(tx: Transaction, now: datetime) -> bool:
    return tx.connection.execute(_ANY_DUE, {"moment": now}).first() is not None


def claim(tx: Transaction, now: datetime, lease: timedelta, limit: int) -> list[Message]:
    """Take up to ``limit`` messages that are due, the longest waiting first, until the lease ends.

    What another transaction is about to take is passed over (SKIP LOCKED; SQLite has one writer and needs no lock).
    """
    ids = tx.connection.execute(_TO_CLAIM, {"moment": now, "most": limit}).scalars().all()
    if not ids:
        return []
    taken = tx.connection.execute(_CLAIM, {"ids": ids, "until": now + lease})
    claimed = {row.id: _message(row) for row in taken}
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
    """End a claim; False when somebody else has it by now."""
    claim = {"message": message.id, "lease_end": message.due_at}
    result: CursorResult[Any] = tx.connection.execute(_RELEASE, {**claim, **values})
    return result.rowcount == 1


# Purge


def purge(tx: Transaction, now: datetime) -> tuple[int, int]:
    """Forget what is not needed any more. Answers how many messages and how many contacts went."""
    gone = 0
    for old in (
        messages.c.session_ends_at < now - MESSAGES_KEPT,
        of_people & (messages.c.created_at < now - PERSONAL_KEPT),
    ):
        gone += tx.connection.execute(delete(messages).where(old, messages.c.due_at.is_(None))).rowcount
    unused = ~exists().where(messages.c.person_id == contacts.c.person_id)
    stale = contacts.c.remembered_at < now - CONTACTS_KEPT
    return gone, tx.connection.execute(delete(contacts).where(stale, unused)).rowcount
