"""For the staff's programs: the attendance sheet, and seats beyond the capacity."""

from typing import Any
from uuid import UUID

from contracts import booking
from gateway.api.access import actor, documented, keyed, obey, own_key
from gateway.api.document import PREFIX, ApiBlueprint
from gateway.api.reservations import KEY, LATER
from gateway.api.schemas import RequestStatus, Reservation
from gateway.api.staff_schemas import Attendance, ClosedSheet, ExtraSeat, Mark, OpenSheets, Sheet, SheetPage
from gateway.context import bus_client

blueprint = ApiBlueprint("Attendance", __name__, url_prefix=PREFIX, description="For the staff: who comes, who came")
_EXTRA = {name: value for name, value in booking.OVERBOOK.example.items() if name not in {"session_id", "actor"}}


@blueprint.route("/sessions/<uuid:session_id>/overbookings", methods=["POST"])
@keyed
@blueprint.arguments(ExtraSeat(), example=_EXTRA)
@blueprint.response(201, Reservation)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(parameters=[KEY], **documented)
def overbook(body: dict[str, Any], session_id: UUID) -> Any:
    """Give a person a seat in a full session, on purpose and with a reason; who waits for one is seated."""
    return obey(booking.OVERBOOK, own_key(), session_id=str(session_id), **body)


@blueprint.route("/attendance/open")
@keyed
@blueprint.response(200, OpenSheets)
@blueprint.documents_problems(401, 403)
@blueprint.doc(**documented)
def list_open_sheets() -> Any:
    """The sheets to be closed, of one's partner or for a coordinator of all; the oldest first, at most twenty."""
    return bus_client().ask(booking.LIST_OPEN_SHEETS, actor=actor())


@blueprint.route("/sessions/<uuid:session_id>/attendance")
@keyed
@blueprint.arguments(SheetPage(), location="query")
@blueprint.response(200, Sheet)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def get_attendance(page: dict[str, Any], session_id: UUID) -> Any:
    """Who has a seat, with whether they came. It names people: keep it from who need not know."""
    return bus_client().ask(booking.GET_ATTENDANCE, session_id=str(session_id), actor=actor(), **page)


@blueprint.route("/sessions/<uuid:session_id>/attendance/<uuid:reservation_id>", methods=["PUT"])
@keyed
@blueprint.arguments(Mark(), example={"attendance": "excused"})
@blueprint.response(200, Attendance)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(**documented)
def mark_attendance(body: dict[str, Any], session_id: UUID, reservation_id: UUID) -> Any:
    """Say whether a person came: from a quarter of an hour before the start, until the sheet is closed.

    On one that closed by itself this can be said of who is not marked, once: it is told at once, and stays.
    """
    known_by: dict[str, Any] = {"session_id": str(session_id), "reservation_id": str(reservation_id)}
    return obey(booking.MARK_ATTENDANCE, **known_by, **body)


@blueprint.route("/sessions/<uuid:session_id>/attendance/close", methods=["POST"])
@keyed
@blueprint.response(200, ClosedSheet)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 403, 404, 409)
@blueprint.doc(**documented)
def close_attendance(session_id: UUID) -> Any:
    """Close the sheet after the session, for good: who is not marked was absent. Doing it again changes nothing.

    One that closed by itself has no word on who is not marked: closing it then says that they were absent.
    """
    return obey(booking.CLOSE_ATTENDANCE, session_id=str(session_id))
