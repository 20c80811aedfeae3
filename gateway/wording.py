"""How facts read on a page: days and hours in Turin's time, seats in words, names of languages."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from contracts.booking import to_watch
from gateway.language import page_language

ROME = ZoneInfo("Europe/Rome")
LAST_SEATS = 3


def register(app: Flask) -> None:
    for name in (
        day,
        day_close,
        day_near,
        hours,
        clock,
        date_part,
        seats,
        seats_state,
        language_name,
        in_language,
        reference,
        pegs,
        unbroken,
        to_watch,
    ):
        app.jinja_env.filters[name.__name__] = name


def local(moment: str | datetime) -> datetime:
    """A moment (aware, or RFC 3339) on Turin's clocks."""
    return (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(ROME)


def day(moment: str | datetime) -> str:
    """«martedì 1 dicembre», with the year when it is not this one."""
    there = local(moment)
    pattern = "EEEE d MMMM" if there.year == local(datetime.now(UTC)).year else "EEEE d MMMM y"
    return str(format_date(there, pattern, locale=page_language()))


def day_close(moment: str | datetime) -> str:
    """The day as ``day`` says it, with «oggi» or «domani» before it when it is."""
    close = _today_or_tomorrow(moment)
    return f"{close}, {day(moment)}" if close else day(moment)


def day_near(moment: str | datetime) -> str:
    """«oggi» or «domani» alone, else the day as ``day`` says it: for what is never far."""
    return _today_or_tomorrow(moment) or day(moment)


def _today_or_tomorrow(moment: str | datetime) -> str | None:
    today = local(datetime.now(UTC)).date()
    words: dict[date, str] = {today: _("oggi"), today + timedelta(days=1): _("domani")}
    return words.get(local(moment).date())


def date_part(moment: str | datetime, pattern: str) -> str:
    """One part of a date by its CLDR pattern: ``EEE`` «mar», ``MMM`` «dic»."""
    return str(format_date(local(moment), pattern, locale=page_language())).rstrip(".")


def clock(moment: str | datetime) -> str:
    """«17:00», on 24 hours in every language, as clocks in Italy show it."""
    return f"{local(moment):%H:%M}"


def hours(session: Mapping[str, Any]) -> str:
    start, end = clock(session["starts_at"]), clock(session["ends_at"])
    return str(_("dalle %(start)s alle %(end)s", start=start, end=end))


def seats_state(session: Mapping[str, Any]) -> str:
    """``cancelled``, ``closed``, ``full``, ``last`` or ``free``: for the eye only, ``seats`` says it in words."""
    if session["cancelled"]:
        return "cancelled"
    if not session["bookable"]:
        return "closed"
    if session["seats_left"] <= 0:
        return "full"
    return "last" if session["seats_left"] <= LAST_SEATS else "free"


def seats(session: Mapping[str, Any]) -> str:
    """How many seats are left, in words."""
    left, waiting = session["seats_left"], session["waiting"]
    words: dict[str, Callable[[], Any]] = {
        "cancelled": lambda: _("Sessione annullata"),
        "closed": lambda: _("Prenotazioni non aperte"),
        "full": lambda: _full(waiting),
        "last": lambda: ngettext("Ultimo posto", "Ultimi %(num)s posti", left),
        "free": lambda: _("%(left)s posti liberi su %(capacity)s", left=left, capacity=session["capacity"]),
    }
    return str(words[seats_state(session)]())


def _full(waiting: int) -> str:
    if not waiting:
        return str(_("Al completo: c’è la lista d’attesa"))
    return str(ngettext("Al completo, una persona in attesa", "Al completo, %(num)s persone in attesa", waiting))


def pegs(session: Mapping[str, Any], most: int = 20) -> tuple[int, int]:
    """The seats as a row of at most ``most`` pegs: how many taken, then how many free; a larger room is drawn to scale.

    At least one peg is free while a seat is, and none when none is.
    """
    drawn = min(session["capacity"], most)
    left = max(0, session["seats_left"])
    free = min(drawn, -(-left * drawn // session["capacity"]))
    return drawn - free, free


def language_name(code: str) -> str:
    return str({"it": _("Italiano"), "en": _("Inglese")}.get(code, code))


def in_language(code: str) -> str:
    return str({"it": _("in italiano"), "en": _("in inglese")}.get(code, code))


def unbroken(number: str) -> str:
    """A telephone number that stays on one line."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")


def reference(identifier: str) -> str:
    """What a person reads out on the telephone: the last eight digits of the identifier, in two halves."""
    short = identifier.replace("-", "")[-8:].upper()
    return f"{short[:4]} {short[4:]}"
