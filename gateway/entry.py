"""The calendar entry of a seat, as a file to save."""

from datetime import UTC, datetime
from typing import Any

from flask import Response, make_response

from contracts.calendar import Organizer, calendar_entry
from gateway.context import settings


def calendar_file(reservation: dict[str, Any], place: str) -> Response:
    """Of a reservation that is confirmed: when it is not any more, who has it in a calendar is told by mail."""
    centre = Organizer(settings().centre_name, settings().centre_email)
    entry = calendar_entry(reservation, organizer=centre, place=place, url="", written_at=datetime.now(UTC))
    response = make_response(entry)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = "attachment; filename=bottega.ics"
    return response
