"""The use cases of the staff about sessions: publish one or a series, change or call off one, those after it, or all.

Each is inside the one transaction that it is given; ``now`` is aware.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bus.times import written
from bus.transaction import Transaction
from contracts import booking
from services.booking import domain, store, usecases
from services.booking.answers import session_answer, session_facts
from services.booking.domain import Session, Story
from services.booking.drafts import Draft, checked, session_from
from services.booking.errors import InvalidArguments, NotFound
from services.booking.noting import note
from services.booking.recurrence import ROME, dates
from services.booking.staff import Actor, may_act
from services.booking.stories import legible_stories
from services.booking.waiting import offer_free_seats


def publish_sessions(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    rooms: "Rooms",
    *,
    actor: dict[str, Any],
    partner: str,
    starts_at: datetime,
    minutes: int,
    rule: str | None = None,
    without: Sequence[date] = (),
    room_url: str | None = None,
    stories: Sequence[dict[str, str]] = (),
    **about: Any,
) -> dict[str, Any]:
    """Publish a session, or one for each date of ``rule``. ``starts_at`` is a time on the wall clocks of Turin.

    ``about`` is title, description, language and capacity. Raises NotFound, NotPermitted, InvalidArguments.
    """
    owner = store.partner(tx, partner)
    if owner is None:
        raise NotFound
    may_act(Actor(**actor), owner)
    about["stories"] = legible_stories(stories)
    local = dates(rule, starts_at, without) if rule else [starts_at.replace(tzinfo=ROME)]
    starts = [start.astimezone(UTC) for start in local]  # minutes added to a wall clock skip the hour that it skips
    series_id = uuid4() if rule else None
    if series_id and rule:
        store.insert_series(tx, series_id, owner, rule, now)
    published = []
    for start in starts:
        key = uuid4()
        room = room_url or rooms.address(key)
        draft = Draft(
            partner, starts_at=start, ends_at=start + timedelta(minutes=minutes), room_url=room, id=key, **about
        )
        session = replace(session_from(draft, owner, now), series_id=series_id)
        usecases.keep_published(tx, now, session, actor)
        published.append(session_answer(session, now))
    return {"series_id": series_id, "items": published}


def change_sessions(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    *,
    actor: dict[str, Any],
    session_id: UUID,
    scope: str,
    starts_at: datetime | None = None,
    minutes: int | None = None,
    stories: Sequence[dict[str, str]] | None = None,
    **words: str | None,
) -> dict[str, Any]:
    """Change one session, it and those after it (``following``), or ``all`` of its series that are to come.

    ``starts_at`` is a time on the wall clocks of Turin, of this session: the others move by as many days, to the same
    hour. ``words`` are title, description and room_url; None leaves a thing as it is. Who is in a session is told once,
    of what changed; of the stories nobody is, and they can be changed when it has begun and is over too.
    Raises NotFound, NotPermitted, InvalidArguments, SessionStarted, SessionClosed.
    """
    anchor, chosen = _chosen(tx, now, actor, session_id, scope)
    given = {name: text for name, text in words.items() if text is not None}
    change = _Change(anchor, starts_at, minutes, given, None if stories is None else legible_stories(stories))
    answers = []
    for before in chosen:
        after = change.of(before)
        domain.can_change(before, after, now)
        if changed := _changed(before, after):
            _save_changed(tx, now, before, after, [word for word in changed if word in booking.CHANGES])
            note(tx, now, actor, "change", after, details={"changed": changed})
        answers.append(session_answer(after, now))
    return {"series_id": anchor.series_id, "items": answers}


def _save_changed(tx: Transaction, now: datetime, before: Session, after: Session, told: list[str]) -> None:
    """``told`` is what others are told of; when it is nothing, only the stories are others."""
    if not told:
        store.save_facts(tx, after)
        return
    store.save_facts(tx, checked(after, now))
    store.shorten_offers(tx, after.id, after.starts_at - domain.HOLDS_END)
    store.save_seats(tx, offer_free_seats(tx, after, now))  # what was too late to be held may not be now
    _tell_changed(tx, before, after, told)


def call_off_sessions(
    tx: Transaction, now: datetime, *, actor: dict[str, Any], session_id: UUID, scope: str
) -> dict[str, Any]:
    """Call off one session, it and those after it, or all of its series to come.

    Raises NotFound, NotPermitted, SessionEnded.
    """
    anchor, chosen = _chosen(tx, now, actor, session_id, scope)
    answers = [usecases.cancel_session(tx, now, session_id=session.id, actor=actor) for session in chosen]
    return {"series_id": anchor.series_id, "items": answers}


class Rooms:
    """Where the room of a session is that was published without an address; ``template`` has ``{room}`` in it."""

    def __init__(self, template: str | None, key: bytes) -> None:
        self._template = template
        self._key = key

    def address(self, session_id: UUID) -> str:
        """A name that nobody guesses. Raises InvalidArguments where there is no template."""
        if self._template is None:
            raise InvalidArguments(fields={"room_url": ["Write the address of the room."]})
        digest = hmac.digest(self._key, f"room:{session_id}".encode(), "sha256")
        return self._template.replace("{room}", urlsafe_b64encode(digest)[:22].decode())


def _chosen(
    tx: Transaction, now: datetime, actor: dict[str, Any], session_id: UUID, scope: str
) -> tuple[Session, list[Session]]:
    """The session, and all that are meant with it, which nobody else can change until the end."""
    found = store.session(tx, session_id)
    if found is None:
        raise NotFound
    may_act(Actor(**actor), found.partner)
    alone = scope == "one" or found.series_id is None
    others = [] if alone or found.series_id is None else store.dates_of(tx, found.series_id, now)
    held = store.hold_sessions(tx, {session_id, *others})
    anchor = next(session for session in held if session.id == session_id)  # as only now nobody else changes it
    if alone:
        return anchor, [anchor]
    if scope == "following":
        return anchor, [session for session in held if session.starts_at >= anchor.starts_at]
    return anchor, [session for session in held if session.starts_at > now]


@dataclass(frozen=True)
class _Change:
    """What is asked for. ``starts_at`` is on the wall clocks, of the session ``anchor``."""

    anchor: Session
    starts_at: datetime | None
    minutes: int | None
    words: dict[str, str]
    stories: tuple[Story, ...] | None = None

    def of(self, before: Session) -> Session:
        """The session as it is to be, equal to what it was if that changes nothing."""
        start = self._start(before)
        length = before.ends_at - before.starts_at if self.minutes is None else timedelta(minutes=self.minutes)
        words = {name: text.strip() for name, text in self.words.items()}
        after = replace(before, starts_at=start, ends_at=start + length, **words)  # type: ignore[arg-type]  # texts
        if after != before:
            closes_at = before.closes_at + (start - before.starts_at)
            after = replace(after, closes_at=closes_at, revision=before.revision + 1)
        return after if self.stories is None else replace(after, stories=self.stories)

    def _start(self, before: Session) -> datetime:
        if self.starts_at is None:
            return before.starts_at
        moved_by = self.starts_at.date() - self.anchor.starts_at.astimezone(ROME).date()
        day = before.starts_at.astimezone(ROME).date() + moved_by
        return datetime.combine(day, self.starts_at.time(), ROME).astimezone(UTC)


def _changed(before: Session, after: Session) -> list[str]:
    """What of ``contracts.booking.CHANGED_AT_THE_DESK`` differs."""
    looked_at = {
        "title": ("title",),
        "description": ("description",),
        "times": ("starts_at", "ends_at"),
        "room": ("room_url",),
        "stories": ("stories",),
    }
    return [word for word, names in looked_at.items() if any(getattr(before, n) != getattr(after, n) for n in names)]


def _tell_changed(tx: Transaction, before: Session, after: Session, changed: list[str]) -> None:
    facts = {**session_facts(after), "changed": changed, "was_starts_at": written(before.starts_at)}
    tx.record(booking.SESSION_CHANGED, subject=f"session/{after.id}", partner=after.partner.id, data=facts)
