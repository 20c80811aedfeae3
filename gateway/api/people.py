"""For the staff's and prescribers' programs: booking for somebody, who waits, what people said of a session."""

from typing import Any
from uuid import UUID

from contracts import booking
from gateway.api.access import actor, documented, keyed, obey, own_key
from gateway.api.document import PREFIX, ApiBlueprint
from gateway.api.people_schemas import (
    AlikeList,
    BookedForPage,
    Feedback,
    FeedbackPage,
    Line,
    NewForSomebody,
    PageOfMine,
    Somebody,
)
from gateway.api.problems import page_or_not_found
from gateway.api.reservations import KEY, LATER
from gateway.api.schemas import RequestStatus, Reservation
from gateway.api.staff_schemas import SheetPage
from gateway.context import bus_client

blueprint = ApiBlueprint(
    "People", __name__, url_prefix=PREFIX, description="For the staff: who is booked for, who waits"
)
_MARIO = {"name": "Mario Conti", "email": None, "phone": "333 123 4567"}


@blueprint.route("/sessions/<uuid:session_id>/booked-for", methods=["POST"])
@keyed
@blueprint.arguments(NewForSomebody(), example={**_MARIO, "language": "it", "consent": True})
@blueprint.response(201, Reservation)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(parameters=[KEY], **documented)
def reserve_for(body: dict[str, Any], session_id: UUID) -> Any:
    """Take a seat, or a place on the waiting list, for somebody who may have nothing but a name."""
    return obey(booking.RESERVE_FOR, own_key(), session_id=str(session_id), **body)


@blueprint.route("/booked-for")
@keyed
@blueprint.arguments(PageOfMine(), location="query")
@blueprint.response(200, BookedForPage)
@blueprint.documents_problems(401, 403, 404, 422)
@blueprint.doc(**documented)
def list_booked_for(page: dict[str, Any]) -> Any:
    """Whom the holder of the key booked for, the newest first, and what became of each. It names people."""
    with page_or_not_found():
        return bus_client().ask(booking.LIST_BOOKED_FOR, actor=actor(), **page)


@blueprint.route("/sessions/<uuid:session_id>/alike", methods=["POST"])
@keyed
@blueprint.arguments(Somebody(), example=_MARIO)
@blueprint.response(200, AlikeList)
@blueprint.documents_problems(400, 401, 403, 404, 413, 415)
@blueprint.doc(**documented)
def find_alike(body: dict[str, Any], session_id: UUID) -> Any:
    """Who may be the same person, in the session or on another date of its series. POST, as addresses are logged."""
    return bus_client().ask(booking.FIND_ALIKE, session_id=str(session_id), actor=actor(), **body)


@blueprint.route("/sessions/<uuid:session_id>/waiting")
@keyed
@blueprint.arguments(SheetPage(), location="query")
@blueprint.response(200, Line)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def get_waiting(page: dict[str, Any], session_id: UUID) -> Any:
    """Who waits for a seat, or is offered one, in the order of the line. It names people."""
    return bus_client().ask(booking.GET_WAITING, session_id=str(session_id), actor=actor(), **page)


@blueprint.route("/sessions/<uuid:session_id>/feedback")
@keyed
@blueprint.arguments(FeedbackPage(), location="query")
@blueprint.response(200, Feedback)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def get_feedback(page: dict[str, Any], session_id: UUID) -> Any:
    """How many found the session useful, and what they wrote, without names and in an order by chance."""
    after: dict[str, Any] = {name: str(value) for name, value in page.items() if value}
    return bus_client().ask(booking.GET_FEEDBACK, session_id=str(session_id), actor=actor(), **after)
