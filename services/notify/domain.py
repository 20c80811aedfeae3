"""What there is to know about messages to people: which kinds there are, when one still holds, when to try again.

Not here: how a message is worded (letters), made into a mail (mail) or carried (smtp, folder).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

FIRST_DELAY = timedelta(seconds=2)
MESSAGE_DELAY_MAX = timedelta(days=1)
OUTAGE_DELAY_MAX = timedelta(minutes=5)
KEEP_TRYING = timedelta(days=30)  # and in any case until the end of the session
MESSAGES_KEPT = timedelta(days=90)  # after the end of the session
PERSONAL_KEPT = timedelta(days=7)  # of messages about a person alone, and of links after their end
LINK_LIVES = timedelta(minutes=15)
LINKS_MAX = 3  # to one person
LINKS_WITHIN = timedelta(hours=1)
# Until the mail with a link is due: sending it in the same moment could slow down the answer to who asked, which would
# say that the address is known.
NOT_AT_ONCE = timedelta(seconds=2)
CONTACTS_KEPT = timedelta(days=90)  # after the person last asked for something, and with no message left


class Kind(StrEnum):
    """The messages there are; each has its folder in templates/, but answers and those to members alone."""

    CONFIRMED = "confirmed"
    PROMOTED = "promoted"
    WAITLISTED = "waitlisted"
    MOVED = "moved"
    MOVED_TO_LIST = "moved_to_list"
    OFFERED = "offered"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    SESSION_CANCELLED = "session_cancelled"
    SESSION_CHANGED = "session_changed"
    REPEATED = "repeated"
    REMINDER = "reminder"
    ATTENDED = "attended"
    DECLINED = "declined"
    MISSED = "missed"
    REFUSED = "refused"  # about no reservation, where a seat was asked for
    PERSONAL_LINK = "personal_link"  # about no reservation
    ANSWER = "answer"  # in the words of somebody of the staff; about no reservation


# A reservation gets a seat once, joins the list once, is offered a seat once and ends once: who is told of one of these
# in some words is not told of it in others.
_OCCASION = {
    Kind.CONFIRMED: "seat",
    Kind.PROMOTED: "seat",
    Kind.MOVED: "seat",
    Kind.WAITLISTED: "list",
    Kind.MOVED_TO_LIST: "list",
    Kind.OFFERED: "offer",
    Kind.LAPSED: "end",
    Kind.CANCELLED: "end",
    Kind.SESSION_CANCELLED: "end",
    Kind.ATTENDED: "thanks",
    Kind.DECLINED: "end",
    Kind.MISSED: "thanks",
}
_STANDINGS = {
    Kind.CONFIRMED: ("confirmed",),
    Kind.PROMOTED: ("confirmed",),
    Kind.MOVED: ("confirmed",),
    Kind.WAITLISTED: ("waiting",),
    Kind.MOVED_TO_LIST: ("waiting",),
    Kind.OFFERED: ("offered",),
    Kind.LAPSED: ("expired",),
    Kind.CANCELLED: ("cancelled",),
    Kind.SESSION_CANCELLED: ("cancelled",),
    Kind.SESSION_CHANGED: ("confirmed", "waiting", "offered"),
    Kind.REPEATED: ("confirmed", "waiting", "offered"),
    Kind.REMINDER: ("confirmed",),
    Kind.ATTENDED: ("confirmed",),
    Kind.DECLINED: ("declined",),
    Kind.MISSED: ("confirmed",),
    Kind.REFUSED: ("confirmed", "waiting", "offered", "cancelled", "declined", "expired"),
}
_TOLD_AFTERWARDS = (Kind.CANCELLED, Kind.SESSION_CANCELLED, Kind.ATTENDED, Kind.MISSED, Kind.REFUSED)
_ENDED = (Kind.CANCELLED, Kind.SESSION_CANCELLED)
_NOTHING_CHANGED = (Kind.REMINDER, Kind.ATTENDED, Kind.REFUSED)  # so the calendar entry that the person has is right

TO_MEMBERS_ALONE = (Kind.DECLINED, Kind.MISSED)  # who booked for somebody is told more than that person
SEATS = (Kind.CONFIRMED, Kind.PROMOTED, Kind.MOVED)  # who was sent one of these had a seat
TOLD_CHANGES = ("times", "title", "room")  # of contracts.booking.CHANGES, in the order in which they are said

NOTICES = (Kind.OFFERED, Kind.LAPSED)  # what the person did not cause
NOTICES_MAX = 3  # of those, to one person about one session


@dataclass(frozen=True)
class Contact:
    """How a person is reached. ``language`` is ISO 639-1; ``consent`` is to messages about what was asked for.

    ``reminders`` and ``thanks`` (after a session) are what can be done without, and is sent unless the person says no.
    """

    person_id: str
    address: str
    name: str
    language: str
    consent: bool
    reminders: bool = True
    thanks: bool = True


@dataclass(frozen=True)
class Link:
    """A link to a person's own page, in the ``language`` in which it was asked for; good once."""

    person_id: str
    language: str
    expires_at: datetime
    used_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True)
