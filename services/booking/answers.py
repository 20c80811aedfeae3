"""How booking's values are said: the answers to requests and the data of events, as contracts/booking/ has them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.times import written
from services.booking.domain import OFFERS_MAX, Reservation, Session, State
from services.booking.store import Named


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
        "taken": session.taken + session.held,
        "seats_left": session.seats_left,
        "waiting": session.waiting,
        "bookable": session.closed_because(now) is None,
        "cancelled": session.cancelled_at is not None,
        "series_id": session.series_id,
        "stories": [vars(story) for story in session.stories],
        "revision": session.revision + (session.cancelled_at is not None),
    }


def reservation_answer(
    session: Session, reservation: Reservation, position: int | None, offers_had: int = 0
) -> dict[str, Any]:
    """``offers_had``: in this session, with this reservation or an earlier one of the person."""
    return {
        "id": reservation.id,
        "session_id": reservation.session_id,
        "state": told_state(reservation),
        "position": position,
        "waiting_list": _waiting_list(session, reservation, position, offers_had) if reservation.waited else None,
    }


def told_state(reservation: Reservation) -> str:
    """The state in three words: who is offered a seat waits still, and a place that lapsed is as good as cancelled."""
    if reservation.state is State.CONFIRMED:
        return "confirmed"
    return "waiting" if reservation.state.is_live else "cancelled"


def _waiting_list(session: Session, reservation: Reservation, position: int | None, offers_had: int) -> dict[str, Any]:
    waits = reservation.state is State.WAITING
    return {
        "state": _LINE_STATES[reservation.state],
        "position": position,
        "offer_expires_at": reservation.offer_expires_at,
        "passed_over": waits and offers_had >= OFFERS_MAX,
        "seat_is_free": waits and session.seats_left > 0,
    }


_LINE_STATES = {
    State.WAITING: "waiting",
    State.OFFERED: "offered",
    State.CONFIRMED: "accepted",
    State.DECLINED: "declined",
    State.EXPIRED: "expired",
    State.CANCELLED: "withdrawn",
}


def participant_answer(participant: Named, alike: Sequence[UUID]) -> dict[str, Any]:
    """``alike``: the other lines that may be of the same person."""
    return {**attendance_answer(participant.reservation), "name": participant.name, "alike": alike}


def attendance_answer(reservation: Reservation) -> dict[str, Any]:
    return {
        "reservation_id": reservation.id,
        "attendance": reservation.attendance,
        "entered_at": reservation.entered_at,
    }


def reservation_facts(session: Session, reservation: Reservation) -> dict[str, Any]:
    """What every event about a reservation says; JSON."""
    return {
        **session_facts(session),
        "reservation_id": str(reservation.id),
        "person_id": reservation.person_id,
        "booked_by": str(reservation.booked_by) if reservation.booked_by else None,
        "reachable": reservation.reachable,
    }


def session_facts(session: Session) -> dict[str, Any]:
    """What every event says about a session; JSON."""
    return {
        "session_id": str(session.id),
        "partner": session.partner.id,
        "starts_at": written(session.starts_at),
        "ends_at": written(session.ends_at),
    }
