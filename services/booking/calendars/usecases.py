"""The use cases of partners' own calendars that are followed: entering one, looking at it, confirming it, stopping.

Each is inside the one transaction that it is given; ``now`` is aware. Fetching them is in ``following.py``, changing
their terms in ``terms.py``.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bus.times import written
from bus.transaction import Transaction
from services.booking import store
from services.booking.calendars import imported
from services.booking.calendars.fetching import address
from services.booking.calendars.imports import NAME, Plan
from services.booking.calendars.text import CalendarRefused
from services.booking.domain import Partner
from services.booking.drafts import Draft, session_from
from services.booking.errors import InvalidArguments, NotFound, NotPermitted, NotReadYet, TooManyCalendars
from services.booking.series import Rooms
from services.booking.staff import Actor, may_act, may_look
from services.booking.store import Calendar

CALENDARS_MAX = 10  # of a partner
PAGE = 50
ITEMS_MAX = 30  # of a preview
FETCHED_AGAIN_AFTER = timedelta(seconds=10)  # however often somebody asks
UNCONFIRMED_KEPT = timedelta(days=7)
_PLACE = "{}/{}"  # of a page: partner and name


def follow_calendar(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    rooms: Rooms,
    *,
    actor: dict[str, Any],
    partner: str,
    name: str,
    url: str,
    language: str,
    capacity: int,
    room_url: str | None = None,
) -> dict[str, Any]:
    """Enter a calendar: it is read at once, and nothing is published before it is confirmed.

    Raises NotFound, NotPermitted, InvalidArguments, TooManyCalendars.
    """
    owner = store.partner(tx, partner)
    if owner is None:
        raise NotFound
    may_act(Actor(**actor), owner)
    imported.hold_partner(tx, partner)  # so that two who enter the same one take turns
    _checked_name(tx, owner, name)
    calendar = Calendar(uuid4(), owner, name, checked_url(url), language, capacity, room_url, "new", now, next_at=now)
    check_terms(calendar, rooms, now)
    if store.many_calendars(tx, partner) >= CALENDARS_MAX:
        raise TooManyCalendars
    store.insert_calendar(tx, calendar)
    note(tx, now, actor, "follow_calendar", calendar)
    return calendar_answer(calendar)


def confirm_calendar(tx: Transaction, now: datetime, *, actor: dict[str, Any], calendar_id: UUID) -> dict[str, Any]:
    """Let it be taken over from now on, as its preview said. Raises NotFound, NotPermitted, NotReadYet."""
    calendar = held(tx, actor, calendar_id)
    if calendar.state in ("new", "asking"):
        if calendar.preview is None:
            raise NotReadYet
        fresh = {"etag": None, "last_modified": None, "preview": None}  # to be read whole
        store.save_calendar(tx, calendar_id, state="confirmed", next_at=now, **fresh)
        note(tx, now, actor, "confirm_calendar", calendar)
    return answer(tx, calendar_id)


def fetch_calendar_now(tx: Transaction, now: datetime, *, actor: dict[str, Any], calendar_id: UUID) -> dict[str, Any]:
    """Let it be the next. Raises NotFound, NotPermitted."""
    calendar = held(tx, actor, calendar_id)
    in_hand = calendar.claimed_until is not None and calendar.claimed_until > now
    if not in_hand:
        soonest = calendar.fetched_at + FETCHED_AGAIN_AFTER if calendar.fetched_at else now
        store.save_calendar(tx, calendar_id, next_at=max(now, soonest))
        note(tx, now, actor, "fetch_calendar", calendar)
    return answer(tx, calendar_id)


def unfollow_calendar(tx: Transaction, now: datetime, *, actor: dict[str, Any], calendar_id: UUID) -> dict[str, Any]:
    """Fetch it no more; its sessions stay. Under the same name it can be followed again, and knows them again.

    Raises NotFound, NotPermitted.
    """
    calendar = held(tx, actor, calendar_id)
    store.delete_calendar(tx, calendar_id)
    note(tx, now, actor, "unfollow_calendar", calendar)
    return {"id": calendar_id}


def list_calendars(tx: Transaction, *, actor: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    """Those of the actor's partner, or of all. Raises NotPermitted, InvalidArguments."""
    who = Actor(**actor)
    if who.role not in ("coordinator", "operator", "viewer") or (who.role != "coordinator" and who.partner is None):
        raise NotPermitted
    partner = None if who.role == "coordinator" else who.partner
    found = store.list_calendars(tx, partner, _place(after), PAGE + 1)
    page, more = found[:PAGE], len(found) > PAGE
    return {
        "items": [calendar_answer(calendar) for calendar in page],
        "next": _PLACE.format(page[-1].partner.id, page[-1].name) if more else None,
    }


