"""The calendar entry of a reservation (RFC 5545): the same identity wherever it is made, in a mail or on a page."""

from datetime import datetime
from typing import Any

from icalendar import Calendar, Event, vDatetime

_PRODUCT = "-//Bottega//bookings//IT"


def calendar_entry(
    reservation: dict[str, Any], *, place: str, url: str, written_at: datetime, description: str = ""
) -> bytes:
    """One reservation as an iCalendar object, METHOD:PUBLISH, without other participants.

    ``reservation`` is a ``contracts.booking.ReservationDetails`` as JSON; ``place`` is the person's own link into
    the session, or words that say where it is found; never the room's address, nor a link that can cancel: calendars
    are shared. ``url`` is a page about it (may be empty); ``written_at`` is aware, in UTC.
    A later entry replaces an earlier one (RFC 5546 section 2.1.5): the UID stays the same, also when the reservation
    moves to another date, and SEQUENCE is its revision, which rises. A cancelled one has STATUS:CANCELLED.
    """
    session = reservation["session"]
    entry = Event()
    entry.add("uid", f"{reservation.get('calendar_id', reservation['id'])}@bottega")
    entry.add("sequence", reservation["revision"])
    entry.add("dtstamp", written_at)
    entry.add("dtstart", vDatetime(datetime.fromisoformat(session["starts_at"])))
    entry.add("dtend", vDatetime(datetime.fromisoformat(session["ends_at"])))
    entry.add("summary", session["title"])
    entry.add("location", place)
    entry.add("status", "CANCELLED" if reservation["state"] == "cancelled" else "CONFIRMED")
    for name, value in (("description", description), ("url", url)):
        if value:
            entry.add(name, value)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
