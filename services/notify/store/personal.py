"""Queries on the links to people's own pages, and on what people chose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, delete, func, insert, literal, select, update

from bus.times import UTCDateTime
from bus.transaction import Transaction
from services.notify.domain import LINKS_MAX, LINKS_WITHIN, PERSONAL_KEPT, Kind, Link
from services.notify.tables import contacts, messages, personal_links

_ID = bindparam("link", type_=Uuid)
_MOMENT = bindparam("moment", type_=UTCDateTime)
_PERSON = bindparam("person", type_=String)

# Built once: SQLAlchemy takes longer to build them than to run them.
_HOLD = select(contacts.c.person_id).where(contacts.c.person_id == _PERSON).with_for_update()
_RECENT = (
    select(func.count())
    .select_from(personal_links)
    .where(personal_links.c.person_id == _PERSON, personal_links.c.created_at > bindparam("since", type_=UTCDateTime))
    .scalar_subquery()
)
_ADD = insert(personal_links).from_select(
    ["id", "person_id", "language", "created_at", "expires_at"],
    select(
        _ID, contacts.c.person_id, bindparam("tongue", type_=String), _MOMENT, bindparam("end", type_=UTCDateTime)
    ).where(contacts.c.person_id == _PERSON, LINKS_MAX > _RECENT),
)
_QUEUE = insert(messages).from_select(
    ["id", "kind", "person_id", "state", "attempts", "created_at", "due_at", "correlationid"],
    select(
        personal_links.c.id,
        literal(Kind.PERSONAL_LINK.value),
        personal_links.c.person_id,
        literal("queued"),
        literal(0),
        personal_links.c.created_at,
        bindparam("due", type_=UTCDateTime),
        bindparam("correlation", type_=String),
    ).where(personal_links.c.id == _ID),
)
_LINK = select(
    personal_links.c.person_id, personal_links.c.language, personal_links.c.expires_at, personal_links.c.used_at
).where(personal_links.c.id == _ID)
_HELD_LINK = _LINK.with_for_update()
_USE = update(personal_links).where(personal_links.c.id == _ID).values(used_at=_MOMENT)
_CHOOSE = update(contacts).where(contacts.c.person_id == _PERSON)


def add_link(tx: Transaction, link_id: UUID, link: Link, now: datetime) -> None:
    """Add the link, if the person is known and had not too many of late.

    The same statements are said for who is not known, here and in ``queue_link``: how long they take tells little.
    """
    tx.connection.execute(_HOLD, {"person": link.person_id})  # nobody else counts and adds in between
    facts = {"person": link.person_id, "tongue": link.language, "end": link.expires_at}
    tx.connection.execute(_ADD, {"link": link_id, "moment": now, "since": now - LINKS_WITHIN, **facts})


def queue_link(tx: Transaction, link_id: UUID, due: datetime, correlation: str) -> None:
    """Add the message with the link, if there is such a link; it is due at ``due``."""
    tx.connection.execute(_QUEUE, {"link": link_id, "due": due, "correlation": correlation})


def link(tx: Transaction, link_id: UUID) -> Link | None:
    return _link(tx.connection.execute(_LINK, {"link": link_id}).one_or_none())


def hold_link(tx: Transaction, link_id: UUID) -> Link | None:
    """The link; nobody else uses it until this transaction ends."""
    return _link(tx.connection.execute(_HELD_LINK, {"link": link_id}).one_or_none())


def use_up(tx: Transaction, link_id: UUID, now: datetime) -> None:
    tx.connection.execute(_USE, {"link": link_id, "moment": now})


def choose(tx: Transaction, person: str, **chosen: Any) -> bool:
    """Keep what a person chose: ``language``, ``reminders``, ``thanks``. False when they are not known."""
    return tx.connection.execute(_CHOOSE, {"person": person, **chosen}).rowcount == 1


def purge_links(tx: Transaction, now: datetime) -> int:
    """Forget the links that ended a while ago; answers how many."""
    old = delete(personal_links).where(personal_links.c.expires_at < now - PERSONAL_KEPT)
    return tx.connection.execute(old).rowcount


def _link(row: Any) -> Link | None:
    return Link(**row._asdict()) if row else None
