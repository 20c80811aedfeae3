"""Answers of the staff to people who wrote. The words are theirs; they are kept until the mail is sent."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from bus.context import current_correlation
from bus.transaction import Transaction
from services.notify import store
from services.notify.domain import Kind
from services.notify.letters import Letter


@dataclass(frozen=True)
class Answer:
    """As ``contracts.notify.SendAnswer`` says it."""

    address: str
    name: str
    language: str
    mailbox: str
    reply_to: str
    mail_id: str
    references: tuple[str, ...]
    site_mark: str
    subject: str
    text: str


def send_answer(
    tx: Transaction, now: datetime, *, message_id: UUID, person_id: str, email: str, **said: Any
) -> dict[str, UUID]:
    """Queue the mail, once."""
    row = {
        "id": message_id,
        "kind": Kind.ANSWER.value,
        "person_id": person_id,
        "reservation_id": None,
        "session_id": None,
        "session_ends_at": None,
        "known_start": None,
        "created_at": now,
        "correlationid": current_correlation(),
    }
    store.queue(tx, [row])
    store.keep_answer(tx, message_id, {**said, "address": email})
    return {"message_id": message_id}


def answer_of(row: Any) -> Answer:
    """From what ``store.answer`` gives."""
    return Answer(**{**row, "references": tuple(row["references"])})


def as_letter(answer: Answer) -> Letter:
    paragraphs = (f"<p>{escape(each.strip()).replace(chr(10), '<br>')}</p>" for each in answer.text.split("\n\n"))
    html = f'<!doctype html><html lang="{answer.language}"><body>{"".join(paragraphs)}</body></html>'
    return Letter(answer.subject, answer.text, html, None)
