"""What somebody wants to see of the audit: from which day to which, of whom, of which partner or session."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from gateway.pages.desk import fields
from gateway.wording import ROME

CURSOR_MAX = 200
PARTNER_MAX = 40
_EARLIEST = 2000
_NAMES = ("dal", "al", "con", "chi", "sessione", "dopo")


@dataclass(frozen=True)
class Chosen:
    """What the address says, as it was typed, and what it means; ``errors`` has words for what means nothing."""

    typed: dict[str, str]
    first: date | None = None
    last: date | None = None
    partner: str | None = None
    account_id: str | None = None
    session_id: str | None = None
    after: str | None = None
    errors: dict[str, Any] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, Any]:
        """The address of the same list, from its beginning."""
        return {name: text for name, text in self.typed.items() if text and name != "dopo"}

    @property
    def narrowed(self) -> bool:
        """Whether something is left out by the form: which session is asked about is not of the form."""
        return bool(self.query.keys() - {"sessione"})

    @property
    def times(self) -> dict[str, Any]:
        """``done_from`` and ``done_before`` for the services: whole days on the clocks of Turin."""
        ends = {"done_from": self.first, "done_before": self.last and self.last + timedelta(days=1)}
        return {name: _midnight(day) for name, day in ends.items() if day}


def read(arguments: Mapping[str, str]) -> Chosen:
    typed = {name: arguments.get(name, "").strip()[:CURSOR_MAX] for name in _NAMES}
    first, last = (_day(typed[name]) for name in ("dal", "al"))
    return Chosen(
        typed=typed,
        first=first,
        last=last,
        partner=typed["con"][:PARTNER_MAX] or None,
        account_id=_id(typed["chi"]),
        session_id=_id(typed["sessione"]),
        after=typed["dopo"] or None,
        errors=_errors(typed, first, last),
    )


def _errors(typed: dict[str, str], first: date | None, last: date | None) -> dict[str, Any]:
    wrong = {name for name, day in (("dal", first), ("al", last)) if typed[name] and day is None}
    errors: dict[str, Any] = {name: _("Scrivi il giorno così: 24/11/2026") for name in ("dal", "al") if name in wrong}
    if first and last and last < first:
        errors["al"] = _("L’ultimo giorno non può venire prima del primo")
    return errors


def _day(text: str) -> date | None:
    found = fields.day(text) if text else None
    return found if found and found.year >= _EARLIEST else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ROME).astimezone(UTC)


def _id(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
