"""What the staff reads and changes. What the one who asks may see is in every statement: nothing is left to pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Uuid, and_, bindparam, func, insert, literal_column, or_, select, update
from sqlalchemy.engine import RowMapping
from uuid_utils.compat import uuid7

from bus.times import UTCDateTime
from bus.transaction import Transaction
from services.needs.domain import Action, Actor, Channel, Need, Outcome, Retention, State, View
from services.needs.tables import arrivals, attachments, messages, needs, people, staff_actions, suggestions

MAILS_MAX = 20  # that an answer refers to

_PARTNER = bindparam("partner", type_=String)
_ID = bindparam("need_id", type_=Uuid)
_first = messages.alias("first_message")
_LIST = (
    select(
        *(needs.c[name] for name in ("id", "state", "partner", "assignee", "language", "channel", "person_id")),
        *(needs.c[name] for name in ("opened_at", "changed_at")),
        func.coalesce(people.c.name, "").label("name"),
        people.c.address.label("email"),
        people.c.bounced_at.is_not(None).label("unreachable"),
        func.coalesce(_first.c.subject, "").label("subject"),
    )
    .outerjoin(people, people.c.person_id == needs.c.person_id)
    .outerjoin(_first, and_(_first.c.need_id == needs.c.id, _first.c.position == 1))
)
_UNRESOLVED = needs.c.state != literal_column("'resolved'")  # as the indexes say it
_VIEWS = {
    View.MINE: and_(_UNRESOLVED, needs.c.assignee == bindparam("actor", type_=Uuid)),
    View.PARTNER: and_(_UNRESOLVED, needs.c.partner.is_not(None)),
    View.UNASSIGNED: and_(_UNRESOLVED, needs.c.partner.is_(None)),
    View.WAITING: and_(_UNRESOLVED, needs.c.state == State.WAITING),
    View.RESOLVED: needs.c.state == literal_column("'resolved'"),
}
_MOMENT = bindparam("moment", type_=UTCDateTime)
_LATER = or_(
    needs.c.changed_at < _MOMENT, and_(needs.c.changed_at == _MOMENT, needs.c.id < bindparam("after", type_=Uuid))
)


def _seen_by(column: Any, *, all_partners: bool) -> tuple[Any, ...]:
    """The condition that makes a statement show no more than the actor may see; ``partner`` is a parameter of it."""
    return () if all_partners else (column == _PARTNER,)


def _page(view: View, *, all_partners: bool, goes_on: bool) -> Select[Any]:
    page = _LIST.where(_VIEWS[view], *_seen_by(needs.c.partner, all_partners=all_partners))
    if goes_on:
        page = page.where(_LATER)
    return page.order_by(needs.c.changed_at.desc(), needs.c.id.desc()).limit(bindparam("most"))


_BOTH = (True, False)
# Built once: SQLAlchemy takes longer to build them than to run them.
_PAGES = {
    (view, all_, on): _page(view, all_partners=all_, goes_on=on) for view in View for all_ in _BOTH for on in _BOTH
}
_SHOWN = {all_: _LIST.where(needs.c.id == _ID, *_seen_by(needs.c.partner, all_partners=all_)) for all_ in _BOTH}
_HELD = {
    all_: select(*(needs.c[name] for name in Need.__dataclass_fields__))
    .where(needs.c.id == _ID, *_seen_by(needs.c.partner, all_partners=all_))
    .with_for_update()
    for all_ in _BOTH
}
_MESSAGES = {
    all_: select(
        *(messages.c[name] for name in ("id", "position", "channel", "direction", "is_automatic", "at", "author")),
        *(messages.c[name] for name in ("subject", "text", "folded", "html")),
    )
    .where(
        messages.c.need_id == _ID,
        messages.c.position > bindparam("after"),
        *_seen_by(messages.c.partner, all_partners=all_),
    )
    .order_by(messages.c.position)
    .limit(bindparam("most"))
    for all_ in _BOTH
}
_ATTACHMENTS = (
    select(attachments)
    .where(attachments.c.message_id.in_(bindparam("messages", expanding=True)))
    .order_by(attachments.c.message_id, attachments.c.part)
)
_other = needs.alias("other_need")
_SUGGESTED = {
    all_: select(_other.c.id.label("need_id"), suggestions.c.reason)
    .join_from(suggestions, _other, _other.c.id == suggestions.c.other_id)
    .where(suggestions.c.need_id == _ID, *_seen_by(_other.c.partner, all_partners=all_))
    .union(
        select(_other.c.id, suggestions.c.reason)
        .join_from(suggestions, _other, _other.c.id == suggestions.c.need_id)
        .where(suggestions.c.other_id == _ID, *_seen_by(_other.c.partner, all_partners=all_))
    )
    for all_ in _BOTH
}
_ARRIVAL = select(
    *(arrivals.c[name] for name in ("id", "arrived_at", "outcome", "problem")),
    func.coalesce(arrivals.c.sender, "").label("sender"),
    func.coalesce(arrivals.c.subject, "").label("subject"),
    func.length(arrivals.c.raw).label("size"),
)
_UNREAD = arrivals.c.retention == Retention.QUARANTINE
_AUTOMATIC = and_(
    arrivals.c.retention == Retention.RAW, arrivals.c.outcome.in_([Outcome.AUTO_REPLY.value, Outcome.BOUNCE.value])
)
_SET_APART = {
    (all_, automatic): _ARRIVAL.where(
        _AUTOMATIC if automatic else _UNREAD, *_seen_by(arrivals.c.partner, all_partners=all_)
    )
    .order_by(arrivals.c.arrived_at.desc())
    .limit(bindparam("most"))
    for all_ in _BOTH
    for automatic in _BOTH
}
_ONE_APART = {
    all_: _ARRIVAL.add_columns(arrivals.c.raw).where(
        arrivals.c.id == bindparam("arrival_id", type_=Uuid),
        or_(_UNREAD, _AUTOMATIC),
        *_seen_by(arrivals.c.partner, all_partners=all_),
    )
    for all_ in _BOTH
}
_HELD_APART = {all_: statement.with_for_update() for all_, statement in _ONE_APART.items()}
_MAILS = (
    select(messages.c.mail_id, messages.c.subject, messages.c.direction)
    .where(messages.c.need_id == _ID, messages.c.mail_id.is_not(None), messages.c.is_automatic.is_(False))
    .order_by(messages.c.position.desc())
    .limit(MAILS_MAX)
)
_PERSON = select(people).where(people.c.person_id == bindparam("person"))


@dataclass(frozen=True)
class Shown:
    """A page of a list, and from where the next one goes on."""

    rows: Sequence[RowMapping]
    more: bool


def list_needs(tx: Transaction, actor: Actor, view: View, after: tuple[datetime, UUID] | None, limit: int) -> Shown:
    """The needs of the view that the actor may see, the one that changed last first."""
    moment, last = after or (None, None)
    statement = _PAGES[view, actor.sees_all, after is not None]
    bound = {"partner": actor.partner, "actor": actor.id, "moment": moment, "after": last, "most": limit + 1}
    rows = tx.connection.execute(statement, bound).mappings().all()
    return Shown(rows[:limit], len(rows) > limit)


def shown(tx: Transaction, actor: Actor, need_id: UUID) -> RowMapping | None:
    """What is said of a need, if there is one that the actor may see."""
    return tx.connection.execute(_SHOWN[actor.sees_all], _as(actor, need_id=need_id)).mappings().one_or_none()


def hold_visible(tx: Transaction, actor: Actor, need_id: UUID) -> Need | None:
    """A need that the actor may see, if there is one; nobody else changes it until this transaction ends."""
    row = tx.connection.execute(_HELD[actor.sees_all], _as(actor, need_id=need_id)).mappings().one_or_none()
    return Need(**{**row, "state": State(row["state"]), "channel": Channel(row["channel"])}) if row else None


def messages_of(tx: Transaction, actor: Actor, need_id: UUID, after: int, limit: int) -> Shown:
    """The messages after a position, in order."""
    bound = _as(actor, need_id=need_id, after=after, most=limit + 1)
    rows = tx.connection.execute(_MESSAGES[actor.sees_all], bound).mappings().all()
    return Shown(rows[:limit], len(rows) > limit)


def attachments_of(tx: Transaction, message_ids: Sequence[UUID]) -> Sequence[RowMapping]:
    """Of messages that were read for somebody who may see them."""
    if not message_ids:
        return []
    return tx.connection.execute(_ATTACHMENTS, {"messages": message_ids}).mappings().all()


def suggested_for(tx: Transaction, actor: Actor, need_id: UUID) -> Sequence[RowMapping]:
    """The needs that may belong together with this one, of those that the actor may see."""
    return tx.connection.execute(_SUGGESTED[actor.sees_all], _as(actor, need_id=need_id)).mappings().all()


def set_apart(tx: Transaction, actor: Actor, limit: int, *, automatic: bool) -> Sequence[RowMapping]:
    """What belongs to no need, the newest first: what no person wrote, or what could not be read."""
    return tx.connection.execute(_SET_APART[actor.sees_all, automatic], _as(actor, most=limit)).mappings().all()


def one_apart(tx: Transaction, actor: Actor, arrival_id: UUID, *, held: bool = False) -> RowMapping | None:
    """One of these, with the raw mail. ``held``: nobody else changes it until this transaction ends."""
    statement = (_HELD_APART if held else _ONE_APART)[actor.sees_all]
    return tx.connection.execute(statement, _as(actor, arrival_id=arrival_id)).mappings().one_or_none()


def mails_of(tx: Transaction, need_id: UUID) -> Sequence[Any]:
    """The last mails that people wrote in a need, ours too, the newest first: mail_id, subject, direction."""
    return tx.connection.execute(_MAILS, {"need_id": need_id}).all()


def person(tx: Transaction, person_id: str) -> Any:
    """How a person is reached: name, address, bounced_at; None when that is not known."""
    return tx.connection.execute(_PERSON, {"person": person_id}).one_or_none()


def hand_over(tx: Transaction, need: Need) -> None:
    """Let the need and all that is in it be seen by its partner, and by nobody else but coordinators."""
    owned = {"partner": need.partner}
    tx.connection.execute(update(needs).where(needs.c.id == need.id).values({**owned, "assignee": need.assignee}))
    inside = select(messages.c.arrival_id).where(messages.c.need_id == need.id, messages.c.arrival_id.is_not(None))
    tx.connection.execute(update(arrivals).where(arrivals.c.id.in_(inside)).values(owned))
    tx.connection.execute(update(messages).where(messages.c.need_id == need.id).values(owned))


def note_action(tx: Transaction, now: datetime, staff_id: UUID, action: Action, need: Need) -> None:
    """Note what was done about a need, in the transaction that does it."""
    row = {"id": uuid7(), "at": now, "staff_id": staff_id, "action": action}
    tx.connection.execute(insert(staff_actions), {**row, "need_id": need.id, "partner": need.partner})


def _as(actor: Actor, **more: Any) -> dict[str, Any]:
    return more if actor.sees_all else {**more, "partner": actor.partner}
