"""What booking tells the others about a reservation, in the transaction in which it happens."""

from typing import Any

from bus.transaction import Transaction
from contracts import notify
from contracts.wire import EventType
from services.booking.answers import reservation_facts
from services.booking.domain import Reservation, Session
from services.booking.somebody import Somebody


def record(tx: Transaction, event: EventType, session: Session, reservation: Reservation, **more: Any) -> None:
    """Record an event about a reservation: the facts that each says, and ``more``."""
    data = {**reservation_facts(session, reservation), **more}
    tx.record(event, subject=f"reservation/{reservation.id}", partner=session.partner.id, data=data)


def tell_notify(tx: Transaction, session: Session, reservation: Reservation, who: Somebody, language: str) -> None:
    """Tell notify how the person of a new reservation is reached, if by e-mail at all; they have consented."""
    if who.email is None:
        return
    key = f"contact:{reservation.id}"
    contact = {"email": who.email, "name": who.name, "language": language, "consent": True}
    tx.send(notify.REMEMBER_CONTACT, idempotency_key=key, deadline=session.ends_at, **contact)
