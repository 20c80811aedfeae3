"""Queries on the words of answers that are to be sent."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from services.notify.tables import answers, messages

_KEEP = {
    "sqlite": sqlite.insert(answers).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(answers).on_conflict_do_nothing(),
}
_ANSWER = select(*(column for column in answers.c if column.name != "id")).where(
    answers.c.id == bindparam("message", type_=Uuid)
)
_FORGET = delete(answers).where(~exists().where(messages.c.id == answers.c.id, messages.c.due_at.is_not(None)))


def keep_answer(tx: Transaction, message_id: UUID, said: dict[str, Any]) -> None:
    tx.connection.execute(_KEEP[tx.dialect], {"id": message_id, **said})


def answer(tx: Transaction, message_id: UUID) -> dict[str, Any] | None:
    row = tx.connection.execute(_ANSWER, {"message": message_id}).mappings().one_or_none()
    return dict(row) if row else None


def forget_answers(tx: Transaction) -> int:
    """The words of those that are sent, or never will be. Answers how many."""
    return tx.connection.execute(_FORGET).rowcount
