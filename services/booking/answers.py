"""How booking's values are said: the answers to requests and the data of events, as contracts/booking.py has them."""

from datetime import datetime
from typing import Any

from bus.times import written
from services.booking.domain import Reservation, Session


def session_answer(session: Session, now: datetime) -> dict[str, Any]:
    return {
        "id": session.id,
        "title": session.title,
        "description": session.description,
        "language": session.language,
        "partner": session.partner.id,
        "partner_name": session.partner.name,
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "capacity": session.capacity,
        "seats_left": session.seats_left,
        "waiting": session.waiting,
        "bookable": session.closed_because(now) is None,
        "cancelled": session.cancelled_at is not None,
    }


def reservation_answer(reservation: Reservation, position: int | None) -> dict[str, Any]:
    return {
        "id": reservation.id,
        "session_id": reservation.session_id,
        "state": reservation.state.value,
        "position": position,
    }


def reservation_facts(session: Session, reservation: Reservation) -> dict[str, Any]:
    """What every event about a reservation says; JSON."""
    return {
        **session_facts(session),
        "reservation_id": str(reservation.id),
        "person_id": reservation.person_id,
    }


def session_facts(session: Session) -> dict[str, Any]:
    """What every event says about a session; JSON."""
    return {
        "session_id": str(session.id),
        "partner": session.partner.id,
        "starts_at": written(session.starts_at),
        "ends_at": written(session.ends_at),
    }
