"""What the staff did, for who may know it. How it is noted is in ``noting.py``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bus.cursors import moment_cursor, moment_place
from bus.times import in_utc
from bus.transaction import Transaction
from services.booking import store
from services.booking.errors import NotPermitted
from services.booking.noting import PLATFORM
from services.booking.staff import Actor
from services.booking.usecases import checked_slug


def list_actions(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    *,
    actor: dict[str, Any],
    partner: str | None = None,
    done_from: datetime | None = None,
    done_before: datetime | None = None,
    after: str | None = None,
    limit: int = 20,
    **which: UUID | None,
) -> dict[str, Any]:
    """A page, the newest first; ``which`` is staff_id and session_id. Raises NotPermitted, InvalidArguments.

    A coordinator sees what was done for every partner, an operator for the own one; to others it is no help in their
    work, and they see nothing.
    """
    if partner is not None:
        checked_slug(partner, "partner")
    times = in_utc(done_from, "done_from"), in_utc(done_before, "done_before")
    wanted = store.Wanted(_partner_for(Actor(**actor), partner), **which, done_from=times[0], done_before=times[1])
    found = store.list_actions(tx, wanted, moment_place(after) if after else None, limit + 1)
    page = found[:limit]
    return {
        "items": [_answer(row) for row in page],
        "next": moment_cursor(page[-1].at, page[-1].position) if len(found) > limit else None,
    }


def _partner_for(who: Actor, partner: str | None) -> str | None:
    """The partner whose actions are listed; None for all. Raises NotPermitted."""
    if who.role == "coordinator":
        return partner
    if who.role != "operator" or who.partner is None or partner not in (None, who.partner):
        raise NotPermitted
    return who.partner


def _answer(row: Any) -> dict[str, Any]:
    """``contracts.booking.Action``."""
    names = ("at", "action", "session_id", "title", "starts_at", "reservation_id", "reason")
    details = row.details or {}
    return {
        **{name: getattr(row, name) for name in names},
        "staff_id": None if row.staff_id == PLATFORM["id"] else row.staff_id,
        "partner": row.partner_id,
        "calendar": row.calendar and row.calendar.partition("/")[2],
        "was": details.get("was"),
        "capacity": details.get("capacity"),
        "changed": details.get("changed", []),
    }
