"""The calendar entry of a reservation (RFC 5545): the same identity wherever it is made, in a mail or on a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vDatetime

_PRODUCT = "-//Bottega//bookings//IT"


@dataclass(frozen=True)
class Organizer:
    """Whose the entry is. Both are one line; ``email`` is the bare address."""

    name: str
    email: str


def method_of(reservation: dict[str, Any]) -> str:
    """The iTIP method of its entry: an event that was published is cancelled by CANCEL (RFC 5546 section 3.2.1)."""
    return "CANCEL" if reservation["state"] == "cancelled" else "PUBLISH"


def calendar_entry(  # noqa: PLR0913 (what an entry says)
    reservation: dict[str, Any],
    *,
    organizer: Organizer,
    place: str,
    url: str,
    written_at: datetime,
    description: str = "",
) -> bytes:
    """One reservation as an iCalendar object without other participants, by ``method_of`` it.

    ``reservation`` is a ``contracts.booking.ReservationDetails`` as JSON; ``place`` is the person's own link into
    the session, or words that say where it is found; never the room's address, nor a link that can cancel: calendars
    are shared. ``url`` is a page about it (may be empty); ``written_at`` is aware, in UTC.
    A later entry replaces an earlier one (RFC 5546 section 2.1.5): the UID stays the same, also when the reservation
    moves to another date, and SEQUENCE is its revision, which rises. A cancelled one has STATUS:CANCELLED. ORGANIZER is
    required by both methods, and says who may change the entry; nobody is an ATTENDEE, so nobody is asked to answer.
    """
    session = reservation["session"]
    entry = Event()
    entry.add("uid", f"{reservation.get('calendar_id', reservation['id'])}@bottega")
    entry.add("sequence", reservation["revision"])
    entry.add("dtstamp", written_at)
    entry.add("dtstart", vDatetime(datetime.fromisoformat(session["starts_at"])))
    entry.add("dtend", vDatetime(datetime.fromisoformat(session["ends_at"])))
    entry.add("organizer", _address(organizer))
    entry.add("summary", session["title"])
    entry.add("location", place)
    entry.add("status", "CANCELLED" if reservation["state"] == "cancelled" else "CONFIRMED")
    for name, value in (("description", description), ("url", url)):
        if value:
            entry.add(name, value)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method_of(reservation))
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _address(organizer: Organizer) -> vCalAddress:
    address = vCalAddress(f"mailto:{organizer.email}")
    address.params["CN"] = organizer.name.replace('"', "'")  # a parameter cannot hold one (RFC 5545 section 3.2)
    return address
