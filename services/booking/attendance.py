"""The use cases of being there: going into the room, the attendance sheet, and closing it.

Each is inside the one transaction that it is given; ``now`` is aware.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from contracts import booking
from services.booking import domain, store
from services.booking.answers import attendance_answer, participant_answer, session_answer
from services.booking.domain import Attendance, Session, State
from services.booking.errors import NotFound
from services.booking.noting import note
from services.booking.on_behalf import alike_on_sheet
from services.booking.people import may_join
from services.booking.staff import held_by, seen_by
from services.booking.telling import record

SHEET_PAGE = 200


def get_entrance(
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str
) -> dict[str, Any]:
    """What the join link leads to; the room's address is not in it. Raises NotFound."""
    found = store.reservation(tx, reservation_id) if may_join(token, secret_key, reservation_id) else None
    session = store.session(tx, found.session_id) if found else None
    if found is None or session is None:
        raise NotFound
    return {
        "session": session_answer(session, now),
        "join_opens_at": session.entry_opens_at,
        "has_seat": found.state is State.CONFIRMED,
    }


def enter_session(
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str
) -> dict[str, Any]:
    """Where the room is, for who has a seat, and that they came. Raises NotFound, NoSeat, TooEarly, SessionEnded."""
    if not may_join(token, secret_key, reservation_id):
        raise NotFound
    session, reservation = store.hold_reservation(tx, reservation_id)
    entered = domain.enter(session, reservation, now)
    if entered is not reservation:
        store.save_reservation(tx, entered)
    return {"room_url": session.room_url}


def get_attendance(
    tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any], after: int = 0
) -> dict[str, Any]:
    """A page of the sheet. Raises NotFound, NotPermitted."""
    return _sheet(tx, now, seen_by(tx, session_id, actor), after)


def mark_attendance(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any], reservation_id: UUID, attendance: str
) -> dict[str, Any]:
    """Note by hand who was there. Raises NotFound, NotPermitted, NoSeat, TooEarly, SheetClosed."""
    session = held_by(tx, session_id, actor)
    found = store.participant(tx, session_id, reservation_id)
    if found is None:
        raise NotFound
    marked = domain.mark(session, found.reservation, Attendance(attendance), now)
    if marked != found.reservation:
        store.save_reservation(tx, marked)
        note(tx, now, actor, f"mark_{attendance}", session, reservation_id=reservation_id)
    return attendance_answer(marked)


def close_attendance(tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any]) -> dict[str, Any]:
    """Close the sheet and say of each person whether they were there. Raises NotFound, NotPermitted, TooEarly."""
    before = held_by(tx, session_id, actor)
    session = domain.close_sheet(before, now)
    if session is not before:
        store.count_absent(tx, session_id)
        store.save_seats(tx, session)
        note(tx, now, actor, "close_attendance", session)
        _tell_all(tx, session)
    return {"session": session_answer(session, now), "closed_at": session.sheet_closed_at}


def _tell_all(tx: Transaction, session: Session) -> None:
    """Of each person, whether they were there; those who were forgotten meanwhile are nobody to tell of."""
    for each in store.all_seated(tx, session.id):
        if each.person_id is None:
            continue
        if each.attendance is Attendance.PRESENT:
            record(tx, booking.RESERVATION_ATTENDED, session, each)
        else:
            record(tx, booking.RESERVATION_MISSED, session, each, excused=each.attendance is Attendance.EXCUSED)


def _sheet(tx: Transaction, now: datetime, session: Session, after: int) -> dict[str, Any]:
    found = store.participants(tx, session.id, after, SHEET_PAGE + 1)
    page = found[:SHEET_PAGE]
    alike = alike_on_sheet(tx, session.id, page)
    return {
        "session": session_answer(session, now),
        "items": [participant_answer(each, alike[each.reservation.id]) for each in page],
        "next": page[-1].reservation.ticket if len(found) > SHEET_PAGE else None,
        "closed_at": session.sheet_closed_at,
    }
