"""The words of a message: one template folder for each kind, in the person's language.

Times are said in words, in Europe/Rome, and the text says so. The Italian of the templates is the source; the English
is in translations/.
"""

import gettext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from contracts.booking import to_watch
from contracts.calendar import Organizer, calendar_entry, method_of
from services.notify.config import Settings
from services.notify.domain import (
    LINK_LIVES,
    Contact,
    Kind,
    Message,
    has_calendar_entry,
    one_line,
    spoken_name,
    standing,
)

TEMPLATES = Path(__file__).parent / "templates"
TRANSLATIONS = Path(__file__).parent / "translations"
ROME = ZoneInfo("Europe/Rome")
SOURCE_LANGUAGE = "it"
TO_MEMBERS = "booked_for"  # the folder of the messages to who booked for somebody
SOON = timedelta(hours=6)
OWN_PAGE = "/le-mie"
SESSIONS = "/sessioni"


@dataclass(frozen=True)
class Letter:
    """What a person reads. ``calendar`` is an iCalendar object of the iTIP ``method``; None when there is none."""

    subject: str
    text: str
    html: str
    calendar: str | None
    method: str | None = None


def write_letter(  # noqa: PLR0913 (what it is about)
    message: Message,
    contact: Contact,
    reservation: dict[str, Any],
    settings: Settings,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    wanted: dict[str, Any] | None = None,
) -> Letter:
    """Word the message for the ``contracts.booking.ReservationLetter`` of the moment ``now``.

    ``before`` is that of the reservation which this one came in the place of, if it moved. ``wanted`` is the session
    that the person had asked to move to, if that was refused.
    """
    # Who moved to a waiting list has a seat in the calendar that they gave back; else the new entry replaces it.
    in_calendar = before if before and message.kind is Kind.MOVED_TO_LIST else reservation
    with_calendar = not message.staff_id and has_calendar_entry(message.kind, in_calendar)
    words = {
        **_words(contact, reservation, settings),
        **_distance(reservation["session"], now),
        **_change(message, reservation["session"], before, Locale.parse(contact.language)),
        **_wanted(wanted, Locale.parse(contact.language)),
        "feedback_date": _feedback_date(reservation, Locale.parse(contact.language), now),
        "has_calendar_entry": with_calendar,
        "had_seat": bool(before and before["was_confirmed"]),
        "kind": message.kind.value,
        "to_member": bool(message.staff_id),
    }

    letter = _letter(TO_MEMBERS if message.staff_id else message.kind, words)
    if with_calendar:
        # The join link and never the one that manages the reservation: calendars are shared, and who has it can cancel.
        place, note = (_render(f"calendar/{part}.txt", words).strip() for part in ("place", "note"))
        centre = Organizer(settings.centre_name, settings.centre_email)
        entry = calendar_entry(in_calendar, organizer=centre, place=place, url="", written_at=now, description=note)
        letter = replace(letter, calendar=entry.decode(), method=method_of(in_calendar))
    return letter


def write_refused_seat(
    message: Message, contact: Contact, session: dict[str, Any] | None, settings: Settings
) -> Letter:
    """Word the message that no seat was got in ``session`` (``contracts.booking.Session``; None: it is gone)."""
    locale = Locale.parse(contact.language)
    words = {
        **_reader(contact, settings),
        **(_session(session, locale) if session else {"title": None}),
        **_wanted(None, locale),
        "sessions_url": f"{settings.public_url}{SESSIONS}",
        "changed": (message.changed or "").split(),
        "reference": None,
        "standing": None,
        "moved_unsaid": False,
    }
    return _letter(message.kind, words)


def write_link_letter(contact: Contact, way: str, expires_at: datetime, settings: Settings) -> Letter:
    """Word the message with a link to the person's own page; ``way`` is what the link has after the page's address."""
    locale = Locale.parse(contact.language)
    until = expires_at.astimezone(ROME)
    words = {
        **_reader(contact, settings),
        "link_url": f"{settings.public_url}{OWN_PAGE}/{way}",
        "link_time": format_time(until, "HH:mm", locale=locale),
        "link_minutes": LINK_LIVES // timedelta(minutes=1),
    }
    return _letter(Kind.PERSONAL_LINK, words)


def _letter(folder: str, words: dict[str, Any]) -> Letter:
    return Letter(
        subject=" ".join(_render(f"{folder}/subject.txt", words).split()),
        text=_render(f"{folder}/body.txt", words),
        html=_render(f"{folder}/body.html", words),
        calendar=None,
    )


def _render(template: str, words: dict[str, Any]) -> str:
    return _environment(words["language"]).get_template(template).render(words).strip() + "\n"


def _reader(contact: Contact, settings: Settings) -> dict[str, Any]:
    """What every message says: to whom, and who says it."""
    return {
        "language": contact.language,
        "name": spoken_name(contact.name),
        "own_url": f"{settings.public_url}{OWN_PAGE}",
        "centre": settings.centre_name,
        "phone": settings.centre_phone,
        "email": settings.centre_email,
    }