def get_calendar(tx: Transaction, *, actor: dict[str, Any], calendar_id: UUID) -> dict[str, Any]:
    """A calendar with what would be done. Raises NotFound, NotPermitted."""
    calendar = store.calendar(tx, calendar_id)
    if calendar is None:
        raise NotFound
    may_look(Actor(**actor), calendar.partner)
    return {**calendar_answer(calendar), "preview": _with_times(calendar.preview)}


def forget_unconfirmed(tx: Transaction, now: datetime) -> None:
    """Delete the calendars that nobody confirmed for a week, with their addresses."""
    store.forget_unconfirmed(tx, now - UNCONFIRMED_KEPT)


def calendar_answer(calendar: Calendar) -> dict[str, Any]:
    """``contracts.booking.Calendar``: without the address and without the room."""
    names = ("id", "name", "language", "capacity", "fetched_at", "next_at", "last", "changed_at", "changes")
    told = {name: getattr(calendar, name) for name in (*names, "problem", "problem_about", "failures")}
    return {
        **told,
        "partner": calendar.partner.id,
        "partner_name": calendar.partner.name,
        "host": address(calendar.url).hostname,
        "state": "following" if calendar.state == "confirmed" else calendar.state,
    }


def preview_of(plan: Plan) -> dict[str, Any]:
    """What a plan would do, as JSON: how many of each, and the first one by one."""
    doings = [("published", event.title, event.starts_at, event.ends_at) for event in plan.publish]
    doings += [("changed", event.title, event.starts_at, event.ends_at) for event, _ in plan.change]
    gone = [known for _, known in plan.call_off if known.cancelled_at is None]
    doings += [("called_off", known.title, known.starts_at, known.ends_at) for known in gone]
    doings.sort(key=lambda doing: (doing[2], doing[1]))
    items = [
        {"what": what, "title": title, "starts_at": written(starts), "ends_at": written(ends)}
        for what, title, starts, ends in doings[:ITEMS_MAX]
    ]
    return {"counts": vars(plan.report), "items": items}


def _with_times(preview: dict[str, Any] | None) -> dict[str, Any] | None:
    if preview is None:
        return None
    times = ("starts_at", "ends_at")
    items = [item | {name: datetime.fromisoformat(item[name]) for name in times} for item in preview["items"]]
    return {**preview, "items": items}


def held(tx: Transaction, actor: dict[str, Any], calendar_id: UUID) -> Calendar:
    """A calendar that nobody else can change until the end, for who may. Raises NotFound, NotPermitted."""
    calendar = store.hold_calendar(tx, calendar_id)
    if calendar is None:
        raise NotFound
    may_act(Actor(**actor), calendar.partner)
    return calendar


def answer(tx: Transaction, calendar_id: UUID) -> dict[str, Any]:
    calendar = store.calendar(tx, calendar_id)
    if calendar is None:
        raise NotFound
    return calendar_answer(calendar)


def _checked_name(tx: Transaction, owner: Partner, name: str) -> None:
    if not NAME.fullmatch(name) or store.has_calendar(tx, owner.id, name):
        raise InvalidArguments(fields={"name": ["Write up to 40 small letters, digits and hyphens, not used yet."]})


def checked_url(url: str) -> str:
    """As https; calendar programs write webcal for it. Never repeated in a refusal: it may be a secret."""
    secure = url.strip().replace("webcal://", "https://", 1) if url.strip().startswith("webcal://") else url.strip()
    try:
        return address(secure).geturl()
    except CalendarRefused:
        words = "Write the address of a calendar: it begins with https:// and has no user name in it."
        raise InvalidArguments(fields={"url": [words]}) from None


def check_terms(calendar: Calendar, rooms: Rooms, now: datetime) -> None:
    """As if a session were published by them. Raises InvalidArguments: language, capacity, room_url."""
    starts = now + timedelta(days=1)
    draft = Draft(
        partner=calendar.partner.id,
        title=calendar.name,
        description="",
        language=calendar.language,
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        capacity=calendar.capacity,
        room_url=calendar.room_url or rooms.address(calendar.id),
    )
    session_from(draft, calendar.partner, now)


def note(tx: Transaction, now: datetime, actor: dict[str, Any], action: str, calendar: Calendar) -> None:
    about = {"partner_id": calendar.partner.id, "calendar": f"{calendar.partner.id}/{calendar.name}"}
    store.note_action(tx, now, actor["id"], action, **about)


def _place(after: str | None) -> tuple[str, str]:
    partner, slash, name = (after or "/").partition("/")
    if not slash:
        raise InvalidArguments(fields={"after": ["Not a page of this list; start again without it."]})
    return partner, name
