"""What booking can do: one function for each thing, each inside the one transaction that it is given.

``now`` is aware. Arguments are those of contracts/booking/; so are the answers, as values that its schemas write.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from bus.times import in_utc
from bus.transaction import Transaction
from contracts import booking
from services.booking import domain, store, waiting
from services.booking.answers import reservation_answer, session_answer, session_facts, told_state
from services.booking.domain import Partner, Reservation, Session, State
from services.booking.drafts import LONGEST, Draft, session_from
from services.booking.errors import ConsentMissing, InvalidArguments, NotFound
from services.booking.moving import dates_instead
from services.booking.noting import PLATFORM, note, note_by_link
from services.booking.pages import cursor, place
from services.booking.people import holds, join_token, manage_token, printable
from services.booking.somebody import somebody
from services.booking.telling import record, tell_notify

T = TypeVar("T")

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_MAX = 40
STAFF_ACTIONS_KEPT = timedelta(days=730)

# -- what anybody may see


def list_sessions(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    *,
    starts_from: datetime | None = None,
    starts_before: datetime | None = None,
    language: str | None = None,
    partner: str | None = None,
    called_off: bool = False,
    after: str | None = None,
    limit: int = 20,
) -> dict[str, Any]:
    """A page of the sessions that start from ``starts_from`` (now, if None) until before ``starts_before``.

    With ``called_off`` of those that were called off and would not have ended yet; they may have started.
    """
    if partner is not None:
        checked_slug(partner, "partner")
    soonest = in_utc(starts_from, "starts_from") or (now - LONGEST if called_off else now)
    before = in_utc(starts_before, "starts_before")
    wanted = store.Filter(soonest, before, language, partner, now if called_off else None)
    found = store.list_sessions(tx, wanted, place(after) if after else None, limit + 1)
    page, more = found[:limit], len(found) > limit
    return {
        "items": [session_answer(session, now) for session in page],
        "next": cursor(store.Place(page[-1].starts_at, page[-1].id)) if more else None,
    }


def get_session(tx: Transaction, now: datetime, *, session_id: UUID) -> dict[str, Any]:
    return session_answer(_found(store.session(tx, session_id)), now)


def list_partners(tx: Transaction) -> dict[str, Any]:
    return {"items": [{"id": partner.id, "name": partner.name} for partner in store.all_partners(tx)]}


# -- what a person does


def reserve_seat(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    person_key: bytes,
    *,
    session_id: UUID,
    name: str,
    email: str,
    language: str,
    consent: bool,
) -> dict[str, Any]:
    """Take a seat or a place on the waiting list.

    Who has a place in the session already gets none besides: an event says so to notify, and the answer is what a
    stranger would get. Both ways take as many statements, so that the time says little too (see README.md).
    Raises InvalidArguments, ConsentMissing, NotFound, SessionClosed.
    """
    who = somebody(name, email)
    if not consent:
        raise ConsentMissing
    person = who.person_id(person_key)
    session = _found(store.hold_session(tx, session_id))
    booked = domain.reserve(session, person, now)
    if store.insert_reservation(tx, booked.reservation, who.name, who.email):
        store.save_seats(tx, booked.session)
        tell_notify(tx, session, booked.reservation, who, language)
        tell_booked(tx, session, booked)
    else:
        first = _found(store.live_reservation(tx, session_id, person))
        record(tx, booking.RESERVATION_REPEATED, session, first)
    return reservation_answer(booked.session, booked.reservation, booked.position)


def get_reservation(
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str
) -> dict[str, Any]:
    """The reservation with its session, for who holds its token. Raises NotFound, also for a wrong token."""
    if not holds(token, secret_key, reservation_id):
        raise NotFound
    reservation = _found(store.reservation(tx, reservation_id))
    return details(tx, now, secret_key, reservation, _found(store.session(tx, reservation.session_id)))


def cancel_reservation(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str, by: UUID | None = None
) -> dict[str, Any]:
    """Give the place back; a seat is held for who waits first.

    Raises NotFound, also for a wrong token; SessionStarted.
    """
    session, before = waiting.held(tx, secret_key, reservation_id, token)
    done = domain.cancel(session, before, now)
    if before.state.is_live:
        record(tx, booking.RESERVATION_CANCELLED, session, before, cancelled_by="person", was=told_state(before))
        waiting.save(tx, done, now)
        note_by_link(tx, now, by, "cancel_for", session, before)
    return reservation_answer(done.session, done.reservation, None)


# -- what notify asks


def describe_reservations(
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_ids: Sequence[UUID]
) -> dict[str, Any]:
    """The reservations as they are now, each with the token for the mail about it; those that are not known are left
    out."""
    found = store.reservations_of(tx, reservation_ids)
    held = store.sessions_of(tx, {reservation.session_id for reservation in found})
    names = store.names_of(tx, [reservation.id for reservation in found if reservation.booked_by])
    return {
        "items": [
            {
                **details(tx, now, secret_key, reservation, held[reservation.session_id]),
                "token": manage_token(secret_key, reservation.id),
                "booked_by": reservation.booked_by,
                "name": names.get(reservation.id),
                "reachable": reservation.reachable,
                "other_dates": dates_instead(tx, held[reservation.session_id], reservation, now),
                "moved_to": reservation.moved_to,
            }
            for reservation in found
        ]
    }


# -- what the operator does


def add_partner(tx: Transaction, partner: Partner) -> None:
    """Add a partner, or rename it. Raises InvalidArguments."""
    checked_slug(partner.id, "id")
    if not partner.name.strip() or not printable(partner.name):
        raise InvalidArguments(fields={"name": ["Write a name in one line."]})
    store.save_partner(tx, partner)


def publish_session(tx: Transaction, now: datetime, draft: Draft) -> dict[str, Any]:
    """Publish a session of a partner that is known. Raises InvalidArguments."""
    partner = store.partner(tx, draft.partner) if _SLUG.fullmatch(draft.partner) else None
    if partner is None:
        raise InvalidArguments(fields={"partner": ["Not a partner that is known; add it first."]})
    session = session_from(draft, partner, now)
    keep_published(tx, now, session)
    return session_answer(session, now)


def keep_published(tx: Transaction, now: datetime, session: Session, actor: dict[str, Any] = PLATFORM) -> None:
    """Store a new session, and say that it can be booked."""
    store.insert_session(tx, session)
    note(tx, now, actor, "publish", session)
    tx.record(
        booking.SESSION_PUBLISHED,
        subject=f"session/{session.id}",
        partner=session.partner.id,
        data={
            **session_facts(session),
            "title": session.title,
            "language": session.language,
            "capacity": session.capacity,
        },
    )


def cancel_session(
    tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any] = PLATFORM
) -> dict[str, Any]:
    """Call a session off, and cancel every reservation in it. Raises NotFound, SessionEnded."""
    before = _found(store.hold_session(tx, session_id))
    after = domain.call_off(before, now)
    if after != before:
        for reservation in store.live_reservations(tx, session_id):
            was = told_state(reservation)
            record(tx, booking.RESERVATION_CANCELLED, before, reservation, cancelled_by="session", was=was)
        note(tx, now, actor, "call_off", after)
        store.cancel_all(tx, after, now)
        store.save_seats(tx, after)
        subject = f"session/{session_id}"
        tx.record(booking.SESSION_CANCELLED, subject=subject, partner=after.partner.id, data=session_facts(after))
    return session_answer(after, now)


def forget_people(tx: Transaction, now: datetime, *, keep_days: int, limit: int = 500) -> int:
    """Erase who booked sessions that ended more than ``keep_days`` ago: name, address, pseudonym, what they wrote.

    What remains counts seats and opinions and names nobody. What the staff did goes after two years. At most ``limit``
    of each; returns how many, so that who calls goes on, in short transactions, until none is left.
    """
    ended = now - timedelta(days=keep_days)
    done = store.forget_actions(tx, now - STAFF_ACTIONS_KEPT, limit)
    return max(done, store.forget_people(tx, ended, limit), store.forget_words(tx, ended, limit))


def purge_sessions(tx: Transaction, now: datetime, *, keep_days: int, limit: int = 500) -> int:
    """Delete sessions that ended more than ``keep_days`` ago, with what was booked, said and done about them.

    What they counted is in the events, and how many found them useful stays in the totals. Some at a time; returns how
    many rows, so that who calls goes on until none is.
    """
    return store.purge_sessions(tx, now - timedelta(days=keep_days), limit)


# -- shared


def _found(value: T | None) -> T:
    if value is None:
        raise NotFound
    return value


def checked_slug(text: str, field: str) -> None:
    if len(text) > _SLUG_MAX or not _SLUG.fullmatch(text):
        raise InvalidArguments(fields={field: ["Write small letters and digits, with hyphens between, like 'orso'."]})


def tell_booked(tx: Transaction, session: Session, booked: domain.Booking) -> None:
    """Say what came of a new reservation."""
    if booked.position is None:
        record(tx, booking.RESERVATION_CONFIRMED, session, booked.reservation, promoted=False)
    else:
        record(tx, booking.RESERVATION_WAITLISTED, session, booked.reservation, position=booked.position)


def details(
    tx: Transaction, now: datetime, secret_key: bytes, reservation: Reservation, session: Session
) -> dict[str, Any]:
    """What who holds the reservation's token may know of it."""
    has_seat = reservation.state is State.CONFIRMED
    return {
        **reservation_answer(session, reservation, store.position(tx, reservation), store.offers_had(tx, reservation)),
        "session": session_answer(session, now),
        "join_token": join_token(secret_key, reservation.id) if has_seat else None,
        "join_opens_at": session.entry_opens_at,
        "feedback_until": session.feedback_until,
        "revision": reservation.revision + session.revision,
        "was_confirmed": reservation.confirmed_at is not None,
        "called_off": domain.was_called_off(session, reservation),
        "calendar_id": reservation.calendar_id or reservation.id,
    }
