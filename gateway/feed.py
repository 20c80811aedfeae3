"""Sessions as a calendar to subscribe to (RFC 5545, RFC 7986), and the secret of a partner's own.

Who subscribes sees what anybody may see: the address of the room is not in it.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from icalendar import Calendar, Event, vDatetime

REFRESH = timedelta(hours=1)  # how often a calendar should ask again
_REFRESH_AS_TEXT = "PT1H"
_PRODUCT = "-//Bottega//sessions//IT"
_PURPOSE = b"calendar feeds of partners"


def feed_secret(key: bytes, partner: str) -> str:
    """The secret in the address of a partner's feed: HMAC-SHA-256 under a key of its own, made from the gateway's.

    It is not stored, and stays the same for as long as GATEWAY_SECRET_KEY does.
    """
    own_key = hmac.digest(key, _PURPOSE, "sha256")
    return urlsafe_b64encode(hmac.digest(own_key, partner.encode(), "sha256")).decode().rstrip("=")


def feed_address(public_url: str, key: bytes, partner: str, language: str) -> str:
    """Where a partner's feed is; its words are in ``language``, the titles in that of each session."""
    return f"{public_url}/calendario/{partner}/{feed_secret(key, partner)}.ics?lingua={language}"


def opens_feed(secret: str, key: bytes, partner: str) -> bool:
    """Whether ``secret`` is that of the partner; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(secret.encode(), feed_secret(key, partner).encode())


@dataclass(frozen=True)
class Heading:
    """What a feed says of itself. ``written_at`` is aware."""

    name: str
    about: str
    written_at: datetime


def calendar(
    sessions: Iterable[dict[str, Any]], heading: Heading, page: Callable[[str], str], *, with_seats: bool
) -> bytes:
    """The sessions (``contracts.booking.Session`` as JSON) as one iCalendar object, in the language of the request.

    ``page`` gives the full address of a session's page. With ``with_seats`` the descriptions say how many seats are
    taken, and how many people wait.
    """
    whole = Calendar()
    whole.add("prodid", _PRODUCT)
    whole.add("version", "2.0")
    whole.add("name", heading.name)
    whole.add("description", heading.about)
    whole.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    # the same for calendars older than RFC 7986
    whole.add("x-wr-calname", heading.name)
    whole.add("x-wr-caldesc", heading.about)
    whole.add("x-published-ttl", _REFRESH_AS_TEXT)
    for session in sessions:
        whole.add_component(_entry(session, page(session["id"]), heading.written_at, with_seats))
    return bytes(whole.to_ical())


def _entry(session: dict[str, Any], url: str, written_at: datetime, with_seats: bool) -> Event:
    """One that was called off stays until it would have ended, as such: whoever just misses it may think it is on.

    SEQUENCE rises with each change (RFC 5545 section 3.8.7.4), calling it off too.
    """
    called_off = session["cancelled"]
    title = _("Annullata: %(title)s", title=session["title"]) if called_off else session["title"]
    entry = Event()
    entry.add("uid", f"{session['id']}@bottega")
    entry.add("sequence", session["revision"])
    entry.add("dtstamp", written_at)
    entry.add("dtstart", vDatetime(datetime.fromisoformat(session["starts_at"])))
    entry.add("dtend", vDatetime(datetime.fromisoformat(session["ends_at"])))
    entry.add("summary", title)
    entry.add("description", "\n\n".join(_words(session, url, with_seats)))
    entry.add("location", _("Online"))
    entry.add("url", url)
    entry.add("status", "CANCELLED" if called_off else "CONFIRMED")
    entry.add("transp", "TRANSPARENT")  # who looks at the sessions is not busy then
    return entry


def _words(session: dict[str, Any], url: str, with_seats: bool) -> Iterator[str]:
    if session["cancelled"]:
        yield _("Questa sessione è stata annullata. %(url)s", url=url)
        return
    if with_seats:
        yield _seats(session)
    if session["description"]:
        yield session["description"]
    yield _("Con %(partner)s. Prenota qui: %(url)s", partner=session["partner_name"], url=url)


def _seats(session: dict[str, Any]) -> str:
    seats = _("Posti presi: %(taken)s su %(capacity)s.", taken=session["taken"], capacity=session["capacity"])
    waiting = ngettext("Una persona in attesa.", "%(num)s persone in attesa.", session["waiting"])
    return f"{seats} {waiting}"