def _words(contact: Contact, reservation: dict[str, Any], settings: Settings) -> dict[str, Any]:
    session = reservation["session"]
    locale = Locale.parse(contact.language)
    return {
        **_reader(contact, settings),
        "reference": _reference(reservation["id"]),
        "person": spoken_name(reservation["name"] or ""),
        "reachable": reservation["reachable"],
        **_session(session, locale),
        **_join(reservation, settings, locale),
        **_offer(reservation, locale),
        "other_dates": [
            {**_times(date, locale), "free": date["seats_left"] > 0} for date in reservation["other_dates"]
        ],
        "stories": [{**story, "title": one_line(story["title"])} for story in to_watch(session)],
        "standing": standing(reservation),
        "position": reservation["position"],
        "was_confirmed": reservation["was_confirmed"],
        "manage_url": f"{settings.public_url}/gestisci/{reservation['id']}/{reservation['token']}",
        "called_off": reservation["called_off"],
        "sessions_url": f"{settings.public_url}{SESSIONS}",
    }


def _session(session: dict[str, Any], locale: Locale) -> dict[str, str]:
    return {
        "title": one_line(session["title"]),
        "partner": session["partner_name"],
        "session_language": locale.languages.get(session["language"], session["language"]),
        **_times(session, locale),
    }


def _wanted(session: dict[str, Any] | None, locale: Locale) -> dict[str, str | None]:
    times = _times(session, locale) if session else {}
    return {"wanted_day": times.get("day"), "wanted_start": times.get("start")}


def _times(session: dict[str, Any], locale: Locale) -> dict[str, str]:
    start, end = (datetime.fromisoformat(session[name]).astimezone(ROME) for name in ("starts_at", "ends_at"))
    return {
        "day": format_date(start, "EEEE d MMMM", locale),
        "date": format_date(start, "EEEE d MMMM y", locale),
        "start": format_time(start, "HH:mm", locale=locale),
        "end": format_time(end, "HH:mm", locale=locale),
        "end_date": format_date(end, "EEEE d MMMM y", locale),
    }


def _distance(session: dict[str, Any], now: datetime) -> dict[str, bool]:
    """How far the start is: on this day, in Rome, and so near that the link into the session matters most."""
    start = datetime.fromisoformat(session["starts_at"]).astimezone(ROME)
    return {"today": start.date() == now.astimezone(ROME).date(), "soon": start - now <= SOON}


def _change(message: Message, session: dict[str, Any], before: dict[str, Any] | None, locale: Locale) -> dict[str, Any]:
    """What is not as the person knows it: ``moved``, and the start that they know; ``changed`` of what is told.

    Who moved to another date knows that of the reservation ``before``; who is ``back`` knows the date already.
    """
    back = before is not None and before["session"]["id"] == session["id"]
    moved = message.has_moved(datetime.fromisoformat(session["starts_at"]))
    known = datetime.fromisoformat(before["session"]["starts_at"]) if before else message.known_start
    start = known.astimezone(ROME) if known else None
    return {
        "moved": moved,
        "back": back,
        "moved_unsaid": (before is not None and not back) or (moved and message.kind is not Kind.SESSION_CHANGED),
        "changed": (message.changed or "").split(),
        "was_day": start and format_date(start, "EEEE d MMMM", locale),
        "was_date": start and format_date(start, "EEEE d MMMM y", locale),
        "was_start": start and format_time(start, "HH:mm", locale=locale),
    }


def _join(reservation: dict[str, Any], settings: Settings, locale: Locale) -> dict[str, Any]:
    """The link that leads into the room, and from when it does; without a seat, no link."""
    starts = datetime.fromisoformat(reservation["session"]["starts_at"])
    opens = datetime.fromisoformat(reservation["join_opens_at"])
    token = reservation["join_token"] if reservation["state"] == "confirmed" else None
    return {
        "join_url": token and f"{settings.public_url}/entra/{reservation['id']}/{token}",
        "join_opens": format_time(opens.astimezone(ROME), "HH:mm", locale=locale),
        "join_minutes": (starts - opens) // timedelta(minutes=1),
    }


def _offer(reservation: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """Until when the seat is held; empty when none is."""
    expires_at = (reservation["waiting_list"] or {}).get("offer_expires_at")
    until = datetime.fromisoformat(expires_at).astimezone(ROME) if expires_at else None
    return {
        "offer_day": until and format_date(until, "EEEE d MMMM", locale),
        "offer_date": until and format_date(until, "EEEE d MMMM y", locale),
        "offer_time": until and format_time(until, "HH:mm", locale=locale),
    }


def _feedback_date(reservation: dict[str, Any], locale: Locale, now: datetime) -> str | None:
    """The last whole day on which the person can say how it was; None when there is none left."""
    last = datetime.fromisoformat(reservation["feedback_until"]).astimezone(ROME) - timedelta(days=1)
    return format_date(last, "EEEE d MMMM", locale) if now.astimezone(ROME).date() <= last.date() else None


def _reference(reservation_id: str) -> str:
    """What a person says on the telephone: the last eight digits, in two halves, as on the website."""
    short = reservation_id.replace("-", "")[-8:].upper()
    return f"{short[:4]} {short[4:]}"


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(_catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    return environment


def _catalogue(language: str) -> gettext.NullTranslations:
    """Raises FileNotFoundError when the catalogue was not compiled (``make install`` does it)."""
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation("messages", TRANSLATIONS, [language])
