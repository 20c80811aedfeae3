"""The text of a calendar from elsewhere, before any parser sees it: bounded, well formed, and only what is needed.

What is not needed goes out here, above all VTIMEZONE and attachments: a time zone is taken by its name alone, as rules
in its definition could be made to be worked out for ever.
"""

import re

BYTES_MAX = 2_000_000
COMPONENTS_MAX = 2_000
LINES_MAX = 20_000  # of those that are kept
LINE_MAX = 20_000  # characters, unfolded
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_FOLD = re.compile(r"\r?\n[ \t]")
_KEPT = frozenset(
    (
        *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"),
        *("SUMMARY", "DESCRIPTION", "STATUS", "CLASS", "SEQUENCE", "X-WR-TIMEZONE"),
    )
)


class CalendarRefused(Exception):
    """A calendar cannot be taken over; the message is one line for who asked, and nothing was changed.

    ``code`` says the same for programs (``contracts.booking.CALENDAR_PROBLEMS``), ``about`` which event or zone or
    status it is, if one is. Neither has the address in it, which may be a secret.
    """

    def __init__(self, message: str, code: str = "not_a_calendar", about: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.about = about


def bounded(data: bytes) -> str:
    """The calendar in ``data`` with nothing in it but VEVENTs and the properties that are read of them.

    Raises CalendarRefused for what is no iCalendar object (RFC 5545), or one that is too much.
    """
    lines = _lines(_decoded(data))
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise CalendarRefused("This is not an iCalendar file: it does not begin with BEGIN:VCALENDAR.")
    kept = _Sieve()
    for line in lines:
        kept.take(line)
    if not kept.is_over:
        raise CalendarRefused("The calendar ends too early: END:VCALENDAR is missing.")
    return "\r\n".join([*kept.lines, ""])


def _decoded(data: bytes) -> str:
    if len(data) > BYTES_MAX:
        raise CalendarRefused(f"The calendar has more than {BYTES_MAX // 1_000_000} MB.", "too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CalendarRefused("The calendar is not written in UTF-8.") from None
    if _CONTROL.search(text):
        raise CalendarRefused("The calendar has control characters in it.")
    return text


def _lines(text: str) -> list[str]:
    return [line for line in _FOLD.sub("", text).replace("\r\n", "\n").split("\n") if line.strip()]


class _Sieve:
    """Takes line after line, and keeps what is needed in ``lines``. Raises CalendarRefused."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._open: list[str] = []
        self._components = 0

    @property
    def is_over(self) -> bool:
        return self._components > 0 and not self._open

    def take(self, line: str) -> None:
        if self.is_over:
            raise CalendarRefused("There is something after the end of the calendar; import one calendar at a time.")
        name, _, value = line.partition(":")
        kind = value.strip().upper()
        if name.upper() == "BEGIN":
            self._begin(kind)
        elif name.upper() == "END":
            self._end(kind)
        elif self._is_of_event_or_calendar and re.split("[;:]", line, maxsplit=1)[0].upper() in _KEPT:
            self._keep(line)

    @property
    def _is_of_event_or_calendar(self) -> bool:
        return self._open in (["VCALENDAR"], ["VCALENDAR", "VEVENT"])

    def _begin(self, kind: str) -> None:
        self._components += 1
        if self._components > COMPONENTS_MAX:
            words = f"The calendar has more than {COMPONENTS_MAX} parts (events, alarms and so on)."
            raise CalendarRefused(words, "too_large")
        if kind == "VEVENT" and self._open != ["VCALENDAR"]:
            raise CalendarRefused("The calendar has an event inside another part.")
        self._open.append(kind)
        if self._is_of_event_or_calendar:
            self._keep(f"BEGIN:{kind}")

    def _end(self, kind: str) -> None:
        if not self._open or self._open[-1] != kind:
            raise CalendarRefused(f"The calendar is broken: END:{kind[:20]} where nothing of the kind began.")
        if self._is_of_event_or_calendar:
            self._keep(f"END:{kind}")
        self._open.pop()

    def _keep(self, line: str) -> None:
        if len(line) > LINE_MAX:
            raise CalendarRefused(f"The calendar has a line of more than {LINE_MAX} characters.", "too_large")
        if len(self.lines) >= LINES_MAX:
            raise CalendarRefused(f"The calendar has more than {LINES_MAX} lines about events.", "too_large")
        self.lines.append(line)
