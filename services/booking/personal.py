"""A person's own page: all that they booked, for who shows the pass that notify gave to the reader of their mail."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from contracts.person import read_pass
from services.booking import store
from services.booking.config import Settings
from services.booking.errors import InvalidArguments, NotPermitted
from services.booking.pages import cursor, place
from services.booking.store import Place
from services.booking.usecases import describe_reservations

TO_COME, OVER = "c", "o"  # which part of the list a page ended in


def list_reservations(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    settings: Settings,
    *,
    personal_pass: str,
    reservation_id: UUID | None = None,
    after: str | None = None,
    limit: int = 20,
) -> dict[str, Any]:
    """A page of the person's reservations, or one of them. Raises NotPermitted, InvalidArguments."""
    person = read_pass(settings.person_key, personal_pass, now)
    if person is None:
        raise NotPermitted
    if reservation_id is not None:
        mine = [reservation_id] if store.is_own(tx, person, reservation_id) else []
        return _answer(tx, now, settings, mine, None)
    found = _places(tx, person, now, after, limit + 1)
    page, more = found[:limit], len(found) > limit
    part, last = page[-1] if page else (TO_COME, None)
    after = part + cursor(last) if more and last else None
    return _answer(tx, now, settings, [each.id for _, each in page], after)


def _places(tx: Transaction, person: str, now: datetime, after: str | None, limit: int) -> list[tuple[str, Place]]:
    """At most ``limit`` reservations from ``after`` on, each with the part of the list that it is in."""
    part, since = (after[0], place(after[1:])) if after else (TO_COME, None)
    if part not in (TO_COME, OVER):
        raise InvalidArguments(fields={"after": ["Not a page of this list; start again without it."]})
    found: list[tuple[str, Place]] = []
    if part == TO_COME:
        coming = store.places(tx, store.own_to_come(person, now, since), limit)
        found, since = [(TO_COME, each) for each in coming], None
    over = store.places(tx, store.own_over(person, now, since), limit - len(found)) if len(found) < limit else []
    return found + [(OVER, each) for each in over]


def _answer(tx: Transaction, now: datetime, settings: Settings, ids: list[UUID], after: str | None) -> dict[str, Any]:
    """These reservations, in this order; ``after`` is where the next page begins."""
    letters = describe_reservations(tx, now, settings.secret_key, reservation_ids=ids)["items"] if ids else []
    by_id = {letter["id"]: letter for letter in letters}
    return {"items": [by_id[each] for each in ids], "next": after, "kept_days": settings.keep_days}