class Recipient:
    """Who is told of a reservation: its person, or the member of the staff who booked for them (``staff_id``)."""

    reservation_id: UUID
    person_id: str
    staff_id: UUID | None = None

    def key(self, words: str) -> UUID:
        """The identity of a message to them, about what the ``words`` say."""
        return uuid5(self.reservation_id, f"booked_for {self.staff_id} {words}" if self.staff_id else words)


@dataclass(frozen=True)
class Schedule:
    """When a session is; aware."""

    session_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Message:
    """One message to one person, or, with ``staff_id``, to who booked for that person.

    ``due_at`` is when it may be taken; while it is claimed, when the lease ends.

    ``known_start`` is the start of the session that the person knows: the one that a reminder is about, the one before
    the change that is told. ``changed`` are words of ``TOLD_CHANGES``, with spaces between them; of a refusal, what was
    asked for and the code. ``moved_from`` is the reservation on another date that this one came in the place of.
    A message about a person alone has no ``reservation_id`` and no ``session_ends_at``; nor has a refusal the latter.
    """

    id: UUID
    kind: Kind
    reservation_id: UUID | None
    person_id: str
    attempts: int
    created_at: datetime
    session_ends_at: datetime | None
    due_at: datetime
    correlationid: str
    known_start: datetime | None = None
    changed: str | None = None
    moved_from: UUID | None = None
    staff_id: UUID | None = None
    session_id: UUID | None = None

    @property
    def given_up_at(self) -> datetime:
        """From when on it is not tried again. A reminder may have been queued for months when it is tried first."""
        return max(self.created_at + KEEP_TRYING, self.session_ends_at or self.created_at)

    def has_moved(self, starts_at: datetime) -> bool:
        """Whether the session, which starts at ``starts_at``, starts at another time than the person knows."""
        return self.known_start not in (None, starts_at)


def schedule(session_id: str, times: dict[str, Any]) -> Schedule:
    """Of a session, given what an event or an answer of booking says of its ``starts_at`` and ``ends_at``."""
    starts_at, ends_at = (datetime.fromisoformat(times[name]) for name in ("starts_at", "ends_at"))
    return Schedule(UUID(session_id), starts_at, ends_at)


def message_key(kind: Kind, to: Recipient, day: date) -> UUID:
    """The identity of a message: the same whichever event asks for it, and however often.

    Somebody who books again and again is told so once a day.
    """
    return to.key(_OCCASION.get(kind) or f"{kind} {day.isoformat()}")


def reminder_key(to: Recipient, hours: int, starts_at: datetime) -> UUID:
    """The identity of the reminder that comes so many hours before this start; a session that moved has others."""
    return to.key(f"reminder {hours} {starts_at.astimezone(UTC).isoformat()}")


def change_key(to: Recipient, sequence: int) -> UUID:
    """The identity of the message about a change of the session, whose event has this ``sequence``."""
    return to.key(f"change {sequence}")


def refusal_key(about: UUID, whom: str, told: str, now: datetime) -> UUID:
    """The identity of a message about a refusal, which ``told`` says in stable words; ``about`` is a reservation, or
    the session in which a seat was asked for.

    Who asks again and again while nobody answers is told once: the same is not said a second time within an hour.
    """
    return uuid5(about, f"refused {whom} {told} {now.astimezone(UTC).isoformat(timespec='hours')}")


def reminders(starts_at: datetime, hours: Sequence[int], now: datetime) -> dict[int, datetime]:
    """When to remind of a session, for each of ``hours`` before its start; only moments that are still to come."""
    moments = {each: starts_at - timedelta(hours=each) for each in hours}
    return {each: moment for each, moment in moments.items() if moment > now}


def standing(reservation: dict[str, Any]) -> str:
    """How a reservation stands, in one word, given what booking says of it (``contracts.booking.Reservation``).

    One of confirmed, waiting, offered, cancelled, declined, expired: on the wire who is offered a seat waits still, and
    a place that lapsed is as good as cancelled.
    """
    on_list = reservation["waiting_list"] and reservation["waiting_list"]["state"]
    word: str = on_list if on_list in ("offered", "declined", "expired") else reservation["state"]
    return word


def not_wanted(kind: Kind, contact: Contact) -> str | None:
    """Why the person does not get this message, as a code; None when they do."""
    if not contact.consent:
        return "no_consent"
    if kind is Kind.REMINDER and not contact.reminders:
        return "no_reminders"
    return "no_thanks" if kind is Kind.ATTENDED and not contact.thanks else None


def no_longer_holds(kind: Kind, reservation: dict[str, Any], now: datetime) -> str | None:
    """Why the message should not be sent, as a code, given the ``contracts.booking.ReservationLetter`` of this moment.

    None when what it says is still so.
    """
    if kind in _ENDED and reservation.get("moved_to"):
        return "moved"  # the message about the reservation on the other date says so
    if standing(reservation) not in _STANDINGS[kind]:
        return "state_changed"
    if kind is Kind.OFFERED and datetime.fromisoformat(reservation["waiting_list"]["offer_expires_at"]) <= now:
        return "offer_over"
    starts_at, ends_at = (datetime.fromisoformat(reservation["session"][name]) for name in ("starts_at", "ends_at"))
    if kind is Kind.REMINDER and starts_at <= now:
        return "session_begun"
    return "session_over" if ends_at <= now and kind not in _TOLD_AFTERWARDS else None


def came_about(message: Message, reservation: dict[str, Any]) -> bool:
    """Whether what was refused came about since then in another way, so that there is nothing to tell any more."""
    if message.kind is not Kind.REFUSED or not message.changed:
        return False
    asked_for, _, code = message.changed.partition(" ")
    done: dict[str, bool] = {
        "cancel_reservation": reservation["state"] == "cancelled",
        "decline_offer": reservation["state"] == "cancelled",
        "accept_offer": reservation["state"] == "confirmed",
        "move_reservation": bool(reservation.get("moved_to")) and code != "not_found",  # that is: moved before
    }
    return done.get(asked_for, False)


def is_overtaken(message: Message, reservation: dict[str, Any], hours: Sequence[int], now: datetime) -> bool:
    """Whether it is a reminder that others, of those at ``hours``, come in the place of.

    Either the session has moved, or it was held up so long that the next one is due as well.
    """
    starts_at = datetime.fromisoformat(reservation["session"]["starts_at"])
    due = sorted(set(hours) - reminders(starts_at, hours, now).keys())
    to = Recipient(UUID(reservation["id"]), message.person_id, message.staff_id)
    next_is_due = message.id in [reminder_key(to, each, starts_at) for each in due[1:]]
    return next_is_due or (message.kind is Kind.REMINDER and message.has_moved(starts_at))


def has_calendar_entry(kind: Kind, reservation: dict[str, Any]) -> bool:
    """A seat belongs in the calendar; a seat that was lost has to leave it. Waiting for one does neither."""
    if kind in _NOTHING_CHANGED:
        return False
    state: str = reservation["state"]
    return state == "confirmed" or (state == "cancelled" and bool(reservation["was_confirmed"]))


def delay(attempts: int, longest: timedelta, roll: float) -> timedelta:
    """How long to wait after the ``attempts``-th attempt: 2 s, 6 s, 18 s … ``longest``.

    Less up to a quarter, by ``roll`` (0 to 1), so that what failed together does not come back together.
    """
    grown = min(FIRST_DELAY * 3.0 ** min(attempts - 1, 20), longest)
    return grown * (1 - roll / 4)


# Marks that are not seen, or that turn the direction of what follows. The joiners U+200C and U+200D stay: Persian and
# Hindi are not written right without them.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
# What mail programs make a link of. "Dott.ssa" is a title, not the name of a host.
_LINK = re.compile(r"[@/]|www\.|\w\.(?!ssa\b)\w{2,}", re.IGNORECASE)
_CONTROLS = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def one_line(text: str) -> str:
    """The text on one line, without what is not shown: controls, line ends, marks that turn the direction."""
    seen = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    line = "".join(" " if unicodedata.category(char) in _CONTROLS else char for char in seen)
    return " ".join(line.split())


def spoken_name(name: str) -> str:
    """The name as a mail may say it, on one line.

    Empty when it holds an address or a link: anybody can book with anybody's address, and the greeting must not
    become a way to send people advertisements.
    """
    line = one_line(name)
    return "" if _LINK.search(unicodedata.normalize("NFKC", line)) else line
