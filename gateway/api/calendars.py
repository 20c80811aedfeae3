"""For the staff's programs: following a partner's own calendar, seeing what it would bring, and what came of it."""

from typing import Any
from uuid import UUID

from contracts import booking
from gateway.api.access import actor, documented, keyed, obey, own_key
from gateway.api.calendar_schemas import (
    CalendarChange,
    CalendarEffects,
    CalendarList,
    CalendarPage,
    CalendarWithPreview,
    NewCalendar,
    Unfollowed,
)
from gateway.api.document import PREFIX, ApiBlueprint
from gateway.api.problems import page_or_not_found
from gateway.api.reservations import KEY, LATER
from gateway.api.schemas import Calendar, RequestStatus
from gateway.context import bus_client

blueprint = ApiBlueprint("Calendars", __name__, url_prefix=PREFIX, description="For the staff: calendars followed")
_EXAMPLE = {name: value for name, value in booking.FOLLOW_CALENDAR.example.items() if name != "actor"}


@blueprint.route("/calendars")
@keyed
@blueprint.arguments(CalendarPage(), location="query")
@blueprint.response(200, CalendarList)
@blueprint.documents_problems(401, 403, 404, 422)
@blueprint.doc(**documented)
def list_calendars(page: dict[str, Any]) -> Any:
    """The calendars that are followed: those of one's partner, or for a coordinator of all; what came of each."""
    with page_or_not_found():
        return bus_client().ask(booking.LIST_CALENDARS, actor=actor(), **page)


@blueprint.route("/calendars", methods=["POST"])
@keyed
@blueprint.arguments(NewCalendar(), example=_EXAMPLE)
@blueprint.response(201, Calendar)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 409, 413, 415)
@blueprint.doc(parameters=[KEY], **documented)
def follow_calendar(body: dict[str, Any]) -> Any:
    """Enter a calendar. It is read at once, and nothing is published before its preview is confirmed."""
    return obey(booking.FOLLOW_CALENDAR, own_key(), **body)


@blueprint.route("/calendars/<uuid:calendar_id>")
@keyed
@blueprint.response(200, CalendarWithPreview)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def get_calendar(calendar_id: UUID) -> Any:
    """A calendar, with what would be done where that is to be confirmed. Ask again while it has not been read."""
    return bus_client().ask(booking.GET_CALENDAR, actor=actor(), calendar_id=str(calendar_id))


@blueprint.route("/calendars/<uuid:calendar_id>", methods=["PATCH"])
@keyed
@blueprint.arguments(CalendarChange(), example={"capacity": 30})
@blueprint.response(200, Calendar)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(400, 401, 403, 404, 413, 415)
@blueprint.doc(**documented)
def change_calendar(body: dict[str, Any], calendar_id: UUID) -> Any:
    """Change what its sessions get, those to come too, or its address; it is read again at once.

    Who waits is offered what is more, nobody loses a seat, and who is in a session with another room is told, once.
    What was changed by hand stays.
    """
    return obey(booking.CHANGE_CALENDAR, calendar_id=str(calendar_id), **body)


@blueprint.route("/calendars/<uuid:calendar_id>/effects", methods=["POST"])
@keyed
@blueprint.arguments(CalendarChange(), example={"capacity": 30})
@blueprint.response(200, CalendarEffects)
@blueprint.documents_problems(400, 401, 403, 404, 413, 415)
@blueprint.doc(**documented)
def get_calendar_effects(body: dict[str, Any], calendar_id: UUID) -> Any:
    """What that change would do. It changes nothing, and is a POST because addresses belong in no URL."""
    return bus_client().ask(booking.GET_CALENDAR_EFFECTS, actor=actor(), calendar_id=str(calendar_id), **body)


@blueprint.route("/calendars/<uuid:calendar_id>/confirm", methods=["POST"])
@keyed
@blueprint.response(200, Calendar)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 403, 404, 409)
@blueprint.doc(**documented)
def confirm_calendar(calendar_id: UUID) -> Any:
    """Let it be taken over, as its preview said, and from now on by itself. Doing it again changes nothing."""
    return obey(booking.CONFIRM_CALENDAR, calendar_id=str(calendar_id))


@blueprint.route("/calendars/<uuid:calendar_id>/fetch", methods=["POST"])
@keyed
@blueprint.response(200, Calendar)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def fetch_calendar_now(calendar_id: UUID) -> Any:
    """Fetch it as soon as can be, and not when its turn comes; `fetched_at` says when that was."""
    return obey(booking.FETCH_CALENDAR_NOW, calendar_id=str(calendar_id))


@blueprint.route("/calendars/<uuid:calendar_id>", methods=["DELETE"])
@keyed
@blueprint.response(200, Unfollowed)
@blueprint.alt_response(202, schema=RequestStatus, headers=LATER, success=True)
@blueprint.documents_problems(401, 403, 404)
@blueprint.doc(**documented)
def unfollow_calendar(calendar_id: UUID) -> Any:
    """Follow it no more. Its sessions stay as they are, and are known again when it is followed under the same name."""
    return obey(booking.UNFOLLOW_CALENDAR, calendar_id=str(calendar_id))
