"""The rules of needs, as plain values: no database, no clock of its own. All times are aware."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

RAW_KEPT = timedelta(days=90)  # what arrived and belongs to no need
QUARANTINE_KEPT = timedelta(days=365)  # what arrived and could not be read: somebody may look for it
IDS_KEPT = timedelta(days=365)  # so long the same mail is known again
ACTIONS_KEPT = timedelta(days=730)  # what the staff did


class State(StrEnum):
    NEW = "new"  # nobody of the staff has looked at it
    OPEN = "open"  # it is the centre's turn
    WAITING = "waiting"  # it is the person's turn
    RESOLVED = "resolved"


class Channel(StrEnum):
    CHAT = "chat"
    TELEPHONE = "telephone"
    EMAIL = "email"


class Direction(StrEnum):
    IN = "in"
    OUT = "out"
    NOTE = "note"  # among the staff


class Retention(StrEnum):
    """How long a record is kept, said when it is written."""

    CASE = "case"  # as long as the need
    RAW = "raw"  # RAW_KEPT
    QUARANTINE = "quarantine"  # QUARANTINE_KEPT


class Outcome(StrEnum):
    """What became of a mail."""

    OPENED = "opened"
    CONTINUED = "continued"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"


class Reason(StrEnum):
    """Why two needs may belong together."""

    OTHER_SENDER = "other_sender"  # an answer to the one came from another address, as the other
    SAME_PERSON = "same_person"  # who opened the one had another that was not resolved


@dataclass(frozen=True)
class Need:
    """One conversation with one person. ``positions`` counts its messages: the next one gets the next."""

    id: UUID
    state: State
    partner: str | None
    person_id: str | None
    language: str
    channel: Channel  # by which it was opened
    opened_at: datetime
    changed_at: datetime
    resolved_at: datetime | None = None
    positions: int = 0
    assignee: UUID | None = None  # an account of the staff


class View(StrEnum):
    """The lists of the desk. Only the last one has what is resolved."""

    MINE = "mine"
    PARTNER = "partner"  # in a partner's charge
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    RESOLVED = "resolved"


class Action(StrEnum):
    """What the staff does about a need, as it is noted."""

    ASSIGN = "assign"
    TAKE = "take"
    ANSWER = "answer"
    RESOLVE = "resolve"
    OPEN = "open"  # from a mail that was taken for automatic


LOOKING = ("coordinator", "operator", "viewer")  # the roles that see needs


@dataclass(frozen=True)
class Actor:
    """Who is signed in, as ``contracts.staff.Actor`` says it. All but coordinators see their own partner's needs."""

    id: UUID
    role: str
    partner: str | None

    @property
    def sees_all(self) -> bool:
        return self.role == "coordinator"

    @property
    def acts(self) -> bool:
        return self.role in ("coordinator", "operator")


@dataclass(frozen=True)
class Answered:
    """A need that a mail refers to, and whose it is (a person_id)."""

    need_id: UUID
    person_id: str | None


@dataclass(frozen=True)
class Thread:
    """Where a mail belongs: the need that it continues, or the one that it may belong to without proof."""

    continues: UUID | None = None
    resembles: UUID | None = None


def thread(sender: str | None, answered: Sequence[Answered]) -> Thread:
    """Where a mail of ``sender`` (a person_id) belongs that refers to these needs; those that say most come first.

    Even a mark of ours proves only that the mail answers one of ours, not that the person wrote it: who forwards a mail
    gives the mark away. So a mail continues a need of its sender alone; else it opens one of its own, and the staff
    is told that the two may belong together.
    """
    own = [each.need_id for each in answered if sender is not None and each.person_id == sender]
    if own:
        return Thread(continues=own[0])
    return Thread(resembles=answered[0].need_id if answered else None)


def heard(need: Need, now: datetime) -> Need:
    """The need after a message of its person: it is the centre's turn."""
    state = State.NEW if need.state is State.NEW else State.OPEN
    return replace(need, state=state, changed_at=now, resolved_at=None, positions=need.positions + 1)


def answered(need: Need, now: datetime) -> Need:
    """The need after an answer of the staff: it is the person's turn."""
    return replace(need, state=State.WAITING, changed_at=now, resolved_at=None, positions=need.positions + 1)


def assigned(need: Need, partner: str | None, now: datetime) -> Need:
    """The need in the charge of another partner, of whom nobody works on it yet."""
    return replace(need, partner=partner, assignee=None, changed_at=now)


def taken(need: Need, account: UUID, now: datetime) -> Need:
    state = State.OPEN if need.state is State.NEW else need.state
    return replace(need, state=state, assignee=account, changed_at=now)


def resolved(need: Need, now: datetime) -> Need:
    if need.state is State.RESOLVED:
        return need
    return replace(need, state=State.RESOLVED, changed_at=now, resolved_at=now)


def answering(subject: str) -> str:
    """The subject of an answer to a mail with this one."""
    return subject if re.match(r"\s*re:", subject, re.IGNORECASE) else f"Re: {subject}".strip()
