"""The intake with a clock of its own, as the tests use it."""

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from bus.database import Database
from bus.tables import outbox
from services.needs import intake, marks
from services.needs.config import Settings, mailboxes
from services.needs.domain import State
from services.needs.placing import Taken
from services.needs.tables import arrivals, messages, needs, people, suggestions
from services.needs.tests.mails import mail

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SECRET = b"s" * 32
DESK = "info@centre.example"
BY_THE_BUS = ("idempotency_key", "deadline")


class Inbox:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.settings = Settings(
            database_uri="sqlite:///",
            person_key=b"p" * 32,
            secret_key=SECRET,
            mailboxes=mailboxes(f"{DESK}, sportello@orso.example=orso"),
        )
        self._numbers = itertools.count()

    def store(self, raw: bytes) -> UUID:
        return intake.store_mail(self.database, raw, self.now)

    def take(self, raw: bytes) -> Taken:
        return intake.take_up(self.database, self.settings, self.store(raw), self.now)

    def hear(self, text: str = "Vorrei cambiare lavoro.", **headers: str | None) -> Taken:
        """A mail to the centre, with a Message-ID of its own unless one is said."""
        own: dict[str, Any] = {"Message_ID": f"<{next(self._numbers)}@mail.example.org>", "To": DESK}
        return self.take(mail(text, **own | headers))

    def reply_address(self, need_id: UUID | None) -> str:
        assert need_id
        return marks.reply_address(SECRET, DESK, need_id)

    def mail_id(self, need_id: UUID | None) -> str:
        """The Message-ID of an answer of ours in the need, as it stands in a header."""
        assert need_id
        return f"<{marks.message_id(SECRET, need_id, UUID(int=7), 'centre.example')}>"

    def resolve(self, need_id: UUID | None) -> None:
        self._set(needs, need_id, state=State.RESOLVED, resolved_at=self.now)

    def need(self, need_id: UUID | None) -> Any:
        return self._one(needs, needs.c.id == need_id)

    def arrival(self, arrival_id: UUID) -> Any:
        return self._one(arrivals, arrivals.c.id == arrival_id)

    def raw_mails(self) -> list[bytes]:
        with self.database.reading() as tx:
            return [
                bytes(raw) for raw in tx.connection.execute(select(arrivals.c.raw).order_by(arrivals.c.id)).scalars()
            ]

    def person(self, person_id: str) -> Any:
        return self._one(people, people.c.person_id == person_id)

    def texts(self, need_id: UUID | None) -> list[str]:
        """What was said in a need, in its order."""
        with self.database.reading() as tx:
            said = select(messages.c.text).where(messages.c.need_id == need_id).order_by(messages.c.position)
            return [text.strip() for text in tx.connection.execute(said).scalars()]

    def suggested(self) -> list[tuple[UUID, UUID, str]]:
        """The needs that may belong together, and why."""
        which = select(suggestions.c.need_id, suggestions.c.other_id, suggestions.c.reason)
        with self.database.reading() as tx:
            return [tuple(row) for row in tx.connection.execute(which)]

    def count(self, table: Any) -> int:
        with self.database.reading() as tx:
            return tx.connection.execute(select(func.count()).select_from(table)).scalar_one()

    def told(self) -> list[str]:
        """The names of the events recorded, in their order."""
        with self.database.reading() as tx:
            return list(
                tx.connection.execute(
                    select(outbox.c.routing_key).where(~outbox.c.is_command).order_by(outbox.c.position)
                ).scalars()
            )

    def sent(self) -> list[dict[str, Any]]:
        """The arguments of the commands that are on their way."""
        which = select(outbox.c.data).where(outbox.c.is_command).order_by(outbox.c.position)
        with self.database.reading() as tx:
            found = [json.loads(data) for data in tx.connection.execute(which).scalars()]
        return [{name: arguments[name] for name in arguments if name not in BY_THE_BUS} for arguments in found]

    def use(self, **settings: Any) -> None:
        self.settings = replace(self.settings, **settings)

    def _set(self, table: Any, key: UUID | None, **values: Any) -> None:
        with self.database.transaction() as tx:
            tx.connection.execute(update(table).where(table.c.id == key).values(values))

    def _one(self, table: Any, which: Any) -> Any:
        with self.database.reading() as tx:
            return tx.connection.execute(select(table).where(which)).one()
