"""Notify without the bus: the use cases, each in a transaction of its own, and senders with a clock of their own."""

import email
import email.policy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bus.database import Database
from bus.envelope import Event
from bus.transaction import Transaction
from services.notify import personal, usecases
from services.notify.channels import Channel, open_channel
from services.notify.config import Settings
from services.notify.delivery import Delivery, Letters
from services.notify.domain import Contact, Kind
from services.notify.errors import Unwanted
from services.notify.tables import messages
from services.notify.tests.examples import KEY, MEMBER, NOW, STAFF_ID, a_letter, settings

HEARD: dict[str, Callable[[Transaction, Event, datetime], None]] = {
    "reservation.waitlisted.v1": usecases.tell_of_place_in_line,
    "reservation.lapsed.v1": usecases.tell_of_lapse,
    "reservation.cancelled.v1": usecases.tell_of_end,
    "reservation.missed.v1": usecases.tell_of_absence,
}
Describe = Callable[[Sequence[UUID]], Letters]


@dataclass
class Office:
    """``letters`` is what booking would answer for each reservation; without an entry, the contracts' example."""

    database: Database
    folder: Path
    now: datetime = NOW
    letters: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    sessions: dict[UUID, dict[str, Any] | None] = field(default_factory=dict)
    asked: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = settings(self.folder)

    def remember(self, address: str, name: str = "Giulia Ferrero", **changes: Any) -> None:
        arguments = {"email": address, "name": name, "language": "it", "consent": True, **changes}
        with self.database.transaction() as tx:
            usecases.remember_contact(tx, KEY, self.now, arguments)

    def tell(self, kind: Kind, event: Event) -> None:
        with self.database.transaction() as tx:
            usecases.tell(tx, kind, event, self.now)

    def tell_of_seat(self, event: Event) -> None:
        with self.database.transaction() as tx:
            usecases.tell_of_seat(tx, event, self.settings.reminders, self.now)

    def hear(self, event: Event) -> None:
        """As the service hears it."""
        with self.database.transaction() as tx:
            HEARD[event.type](tx, event, self.now)

    def tell_everybody(self, event: Event) -> None:
        with self.database.transaction() as tx:
            usecases.tell_everybody(tx, event, self.now)

    def tell_of_change(self, event: Event) -> None:
        with self.database.transaction() as tx:
            usecases.tell_of_change(tx, event, self.settings.reminders, self.now)

    def ask_for_link(self, address: str, language: str = "it") -> None:
        with self.database.transaction() as tx:
            personal.send_personal_link(tx, KEY, self.now, email=address, language=language)

    def purge(self) -> None:
        with self.database.transaction() as tx:
            usecases.purge(tx, self.now)

    def describe(self, reservations: Sequence[UUID]) -> Letters:
        self.asked += reservations
        return {key: {**self.letters.get(key, a_letter()), "id": str(key)} for key in reservations}

    def session(self, key: UUID) -> dict[str, Any] | None:
        """What booking answers about a session; ``sessions`` has those that are not as in the contracts' example."""
        return self.sessions.get(key, {**a_letter()["session"], "id": str(key)})

    def reach(self, account: UUID) -> Contact:
        """What staff says; nobody but the one member works there."""
        if account != STAFF_ID:
            raise Unwanted("member_gone")
        return MEMBER

    def deliver(self, channel: Channel | None = None, describe: Describe | None = None) -> bool:
        """One run of a sender; into the folder, unless ``channel`` is another."""
        chosen = channel or open_channel(self.settings)
        return Delivery(
            self.database, self.settings, describe or self.describe, self.reach, chosen, lambda: self.now, self.session
        ).run()

    def use(self, **variables: str) -> Settings:
        self.settings = settings(self.folder, **variables)
        return self.settings

    def pass_time(self, time: timedelta) -> None:
        self.now += time

    def rows(self) -> list[dict[str, Any]]:
        with self.database.reading() as tx:
            return [dict(row) for row in tx.connection.execute(select(messages).order_by(messages.c.kind)).mappings()]

    def states(self) -> list[tuple[str, str, str | None]]:
        """Kind, state and reason of each message."""
        return [(row["kind"], row["state"], row["reason"]) for row in self.rows()]

    def mails(self) -> list[EmailMessage]:
        """What was written into the folder."""
        return [read_mail(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]


def read_mail(content: bytes) -> EmailMessage:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail
