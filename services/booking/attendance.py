"""The use cases of being there: going into the room, the attendance sheet, and closing it.

Each is inside the one transaction that it is given; ``now`` is aware.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from contracts import booking
from services.booking import domain, store
from services.booking.answers import attendance_answer, participant_answer, session_answer
from services.booking.domain import Attendance, Reservation, Session, State
from services.booking.errors import NotFound, NotPermitted
from services.booking.noting import PLATFORM, note
from services.booking.on_behalf import alike_on_sheet
from services.booking.people import may_join
from services.booking.staff import Actor, held_by, seen_by
from services.booking.telling import record

SHEET_PAGE = 200
SHEETS_SHOWN = 20


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


def get_attendance(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    *,
    session_id: UUID,
    actor: dict[str, Any],
    after: int = 0,
    closes_after: timedelta = domain.SHEET_CLOSES,
) -> dict[str, Any]:
    """A page of the sheet. Raises NotFound, NotPermitted."""
    session = seen_by(tx, session_id, actor)
    open_still = not session.cancelled_at and not session.sheet_closed_at
    closes_at = session.ends_at + closes_after if open_still else None
    return {**_sheet(tx, now, session, after), "closes_itself_at": closes_at}


def list_open_sheets(
    tx: Transaction, now: datetime, *, actor: dict[str, Any], closes_after: timedelta = domain.SHEET_CLOSES
) -> dict[str, Any]:
    """Sessions that are over and whose sheet nobody closed yet, the oldest first. Raises NotPermitted."""
    member = Actor(**actor)
    if member.role not in {"coordinator", "operator"}:
        raise NotPermitted
    found = store.open_sheets(tx, now, member.partner, SHEETS_SHOWN)
    return {
        "items": [
            {"session": session_answer(session, now), "closes_itself_at": session.ends_at + closes_after}
            for session in found
        ]
    }


def mark_attendance(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any], reservation_id: UUID, attendance: str
) -> dict[str, Any]:
    """Note by hand who was there; once the sheet has closed by itself, it is told at once.

    Raises NotFound, NotPermitted, NoSeat, TooEarly, SheetClosed.
    """
    session = held_by(tx, session_id, actor)
    found = store.participant(tx, session_id, reservation_id)
    if found is None:
        raise NotFound
    marked = domain.mark(session, found.reservation, Attendance(attendance), now)
    if marked != found.reservation:
        store.save_reservation(tx, marked)
        note(tx, now, actor, f"mark_{attendance}", session, reservation_id=reservation_id)
        if session.sheet_closed_at:
            _tell(tx, session, [marked])
    return attendance_answer(marked)


def close_attendance(tx: Transaction, now: datetime, *, session_id: UUID, actor: dict[str, Any]) -> dict[str, Any]:
    """Close the sheet and say of each person whether they were there; who is not marked was absent.

    Of a sheet that closed by itself, it is said of who is not marked still. Raises NotFound, NotPermitted, TooEarly.
    """
    before = held_by(tx, session_id, actor)
    session = domain.close_sheet(before, now)
    seated = store.all_seated(tx, session_id)
    told = seated if session is not before else [each for each in seated if each.attendance is None]
    if session is not before or told:
        store.count_absent(tx, session_id)
        store.save_seats(tx, session)
        note(tx, now, actor, "close_attendance", session)
        _tell(tx, session, [replace(each, attendance=each.attendance or Attendance.ABSENT) for each in told])
    return {"session": session_answer(session, now), "closed_at": session.sheet_closed_at}


def close_by_itself(tx: Transaction, now: datetime, *, session_id: UUID) -> None:
    """Close a sheet that nobody closed in time, if nobody did meanwhile.

    Who is marked, or went in by the own link, is told of; of who is not, nobody knows, and nothing is said.
    """
    before = store.hold_session(tx, session_id)
    if before is None or before.cancelled_at or before.sheet_closed_at:
        return
    session = domain.close_sheet(before, now)
    store.save_seats(tx, session)
    note(tx, now, PLATFORM, "close_attendance", session)
    _tell(tx, session, [each for each in store.all_seated(tx, session_id) if each.attendance])


def _tell(tx: Transaction, session: Session, marked: Sequence[Reservation]) -> None:
    """Of each person, whether they were there; those who were forgotten meanwhile are nobody to tell of."""
    for each in marked:
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
