"""What notify can do in one transaction each. Sending, which needs several, is in delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from bus.envelope import Event
from bus.transaction import Transaction
from contracts.person import person_id
from services.notify import rows, store
from services.notify.domain import NOTICES, NOTICES_MAX, TOLD_CHANGES, Contact, Kind, Schedule

log = structlog.get_logger(__name__)


def remember_contact(tx: Transaction, key: bytes, now: datetime, arguments: dict[str, Any]) -> dict[str, str]:
    """Keep how a person is reached, in place of what was known. ``key`` is the key of ``person_id``.

    ``arguments`` are those of ``contracts.notify.RememberContact``.
    """
    email = arguments["email"].strip()
    contact = Contact(person_id(key, email), email, arguments["name"], arguments["language"], arguments["consent"])
    store.remember(tx, contact, now)
    return {"person_id": contact.person_id}


def tell_person(tx: Transaction, kind: Kind, event: Event, now: datetime) -> None:
    """Queue the message ``kind`` to the person of an event about a reservation, once, and to nobody else.

    Of what the person did not cause there are at most ``NOTICES_MAX`` about a session: what comes after is not said.
    One process hears notify's events at a time, so nobody else counts and adds in between.
    """
    people = [to for to in rows.recipients(event) if to.staff_id is None]
    session = event.data["session_id"]
    if people and kind in NOTICES and store.notices(tx, people[0].person_id, UUID(session)) >= NOTICES_MAX:
        log.info("enough notices", kind=kind, session=session)
        return
    store.queue(tx, [rows.message(kind, to, event, now) for to in people])


def tell_member(tx: Transaction, kind: Kind, event: Event, now: datetime, changed: str | None = None) -> None:
    """Queue the message ``kind`` to the member of the staff who booked for the person of an event, if one did; once."""
    members = [to for to in rows.recipients(event) if to.staff_id]
    store.queue(tx, [{**rows.message(kind, to, event, now), "changed": changed} for to in members])


def tell(tx: Transaction, kind: Kind, event: Event, now: datetime) -> None:
    """Queue the message ``kind`` to the person of an event, and to who booked for them."""
    tell_person(tx, kind, event, now)
    tell_member(tx, kind, event, now)


def tell_of_seat(tx: Transaction, event: Event, hours: Sequence[int], now: datetime) -> None:
    """Queue what is told of a seat: now, and by reminders so many hours before the start."""
    kind = Kind.MOVED if rows.moved_from(event) else Kind.PROMOTED if event.data["promoted"] else Kind.CONFIRMED
    told = [rows.message(kind, to, event, now) for to in rows.recipients(event)]
    store.queue(tx, [*told, *rows.reminding_all(told, hours, now)])


def tell_of_place_in_line(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue what is told of a place on the waiting list."""
    tell(tx, Kind.MOVED_TO_LIST if rows.moved_from(event) else Kind.WAITLISTED, event, now)


def tell_of_lapse(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue what is told of an offer that is over. Who declined knows; who booked for them may not."""
    if event.data["because"] == "expired":
        tell(tx, Kind.LAPSED, event, now)
    else:
        tell_member(tx, Kind.DECLINED, event, now)


def tell_of_end(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue what is told of a reservation that is cancelled; of one that moved, what came in its place tells."""
    if not event.data.get("moved_to"):
        by_session = event.data["cancelled_by"] == "session"
        tell(tx, Kind.SESSION_CANCELLED if by_session else Kind.CANCELLED, event, now)


def tell_of_absence(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue what is told to who booked for a person that did not come. The person is not reproached."""
    tell_member(tx, Kind.MISSED, event, now, "excused" if event.data["excused"] else None)


def tell_refusal(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    *,
    asked_for: str,
    code: str,
    person_id: str,
    session_id: UUID,
    reservation_id: UUID | None,
    booked_by: UUID | None,
    reachable: bool,
) -> dict[str, bool]:
    """Queue what is told of a request that was refused when nobody waited for the answer any more.

    Who booked for the person is told as well: either of them may have asked.
    """
    told = [*([None] if reachable else []), *([booked_by] if booked_by else [])]
    to = [(person_id, member) for member in told]
    store.queue(tx, rows.refusals(asked_for, code, (reservation_id, session_id), to, now))
    return {"told": True}


def tell_everybody(tx: Transaction, event: Event, now: datetime) -> None:
    """Queue a message to everybody whom notify was to tell of a reservation in the session that is cancelled.

    Each reservation's own event asks for the same message; whichever comes first makes it.
    """
    people = store.people_of(tx, UUID(event.data["session_id"]))
    store.queue(tx, [rows.message(Kind.SESSION_CANCELLED, to, event, now) for to in people])


def tell_of_change(tx: Transaction, event: Event, hours: Sequence[int], now: datetime) -> None:
    """Tell everybody who has, or booked, a reservation in a session what changed about it; reminders move with it.

    A message that is not sent yet is overtaken by the new one, which says both changes, and how it was before the
    first. A change of the description alone is told to nobody.
    """
    changed, session = set(event.data["changed"]).intersection(TOLD_CHANGES), UUID(event.data["session_id"])
    if not changed:
        return
    if "times" in changed:
        follow_session(tx, rows.when(event), hours, now)
    told = store.changes_of(tx, session)
    known = {row.id for row in told}
    waiting = {(row.reservation_id, row.staff_id): row for row in told if row.due_at}
    fresh, overtaken = [], []
    for to in store.people_of(tx, session):
        before = waiting.get((to.reservation_id, to.staff_id))
        row = rows.change(to, changed, event, before, now)
        if row["id"] not in known:  # the event may come twice
            fresh.append(row)
            overtaken += [before.id] if before else []
    store.overtake(tx, overtaken, now)
    store.queue(tx, fresh)


def follow_session(
    tx: Transaction, to: Schedule, hours: Sequence[int], now: datetime, reservation: UUID | None = None
) -> None:
    """Make what is queued fit the time that the session has; of everybody, or of one ``reservation``.

    Doing it again changes nothing.
    """
    store.move(tx, to, reservation)
    facts = {**rows.at(to), "created_at": now}
    seats = [{**seat._asdict(), **facts} for seat in store.seats_of(tx, to.session_id, reservation)]
    store.queue(tx, rows.reminding_all(seats, hours, now))


def purge(tx: Transaction, now: datetime) -> None:
    """Forget the people whose sessions are long over, and links that nobody can use any more."""
    links = store.purge_links(tx, now)
    messages, contacts = store.purge(tx, now)
    store.forget_answers(tx)
    if messages or contacts or links:
        log.info("forgot", messages=messages, contacts=contacts, links=links)
