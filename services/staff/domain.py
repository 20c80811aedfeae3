"""Accounts of the staff, one-time links, and how much time guessing is made to take. All times are aware."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.staff.errors import InvalidArguments

LINK_LIVES = timedelta(hours=24)
FREE_FAILURES = 4  # of one address, before it has to wait
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)  # so that an address gets some 100 guesses a day (NIST SP 800-63B, 3.2.2)
FAILURES_KEPT = timedelta(days=1)  # after the last
NAME_MAX = 120
KEYS_MAX = 20  # of one account that work at the same time
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_MAX = 40


class Role(StrEnum):
    COORDINATOR = "coordinator"  # acts for every partner
    OPERATOR = "operator"  # acts for the own partner
    VIEWER = "viewer"  # looks, at the own partner's
    PRESCRIBER = "prescriber"  # of a job centre, say: books for people, and sees nothing but what became of that


@dataclass(frozen=True)
class Account:
    """A member of the staff. ``email`` is in the form in which it is compared; ``password_hash`` may be none."""

    id: UUID
    name: str
    email: str
    role: Role
    partner: str | None  # None for coordinators and prescribers, and for them only
    password_hash: str | None
    created_at: datetime
    language: str = "it"  # in which the owner last signed in, and is written to
    epoch: int = 0  # rises when who is signed in must sign in again
    disabled_at: datetime | None = None


@dataclass(frozen=True)
class Link:
    """A link that lets in once."""

    account_id: UUID
    expires_at: datetime
    used_at: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True)
class AccessKey:
    """What a program of the owner shows; it acts as the owner does. ``used_on`` is the last day, in UTC."""

    id: UUID
    name: str
    created_at: datetime
    used_on: date | None = None


@dataclass(frozen=True)
class Attempts:
    """The wrong passwords in a row for one address, whether anybody has it or not."""

    failures: int
    wait_until: datetime

    def wait(self, now: datetime) -> int:
        """How many seconds the next try has to wait; 0 when it need not."""
        left = self.wait_until - now
        return max(0, -(-left // timedelta(seconds=1)))

    def failed(self, now: datetime) -> "Attempts":
        """One more. From the fifth on each makes the next wait twice as long."""
        failures = self.failures + 1
        beyond = min(failures - FREE_FAILURES, 10)
        wait = min(FIRST_WAIT * 2 ** (beyond - 1), LONGEST_WAIT) if beyond > 0 else timedelta()
        return Attempts(failures, now + wait)


def legible_name(name: str, most: int = NAME_MAX) -> str:
    """A name of one line. Raises InvalidArguments."""
    clean = " ".join(name.split())
    if not clean or len(clean) > most or not clean.isprintable():
        raise InvalidArguments(fields={"name": [f"Write a name of at most {most} characters."]})
    return clean


def partner_of(role: Role, partner: str | None) -> str | None:
    """The partner that an account of this role works for. Raises InvalidArguments."""
    if role in (Role.COORDINATOR, Role.PRESCRIBER):
        if partner:
            raise InvalidArguments(fields={"partner": [f"A {role} works with all partners: leave it out."]})
        return None
    if not partner or len(partner) > _SLUG_MAX or not _SLUG.fullmatch(partner):
        raise InvalidArguments(fields={"partner": ["Name the partner by its short name, such as orso."]})
    return partner
