"""What the staff did, noted in the transaction in which it was done. What changes nothing is not noted."""

from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from services.booking import store
from services.booking.domain import Reservation, Session

# Who runs the command line is not one of the staff, nor is a calendar or a timer: the nil UUID (RFC 9562) stands for
# them.
PLATFORM = {"id": UUID(int=0), "role": "coordinator", "partner": None}


def note(tx: Transaction, now: datetime, actor: dict[str, Any], action: str, session: Session, **about: Any) -> None:
    """Keep that the actor did this in a session; ``about`` is ``reservation_id``, ``reason`` and ``details``."""
    about |= {"partner_id": session.partner.id, "session_id": session.id}
    store.note_action(tx, now, actor["id"], action, **about)


def note_by_link(  # noqa: PLR0913, PLR0917 (who did what, and with what)
    tx: Transaction, now: datetime, by: UUID | None, action: str, session: Session, mine: Reservation
) -> None:
    """Keep what was done with a reservation by its link, when it was the member of the staff who had made it.

    ``by`` is that account, as the gateway says it. Whoever else has the link is the person, and not one of the staff.
    """
    if by is not None and by == mine.booked_by:
        note(tx, now, {"id": by}, action, session, reservation_id=mine.id)
