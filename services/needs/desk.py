"""What the staff does with needs, each inside the one transaction that it is given; ``now`` is aware.

Who may see what is in the statements of store.desk; who may act, here. A need that the actor may not see is not found.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.engine import RowMapping
from uuid_utils.compat import uuid7

from bus.transaction import Transaction
from contracts import needs as published
from contracts import notify
from services.needs import domain, marks, store
from services.needs.config import Settings
from services.needs.domain import Action, Actor, Channel, Direction, Need, Retention, View
from services.needs.errors import InvalidArguments, NoMailbox, NotFound, NotPermitted, NotReadable, Unreachable
from services.needs.intake import ours
from services.needs.placing import Placing
from services.needs.reading import Kind, Unreadable, as_text, read_mail
from services.needs.telling import record

WORTH_SENDING = timedelta(days=30)
BEGINNING = 20_000  # bytes of what could not be read


def list_needs(
    tx: Transaction, *, actor: dict[str, Any], view: str, after: dict[str, Any] | None, limit: int
) -> dict[str, Any]:
    """Raises NotPermitted."""
    who = _looking(actor)
    place = (after["changed_at"], after["id"]) if after else None
    page = store.list_needs(tx, who, View(view), place, limit)
    last = page.rows[-1] if page.more else None
    following = {"changed_at": last["changed_at"], "id": last["id"]} if last else None
    return {"items": [dict(row) for row in page.rows], "next": following}


def get_need(tx: Transaction, *, actor: dict[str, Any], need_id: UUID, after: int, limit: int) -> dict[str, Any]:
    """A need with its messages after a position. Raises NotPermitted, NotFound."""
    who = _looking(actor)
    row = _found(store.shown(tx, who, need_id))
    page = store.messages_of(tx, who, need_id, after, limit)
    suggested = [dict(each) for each in store.suggested_for(tx, who, need_id)]
    return {
        "need": dict(row),
        "messages": _with_attachments(tx, page.rows),
        "next": page.rows[-1]["position"] if page.more else None,
        "suggested": suggested,
    }


def _with_attachments(tx: Transaction, rows: Sequence[Any]) -> list[dict[str, Any]]:
    found = store.attachments_of(tx, [row["id"] for row in rows])
    return [{**row, "attachments": [dict(each) for each in found if each["message_id"] == row["id"]]} for row in rows]


def list_arrivals(tx: Transaction, *, actor: dict[str, Any], automatic: bool, limit: int) -> dict[str, Any]:
    """What arrived and belongs to no need. Raises NotPermitted."""
    return {"items": [dict(row) for row in store.set_apart(tx, _looking(actor), limit, automatic=automatic)]}


def get_arrival(tx: Transaction, *, actor: dict[str, Any], arrival_id: UUID) -> dict[str, Any]:
    """One of these, with its beginning as text. Raises NotPermitted, NotFound."""
    found = _found(store.one_apart(tx, _looking(actor), arrival_id))
    return {**found, "beginning": as_text(bytes(found["raw"])[:BEGINNING])}


def open_arrival(
    tx: Transaction, now: datetime, settings: Settings, *, actor: dict[str, Any], arrival_id: UUID
) -> dict[str, Any]:
    """A person wrote it after all: it opens a need, or continues one. Raises NotPermitted, NotFound, NotReadable."""
    who = _looking(actor)
    if not who.acts:
        raise NotPermitted
    found = _found(store.one_apart(tx, who, arrival_id, held=True))
    try:
        mail = read_mail(bytes(found["raw"]), ours(settings))
    except Unreadable:
        raise NotReadable from None
    taken = Placing(tx, settings, arrival_id, replace(mail, kind=Kind.PERSON), now).place_as_persons()
    if taken.need_id:
        store.note_action(tx, now, who.id, Action.OPEN, store.hold_need(tx, taken.need_id))
    return {"need_id": taken.need_id, "message_id": taken.message_id}


def _found(row: RowMapping | None) -> RowMapping:
    if row is None:
        raise NotFound
    return row


def assign_need(
    tx: Transaction, now: datetime, *, actor: dict[str, Any], need_id: UUID, partner: str | None
) -> dict[str, Any]:
    """Put a partner in charge, or nobody. For coordinators. Raises NotPermitted, NotFound."""
    who = _looking(actor)
    if not who.sees_all:
        raise NotPermitted
    before = _held(tx, who, need_id)
    if before.partner == partner:
        return _state(before)
    need = domain.assigned(before, partner, now)
    store.save_need(tx, need)
    store.hand_over(tx, need)
    record(tx, published.NEED_ASSIGNED, need)
    store.note_action(tx, now, who.id, Action.ASSIGN, need)
    return _state(need)


def take_need(tx: Transaction, now: datetime, *, actor: dict[str, Any], need_id: UUID) -> dict[str, Any]:
    """Be the one who works on it. Raises NotPermitted, NotFound."""
    need = domain.taken(_acted_on(tx, actor, need_id), actor["id"], now)
    store.save_need(tx, need)
    store.note_action(tx, now, actor["id"], Action.TAKE, need)
    return _state(need)


def resolve_need(tx: Transaction, now: datetime, *, actor: dict[str, Any], need_id: UUID) -> dict[str, Any]:
    """Raises NotPermitted, NotFound."""
    before = _acted_on(tx, actor, need_id)
    need = domain.resolved(before, now)
    if need != before:
        store.save_need(tx, need)
        record(tx, published.NEED_RESOLVED, need)
        store.note_action(tx, now, actor["id"], Action.RESOLVE, need)
    return _state(need)


def answer_need(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, settings: Settings, *, actor: dict[str, Any], need_id: UUID, text: str
) -> dict[str, Any]:
    """Answer the person by mail, from the mailbox of the partner in charge.

    Raises NotPermitted, NotFound, InvalidArguments, Unreachable, NoMailbox.
    """
    before = _acted_on(tx, actor, need_id)
    if not text.strip():
        raise InvalidArguments(fields={"text": ["Write something."]})
    person = store.person(tx, before.person_id) if before.person_id else None
    if person is None:
        raise Unreachable
    mailbox = settings.mailboxes.of_partner(before.partner)
    if mailbox is None:
        raise NoMailbox
    need = domain.answered(before, now)
    message_id = uuid7()
    mail = _mail(tx, settings, need, message_id, mailbox)
    store.save_need(tx, need)
    row = {"id": message_id, "at": now, "author": actor["id"], "text": text.strip(), **_facts(need, mail)}
    store.insert_message(tx, row, [])
    to = {"person_id": person.person_id, "email": person.address, "name": person.name, "language": need.language}
    tx.send(
        notify.SEND_ANSWER,
        idempotency_key=f"answer/{message_id}",
        deadline=now + WORTH_SENDING,
        message_id=str(message_id),
        text=text.strip(),
        **to,
        **mail,
    )
    record(tx, published.MESSAGE_SENT, need, message_id=str(message_id))
    store.note_action(tx, now, actor["id"], Action.ANSWER, need)
    return {**_state(need), "message_id": message_id}


def _mail(tx: Transaction, settings: Settings, need: Need, message_id: UUID, mailbox: str) -> dict[str, Any]:
    """The headers by which the answer belongs to what it answers, and answers to it find the need."""
    newest_first = store.mails_of(tx, need.id)
    subject = next((row.subject for row in newest_first if row.direction == Direction.IN and row.subject), "")
    key = settings.secret_key
    return {
        "mailbox": mailbox,
        "reply_to": marks.reply_address(key, mailbox, need.id),
        "mail_id": marks.message_id(key, need.id, message_id, mailbox.rpartition("@")[2]),
        "references": [row.mail_id for row in reversed(newest_first)],
        "site_mark": marks.site_mark(key),
        "subject": domain.answering(subject)[: notify.SUBJECT_MAX],
    }


def _facts(need: Need, mail: dict[str, Any]) -> dict[str, Any]:
    """What the row of an answer says besides who wrote what and when."""
    return {
        "need_id": need.id,
        "position": need.positions,
        "channel": Channel.EMAIL,
        "direction": Direction.OUT,
        "is_automatic": False,
        "partner": need.partner,
        "retention": Retention.CASE,
        "person_id": need.person_id,
        "mail_id": mail["mail_id"],
        "subject": mail["subject"],
        "folded": "",
        "html": "",
    }


def _looking(actor: dict[str, Any]) -> Actor:
    """Raises NotPermitted unless the actor may see needs: a prescriber sees nobody's."""
    if actor["role"] not in domain.LOOKING or (actor["role"] != "coordinator" and not actor["partner"]):
        raise NotPermitted
    return Actor(actor["id"], actor["role"], actor["partner"])


def _acted_on(tx: Transaction, actor: dict[str, Any], need_id: UUID) -> Need:
    who = _looking(actor)
    if not who.acts:
        raise NotPermitted
    return _held(tx, who, need_id)


def _held(tx: Transaction, who: Actor, need_id: UUID) -> Need:
    need = store.hold_visible(tx, who, need_id)
    if need is None:
        raise NotFound
    return need


def _state(need: Need) -> dict[str, Any]:
    return {"need_id": need.id, "state": need.state, "partner": need.partner, "assignee": need.assignee}
