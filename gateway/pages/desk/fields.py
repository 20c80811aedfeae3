"""The fields of a session at the desk: what the words typed into them mean, and what to say when they mean nothing.

Days and hours are those of Turin. What will do is for booking to decide; here is only what can be told before.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from contracts.booking import CAPACITY_MAX, DESCRIPTION_MAX, MINUTES_MAX, MINUTES_MIN, TITLE_MAX
from gateway.wording import ROME

_FROM_BOOKING = {"starts_at": "day", "ends_at": "minutes", "rule": "dates"}
_LATEST = 2100


def read(form: "MultiDict[str, str]", names: Iterable[str]) -> dict[str, str]:
    """What was typed, less the blanks around it, with the line ends that it had before the browser sent it."""
    return {name: form.get(name, "").replace("\r\n", "\n").strip() for name in names}


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else None


def day(text: str) -> date | None:
    """A day as browsers send it, 2026-12-01, or as people write it, 1/12/2026."""
    written = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    try:
        found = date(*(int(part) for part in reversed(written.groups()))) if written else date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year <= _LATEST else None


def days(text: str) -> list[date] | None:
    """Several days with commas, spaces or line ends in between; None when one of them is no day."""
    found = [day(word) for word in re.split(r"[\s,;]+", text) if word]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def clock(text: str) -> time | None:
    written = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text, re.ASCII)
    try:
        return time(int(written[1]), int(written[2])) if written else None
    except ValueError:
        return None


def moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ROME)


def unclear(values: dict[str, str]) -> set[str]:
    """The names of the fields whose words cannot be meant so. Those that are not among ``values`` are not looked at."""
    fine: dict[str, Callable[[str], Any]] = {
        "title": lambda text: 0 < len(text) <= TITLE_MAX and "\n" not in text,
        "description": lambda text: len(text) <= DESCRIPTION_MAX,
        "day": day,
        "hour": lambda text: clock(text) is not None,
        "minutes": lambda text: MINUTES_MIN <= (number(text) or 0) <= MINUTES_MAX,
        "capacity": number,
        "room_url": lambda text: not text or text.startswith("https://"),
    }
    return {name for name, test in fine.items() if name in values and not test(values[name])}


def from_booking(names: Iterable[str]) -> set[str]:
    """The fields on the page for those that booking names."""
    return {_FROM_BOOKING.get(name, name) for name in names}


def words(names: Iterable[str]) -> dict[str, Any]:
    """What to say of each field that is wrong, in the order of the page."""
    said = {
        "partner": _("Scegli l’organizzazione"),
        "title": _("Scrivi il titolo, su una riga e in non più di %(most)s caratteri", most=TITLE_MAX),
        "description": _("Scrivi la descrizione in non più di %(most)s caratteri", most=DESCRIPTION_MAX),
        "language": _("Scegli la lingua della sessione"),
        "day": _("Scegli un giorno e un’ora che devono ancora venire"),
        "hour": _("Scrivi l’ora così: 17:00"),
        "minutes": _("Scrivi quanti minuti dura, da %(least)s a %(most)s", least=MINUTES_MIN, most=MINUTES_MAX),
        "capacity": _("Scrivi un numero di posti, da 1 a %(most)s", most=CAPACITY_MAX),
        "room_url": _("Scrivi l’indirizzo della stanza: comincia con https://"),
        "repeat": _("Scegli se la sessione si ripete"),
        "dates": _("Scrivi quante date: almeno 2, e tutte entro un anno dalla prima"),
        "without": _("Scrivi i giorni da saltare così: 8/12/2026. Devono essere tra le date della serie"),
        "scope": _("Scegli per quali date"),
    }
    return {name: said[name] for name in said if name in names}


def new_key() -> str:
    return str(uuid4())


def key_of(form: "MultiDict[str, str]", values: dict[str, str]) -> UUID:
    """The idempotency key of what a form asks for: a second click asks for the same, other words for another."""
    try:
        own = UUID(form.get("key", ""))
    except ValueError:
        own = uuid4()
    return uuid5(own, repr(sorted(values.items())))
