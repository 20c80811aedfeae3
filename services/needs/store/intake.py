"""Queries on what arrives, and on the needs that it opens and continues."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.times import UTCDateTime
from bus.transaction import Transaction
from services.needs.domain import (
    ACTIONS_KEPT,
    IDS_KEPT,
    QUARANTINE_KEPT,
    RAW_KEPT,
    Answered,
    Channel,
    Need,
    Outcome,
    Reason,
    Retention,
    State,
)
from services.needs.tables import (
    arrivals,
    attachments,
    external_ids,
    mailboxes,
    messages,
    needs,
    people,
    staff_actions,
    suggestions,
)


@dataclass(frozen=True)
class Arrival:
    """What arrived. ``outcome`` is None until it was taken up."""

    id: UUID
    attempts: int
    outcome: Outcome | None
    need_id: UUID | None
    message_id: UUID | None


def _inserts(table: Any) -> dict[str, Any]:
    return {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
    }


# Built once: SQLAlchemy takes longer to build them than to run them.
_ARRIVAL = select(*(arrivals.c[name] for name in Arrival.__dataclass_fields__)).where(
    arrivals.c.id == bindparam("arrival_id")
)
_RAW_ARRIVAL = _ARRIVAL.add_columns(arrivals.c.raw)
_HELD_ARRIVAL = _ARRIVAL.with_for_update()
_SETTLE = update(arrivals).where(arrivals.c.id == bindparam("arrival_id"))
_MOMENT = bindparam("moment", type_=UTCDateTime)
_DUE = (
    select(arrivals.c.id)
    .where(arrivals.c.due_at <= _MOMENT)
    .order_by(arrivals.c.due_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(arrivals)
    .where(arrivals.c.id.in_(bindparam("ids", expanding=True)))
    .values(due_at=bindparam("until", type_=UTCDateTime), attempts=arrivals.c.attempts + 1)
)
_IDENTIFY = _inserts(external_ids)
_FIRST = select(external_ids.c.arrival_id).where(
    external_ids.c.source == bindparam("source"), external_ids.c.external_id == bindparam("external_id")
)
_BEGIN = _inserts(mailboxes)
_NEEDS = select(*(needs.c[name] for name in Need.__dataclass_fields__))
_ONE_NEED = _NEEDS.where(needs.c.id == bindparam("need_id"))
_HELD_NEED = _ONE_NEED.with_for_update()
_SAVE_NEED = update(needs).where(needs.c.id == bindparam("need"))
_WHOSE = select(needs.c.id, needs.c.person_id).where(needs.c.id.in_(bindparam("need_ids", expanding=True)))
_BY_MAIL_ID = (
    select(messages.c.need_id, needs.c.person_id, messages.c.mail_id)
    .join(needs, needs.c.id == messages.c.need_id)
    .where(messages.c.mail_id.in_(bindparam("mail_ids", expanding=True)))
    .order_by(messages.c.at.desc())
    .limit(100)
)
_UNRESOLVED = (
    select(needs.c.id)
    .where(needs.c.person_id == bindparam("person"), needs.c.state != State.RESOLVED)
    .order_by(needs.c.changed_at.desc())
    .limit(1)
)
_KNOW = {
    dialect: statement.on_conflict_do_update(
        index_elements=[people.c.person_id],
        set_={"name": func.coalesce(func.nullif(statement.excluded.name, ""), people.c.name), "bounced_at": None},
    )
    for dialect, statement in (("sqlite", sqlite.insert(people)), ("postgresql", postgresql.insert(people)))
}
_BOUNCED = update(people).where(people.c.person_id == bindparam("person")).values(bounced_at=_MOMENT)


# What arrives


def insert_mail(tx: Transaction, arrival_id: UUID, raw: bytes, now: datetime, due: datetime) -> None:
    row = {"id": arrival_id, "channel": Channel.EMAIL, "arrived_at": now, "raw": raw, "retention": Retention.RAW}
    tx.connection.execute(insert(arrivals), {**row, "due_at": due, "attempts": 0})


def arrival(tx: Transaction, arrival_id: UUID) -> Arrival | None:
    """None when it is so long ago that it is not kept."""
    row = tx.connection.execute(_ARRIVAL, {"arrival_id": arrival_id}).mappings().one_or_none()
    return _arrival(row) if row else None


def raw_arrival(tx: Transaction, arrival_id: UUID) -> tuple[Arrival, bytes]:
    """The arrival and what arrived, as it came. Raises NoResultFound."""
    row = tx.connection.execute(_RAW_ARRIVAL, {"arrival_id": arrival_id}).mappings().one()
    return _arrival(row), bytes(row["raw"])


def hold_arrival(tx: Transaction, arrival_id: UUID) -> Arrival:
    """The arrival, which nobody else takes up until this transaction ends."""
    return _arrival(tx.connection.execute(_HELD_ARRIVAL, {"arrival_id": arrival_id}).mappings().one())


def _arrival(row: Any) -> Arrival:
    outcome = Outcome(row["outcome"]) if row["outcome"] else None
    return Arrival(row["id"], row["attempts"], outcome, row["need_id"], row["message_id"])


def claim_arrivals(tx: Transaction, now: datetime, lease: timedelta, limit: int) -> Sequence[UUID]:
    """Take up to ``limit`` arrivals that are due, the longest waiting first; nobody else does until the lease ends."""
    ids = tx.connection.execute(_DUE, {"moment": now, "most": limit}).scalars().all()
    if ids:
        tx.connection.execute(_CLAIM, {"ids": ids, "until": now + lease})
    return ids


def anything_due(tx: Transaction, now: datetime) -> bool:
    due = select(arrivals.c.id).where(arrivals.c.due_at <= now).limit(1)
    return tx.connection.execute(due).first() is not None


def settle(tx: Transaction, arrival_id: UUID, outcome: Outcome, **about: Any) -> None:
    """Say what became of an arrival; ``about`` is what else there is to say of it, columns of ``arrivals``."""
    tx.connection.execute(_SETTLE, {"arrival_id": arrival_id, "outcome": outcome, "due_at": None, **about})


def identify(tx: Transaction, source: str, external_id: str, arrival_id: UUID, now: datetime) -> UUID | None:
    """None when the thing is new here; else the arrival by which it came first. Who comes at once waits."""
    row = {"source": source, "external_id": external_id, "arrival_id": arrival_id, "at": now}
    if tx.connection.execute(_IDENTIFY[tx.dialect], row).rowcount == 1:
        return None
    found: UUID = tx.connection.execute(_FIRST, {"source": source, "external_id": external_id}).scalar_one()
    return found


def purge(tx: Transaction, now: datetime, limit: int) -> int:
    """Delete what arrived or was done long ago, at most ``limit`` rows of each; answers how many went.

    What belongs to a need stays with it.
    """
    kept = {Retention.RAW: RAW_KEPT, Retention.QUARANTINE: QUARANTINE_KEPT}
    gone = 0
    for retention, long in kept.items():
        old = arrivals.c.arrived_at < now - long
        ids = select(arrivals.c.id).where(arrivals.c.retention == retention, arrivals.c.due_at.is_(None), old)
        gone += tx.connection.execute(delete(arrivals).where(arrivals.c.id.in_(ids.limit(limit)))).rowcount
    acts = select(staff_actions.c.id).where(staff_actions.c.at < now - ACTIONS_KEPT).limit(limit)
    gone += tx.connection.execute(delete(staff_actions).where(staff_actions.c.id.in_(acts))).rowcount
    old = external_ids.c.at < now - IDS_KEPT
    ids = select(external_ids.c.external_id).where(old).limit(limit)
    return gone + tx.connection.execute(delete(external_ids).where(old, external_ids.c.external_id.in_(ids))).rowcount


# Needs and their messages


def insert_need(tx: Transaction, need: Need) -> None:
    tx.connection.execute(insert(needs), {**asdict(need), "retention": Retention.CASE})


def hold_need(tx: Transaction, need_id: UUID) -> Need:
    """The need, which nobody else changes until this transaction ends."""
    row = tx.connection.execute(_HELD_NEED, {"need_id": need_id}).mappings().one()
    return Need(**{**row, "state": State(row["state"]), "channel": Channel(row["channel"])})


def save_need(tx: Transaction, need: Need) -> None:
    changes = ("state", "assignee", "changed_at", "resolved_at", "positions")
    tx.connection.execute(_SAVE_NEED, {"need": need.id, **{name: getattr(need, name) for name in changes}})


def whose(tx: Transaction, need_ids: Sequence[UUID]) -> list[Answered]:
    """Of these needs those that there are, in the same order."""
    rows = tx.connection.execute(_WHOSE, {"need_ids": need_ids}).all() if need_ids else []
    people_of = {row.id: row.person_id for row in rows}
    return [Answered(need_id, people_of[need_id]) for need_id in need_ids if need_id in people_of]


def with_mails(tx: Transaction, mail_ids: Sequence[str]) -> list[Answered]:
    """The needs in which these mails are, by their Message-ID; in the order of ``mail_ids``."""
    rows = tx.connection.execute(_BY_MAIL_ID, {"mail_ids": mail_ids}).all() if mail_ids else []
    return [Answered(row.need_id, row.person_id) for row in sorted(rows, key=lambda row: mail_ids.index(row.mail_id))]


def unresolved_of(tx: Transaction, person_id: str) -> UUID | None:
    """The need of this person that changed last, among those that are not resolved."""
    found: UUID | None = tx.connection.execute(_UNRESOLVED, {"person": person_id}).scalar_one_or_none()
    return found


def insert_message(tx: Transaction, row: dict[str, Any], attached: Sequence[dict[str, Any]]) -> None:
    """Add a message (columns of ``messages``) with its attachments (columns of ``attachments``)."""
    tx.connection.execute(insert(messages), row)
    if attached:
        tx.connection.execute(insert(attachments), [{"message_id": row["id"], **each} for each in attached])


def suggest(tx: Transaction, need_id: UUID, other_id: UUID, reason: Reason, now: datetime) -> None:
    row = {"need_id": need_id, "other_id": other_id, "reason": reason, "at": now}
    tx.connection.execute(insert(suggestions), row)


# People


def know(tx: Transaction, person_id: str, name: str, address: str) -> None:
    """Keep how a person is reached, who wrote just now: whatever came back before, the address is good.

    A name that is not told does not take the place of one that was.
    """
    tx.connection.execute(_KNOW[tx.dialect], {"person_id": person_id, "name": name, "address": address})


def note_bounce(tx: Transaction, person_id: str, now: datetime) -> None:
    tx.connection.execute(_BOUNCED, {"person": person_id, "moment": now})


# Mailboxes that are read over IMAP


@dataclass(frozen=True)
class Place:
    """How far a mailbox was read: up to the mail ``last``. Up to ``past`` only what is unread is taken."""

    last: int
    past: int


def begin_mailbox(tx: Transaction, name: str, validity: int, past: int) -> None:
    """Begin to read a mailbox, unless it was begun; anew where its numbers mean others (RFC 9051, 2.3.1.1)."""
    row = {"name": name, "validity": validity, "last": 0, "past": past}
    if tx.connection.execute(_BEGIN[tx.dialect], row).rowcount == 0:
        again = update(mailboxes).where(mailboxes.c.name == name, mailboxes.c.validity != validity)
        tx.connection.execute(again.values(validity=validity, last=0, past=past))


def place_in(tx: Transaction, name: str) -> Place:
    row = tx.connection.execute(select(mailboxes).where(mailboxes.c.name == name)).one()
    return Place(row.last, row.past)


def advance(tx: Transaction, name: str, number: int) -> bool:
    """The mailbox is read up to this mail. False where it was before. Nobody else advances until the end."""
    further = update(mailboxes).where(mailboxes.c.name == name, mailboxes.c.last < number)
    return tx.connection.execute(further.values(last=number)).rowcount == 1
