"""Queries on what people say of a session: the answer of each, the counts, the words in an order by chance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from services.booking.domain import Reservation
from services.booking.tables import feedback, in_words, sessions

_FIRST = UUID(int=0)
_OF_RESERVATION = select(feedback.c.useful, feedback.c.words).where(feedback.c.reservation_id == bindparam("id"))


@dataclass(frozen=True)
class Opinion:
    """What one person said; ``words`` is None for who wrote nothing, and once they are forgotten."""

    useful: str
    words: str | None


def feedback_of(tx: Transaction, reservation_id: UUID) -> Opinion | None:
    row = tx.connection.execute(_OF_RESERVATION, {"id": reservation_id}).one_or_none()
    return Opinion(row.useful, row.words) if row else None


def save_feedback(tx: Transaction, reservation: Reservation, opinion: Opinion) -> None:
    """Keep it; where there was one, in its place, so that a correction does not stand out."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    row = {"reservation_id": reservation.id, "session_id": reservation.session_id, "shown_as": uuid4()}
    said = {"useful": opinion.useful, "words": opinion.words}
    insert = dialect.insert(feedback).values(**row, **said)
    tx.connection.execute(insert.on_conflict_do_update(index_elements=[feedback.c.reservation_id], set_=said))


def counts(tx: Transaction, session_id: UUID) -> dict[str, int]:
    """How many said what; what nobody said is not in it."""
    return {row.useful: row.many for row in tx.connection.execute(counts_in(session_id))}


def counts_in(session_id: UUID) -> Select[Any]:
    many = select(feedback.c.useful, func.count().label("many")).where(feedback.c.session_id == session_id)
    return many.group_by(feedback.c.useful)


def opinions(tx: Transaction, session_id: UUID, after: UUID | None, limit: int) -> list[tuple[UUID, Opinion]]:
    """What people wrote, in an order by chance, from the place ``after`` on; each with its place."""
    rows = tx.connection.execute(words_in(session_id, after or _FIRST).limit(limit))
    return [(row.shown_as, Opinion(row.useful, row.words)) for row in rows]


def words_in(session_id: UUID, after: UUID = _FIRST) -> Select[Any]:
    query = select(feedback.c.shown_as, feedback.c.useful, feedback.c.words)
    query = query.where(feedback.c.session_id == session_id, in_words, feedback.c.shown_as > after)
    return query.order_by(feedback.c.shown_as)


def forget_words(tx: Transaction, ended_before: datetime, limit: int) -> int:
    """Erase what was written about sessions that ended before then, at most ``limit`` of it; returns how many."""
    chunk = tx.connection.execute(words_before(ended_before).limit(limit)).scalars().all()
    if chunk:
        tx.connection.execute(update(feedback).where(feedback.c.reservation_id.in_(chunk)).values(words=None))
    return len(chunk)


def words_before(ended_before: datetime) -> Select[UUID]:
    ended = select(feedback.c.reservation_id).join(sessions, sessions.c.id == feedback.c.session_id)
    return ended.where(sessions.c.ends_at < ended_before, in_words)
