"""How a mail comes in: it is stored as it came, then read, then placed; in a transaction each.

A process that dies in between leaves a row that is due, and another takes it up. A mail that cannot be read, or that
nobody could take up in several tries, goes into quarantine, where the staff sees it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from bus.database import Database
from services.needs import marks, store
from services.needs.config import Settings
from services.needs.domain import Outcome, Retention
from services.needs.errors import TooBig
from services.needs.placing import Placing, Taken
from services.needs.reading import Ours, ReceivedMail, Unreadable, read_mail

log = structlog.get_logger(__name__)

BYTES_MAX = 100 * 1024 * 1024  # that are stored; what is too big to be read is for the staff to look at
LEASE = timedelta(minutes=2)
TRIES = 5
RUN = 20  # arrivals claimed at once

Reader = Callable[[bytes, Ours], ReceivedMail]


def store_mail(database: Database, raw: bytes, now: datetime, *, lease: timedelta = timedelta()) -> UUID:
    """Keep a mail as it came, before anything is made of it. Whoever calls may take it up until the ``lease`` ends.

    Raises TooBig.
    """
    if len(raw) > BYTES_MAX:
        raise TooBig
    arrival_id = uuid7()
    with database.transaction() as tx:
        store.insert_mail(tx, arrival_id, raw, now, now + lease)
    return arrival_id


def take_up(database: Database, settings: Settings, arrival_id: UUID, now: datetime, read: Reader = read_mail) -> Taken:
    """Read a mail that is stored, and place it. Doing it again, or at the same time, changes nothing."""
    with database.reading() as tx:
        arrival, raw = store.raw_arrival(tx, arrival_id)
    if arrival.outcome:
        return Taken(arrival.outcome, arrival.need_id, arrival.message_id)
    if arrival.attempts > TRIES:
        return _quarantine(database, arrival_id, "tried_too_often")
    try:
        mail = read(raw, ours(settings))
    except Unreadable as unreadable:
        return _quarantine(database, arrival_id, unreadable.code)
    with database.transaction() as tx:
        held = store.hold_arrival(tx, arrival_id)
        if held.outcome:  # by another, meanwhile
            return Taken(held.outcome, held.need_id, held.message_id)
        return Placing(tx, settings, arrival_id, mail, now).place()


def take_up_due(database: Database, settings: Settings, now: datetime, read: Reader = read_mail) -> bool:
    """Take up what another left, or what came by a way that does not wait. Answers whether there may be more."""
    with database.reading() as tx:  # most of the time there is nothing, and nobody need wait for a writer
        if not store.anything_due(tx, now):
            return False
    with database.transaction() as tx:
        claimed = store.claim_arrivals(tx, now, LEASE, RUN)
    for arrival_id in claimed:
        try:
            taken = take_up(database, settings, arrival_id, now, read)
        except Exception:
            log.exception("mail not taken up", arrival=str(arrival_id))  # its lease ends, and it is tried again
        else:
            log.info("mail taken up", arrival=str(arrival_id), outcome=taken.outcome)
    return bool(claimed)


def ours(settings: Settings) -> Ours:
    """By what mails of ours and to our lists are known."""
    return Ours(frozenset({marks.site_mark(settings.secret_key)}), frozenset(settings.mailboxes.partners))


def _quarantine(database: Database, arrival_id: UUID, problem: str) -> Taken:
    with database.transaction() as tx:
        held = store.hold_arrival(tx, arrival_id)
        if held.outcome:
            return Taken(held.outcome, held.need_id, held.message_id)
        store.settle(tx, arrival_id, Outcome.QUARANTINED, problem=problem, retention=Retention.QUARANTINE)
    return Taken(Outcome.QUARANTINED)
