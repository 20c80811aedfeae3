"""Who waits for a seat in a session, for the staff of its partner. The rules of the line are in ``waiting.py``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from services.booking import store
from services.booking.answers import session_answer
from services.booking.domain import State
from services.booking.staff import seen_by

LINE_PAGE = 100


def get_waiting(
    tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any], after: int = 0
) -> dict[str, Any]:
    """A page of those who wait or are offered a seat, in the order of the line. Raises NotFound, NotPermitted."""
    session = seen_by(tx, session_id, actor)
    found = store.in_line(tx, session_id, after, LINE_PAGE + 1)
    page, position, items = found[:LINE_PAGE], store.waiting_until(tx, session_id, after), []
    for each in page:
        waits = each.reservation.state is State.WAITING
        position += waits
        items.append(
            {
                "reservation_id": each.reservation.id,
                "name": each.name,
                "state": each.reservation.state,
                "position": position if waits else None,
                "offer_expires_at": each.reservation.offer_expires_at,
                "since": each.reservation.booked_at,
            }
        )
    return {
        "session": session_answer(session, now),
        "items": items,
        "next": page[-1].reservation.ticket if len(found) > LINE_PAGE else None,
    }
