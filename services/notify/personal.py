"""A person's own page: the link to it, which is good once, and what they want to be written. One transaction each.

Arguments and answers are those of contracts/notify/personal.py; ``key`` is the key of ``person_id``, ``now`` is aware.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from bus.context import current_correlation
from bus.transaction import Transaction
from contracts.person import PASS_LIVES, person_id, personal_pass, read_pass
from services.notify import store
from services.notify.domain import CONTACTS_KEPT, LINK_LIVES, NOT_AT_ONCE, Contact, Link
from services.notify.errors import LinkOver, NotFound, NotPermitted
from services.notify.links import opens


def send_personal_link(tx: Transaction, key: bytes, now: datetime, *, email: str, language: str) -> dict[str, Any]:
    """Queue the mail with a link for who is known by this address; the answer is the same for all."""
    link_id = uuid7()
    store.add_link(tx, link_id, Link(person_id(key, email), language, now + LINK_LIVES), now)
    store.queue_link(tx, link_id, now + NOT_AT_ONCE, current_correlation())
    return {"asked": True}


def use_personal_link(tx: Transaction, key: bytes, now: datetime, *, link_id: UUID, token: str) -> dict[str, Any]:
    """Use the link up, for a pass. Raises NotFound, also for a wrong token; LinkOver."""
    link = store.hold_link(tx, link_id) if opens(token, key, link_id) else None
    if link is None:
        raise NotFound
    if not link.is_good(now):
        raise LinkOver
    store.use_up(tx, link_id, now)
    until = now + PASS_LIVES
    return {"personal_pass": personal_pass(key, link.person_id, until), "expires_at": until}


def get_preferences(tx: Transaction, key: bytes, now: datetime, *, personal_pass: str) -> dict[str, Any]:
    """What is kept of the person. Raises NotPermitted, NotFound."""
    person = _person(key, personal_pass, now)
    contact = store.contacts_of(tx, [person]).get(person)
    if contact is None:
        raise NotFound
    about = {"name": contact.name, "email": contact.address, "kept_days": CONTACTS_KEPT.days}
    return {**about, **_preferences(contact)}


def set_preferences(tx: Transaction, key: bytes, now: datetime, *, personal_pass: str, **chosen: Any) -> dict[str, Any]:
    """Keep what the person chose; the answer says it again. Raises NotPermitted, NotFound."""
    if not store.choose(tx, _person(key, personal_pass, now), **chosen):
        raise NotFound
    return chosen


def _person(key: bytes, text: str, now: datetime) -> str:
    person = read_pass(key, text, now)
    if person is None:
        raise NotPermitted
    return person


def _preferences(contact: Contact) -> dict[str, Any]:
    return {"language": contact.language, "reminders": contact.reminders, "thanks": contact.thanks}
