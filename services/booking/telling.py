"""What booking tells the others about a reservation, in the transaction in which it happens."""

from typing import Any

from bus.transaction import Transaction
from contracts import notify
from contracts.wire import EventType
from services.booking.answers import reservation_facts
from services.booking.domain import Reservation, Session


def record(tx: Transaction, event: EventType, session: Session, reservation: Reservation, **more: Any) -> None:
    """Record an event about a reservation: the facts that each says, and ``more``."""
    data = {**reservation_facts(session, reservation), **more}
    tx.record(event, subject=f"reservation/{reservation.id}", partner=session.partner.id, data=data)


def tell_notify(tx: Transaction, session: Session, reservation: Reservation, **contact: Any) -> None:
    """Tell notify how the person of a new reservation is reached (``contracts.notify.RememberContact``)."""
    key = f"contact:{reservation.id}"
    tx.send(notify.REMEMBER_CONTACT, idempotency_key=key, deadline=session.ends_at, **contact)
