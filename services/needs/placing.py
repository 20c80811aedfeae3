"""Where a mail that was read belongs, and what that changes: in the one transaction that it is given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from bus.transaction import Transaction
from contracts import needs as published
from contracts.person import person_id
from services.needs import domain, marks, store
from services.needs.config import Settings
from services.needs.domain import Answered, Channel, Direction, Need, Outcome, Reason, Retention, State
from services.needs.reading import Kind, ReceivedMail
from services.needs.telling import record

SOURCE = "email"


@dataclass(frozen=True)
class Taken:
    """What became of a mail; need and message are None where it was added to none."""

    outcome: Outcome
    need_id: UUID | None = None
    message_id: UUID | None = None


@dataclass(frozen=True)
class Placing:
    """One mail, about to be placed."""

    tx: Transaction
    settings: Settings
    arrival_id: UUID
    mail: ReceivedMail
    now: datetime

    def place(self) -> Taken:
        first = store.identify(self.tx, SOURCE, self.mail.fingerprint, self.arrival_id, self.now)
        if first is not None:
            known = store.arrival(self.tx, first)
            found = (known.need_id, known.message_id) if known else ()
            return self._settle(Taken(Outcome.DUPLICATE, *found), Retention.RAW)
        if self.mail.kind is Kind.LOOP or marks.needs_of(self._key, [self.mail.message_id or ""]):
            return self._settle(Taken(Outcome.AUTO_REPLY), Retention.RAW)  # one of ours: what it says is there already
        if self.mail.kind is not Kind.PERSON:
            return self._automatic()
        return self.place_as_persons()

    def place_as_persons(self) -> Taken:
        """Place it as what a person wrote, and for the first time."""
        thread = domain.thread(self._person, [*self._marked, *self._referred])
        if thread.continues:
            return self._continue(self._held(thread.continues))
        return self._open(thread.resembles)

    @property
    def _key(self) -> bytes:
        return self.settings.secret_key

    @cached_property
    def _marked(self) -> list[Answered]:
        """The needs whose marks the mail bears: where it was sent, then what it answers, the newest first."""
        mail = self.mail
        places = (*mail.recipients, *mail.references[::-1], *mail.returned)
        return store.whose(self.tx, marks.needs_of(self._key, places))

    @property
    def _referred(self) -> list[Answered]:
        """The needs with the mails that this one answers, the newest first."""
        return store.with_mails(self.tx, self.mail.references[::-1])

    @cached_property
    def _person(self) -> str | None:
        sender = self.mail.sender
        return person_id(self.settings.person_key, sender.address) if sender and sender.address else None

    @cached_property
    def _partner(self) -> str | None:
        """The partner whose mailbox it came to; None for the centre's."""
        boxes = self.settings.mailboxes
        found = (boxes.partners[box] for each in self.mail.recipients if (box := boxes.of(each)))
        return next((partner for partner in found if partner), None)

    def _held(self, need_id: UUID) -> Need:
        return store.hold_need(self.tx, need_id)

    def _automatic(self) -> Taken:
        """What no person wrote: it is kept with the need that it is about, and changes nothing about it.

        Reports of delivery come from others than the person: a mark of ours is what shows that a mail of ours was sent.
        """
        outcome = Outcome.BOUNCE if self.mail.kind is Kind.BOUNCE else Outcome.AUTO_REPLY
        about = self._marked[0].need_id if self._marked else domain.thread(self._person, self._referred).continues
        if about is None:
            return self._settle(Taken(outcome), Retention.RAW)
        before = self._held(about)  # before the person's row, as everywhere: else two transactions wait for each other
        if self._marked:
            self._note_bounce(self._marked[0].person_id)
        need = replace(before, positions=before.positions + 1)
        store.save_need(self.tx, need)
        return self._settle(Taken(outcome, need.id, self._add(need)), Retention.CASE)

    def _note_bounce(self, person: str | None) -> None:
        """Only the address of the person to whom the mail was sent: else anybody could mark anybody's by a forgery."""
        if person and person in {person_id(self.settings.person_key, address) for address in self.mail.bounced}:
            store.note_bounce(self.tx, person, self.now)

    def _continue(self, before: Need) -> Taken:
        need = domain.heard(before, self.now)
        self._know()
        store.save_need(self.tx, need)
        if before.state is State.RESOLVED:
            record(self.tx, published.NEED_REOPENED, need)
        message_id = self._add(need)
        record(self.tx, published.MESSAGE_RECEIVED, need, message_id=str(message_id))
        return self._settle(Taken(Outcome.CONTINUED, need.id, message_id), Retention.CASE)

    def _open(self, resembles: UUID | None) -> Taken:
        need = Need(
            id=uuid7(),
            state=State.NEW,
            partner=self._partner,
            person_id=self._person,
            language=self.mail.language,
            channel=Channel.EMAIL,
            opened_at=self.now,
            changed_at=self.now,
            positions=1,
        )
        other = store.unresolved_of(self.tx, need.person_id) if need.person_id else None
        self._know()
        store.insert_need(self.tx, need)
        for like, reason in ((resembles, Reason.OTHER_SENDER), (other, Reason.SAME_PERSON)):
            if like:
                store.suggest(self.tx, need.id, like, reason, self.now)
        record(self.tx, published.NEED_OPENED, need)
        message_id = self._add(need)
        record(self.tx, published.MESSAGE_RECEIVED, need, message_id=str(message_id))
        return self._settle(Taken(Outcome.OPENED, need.id, message_id), Retention.CASE)

    def _know(self) -> None:
        if self._person and self.mail.sender:
            store.know(self.tx, self._person, self.mail.sender.name, self.mail.sender.address)

    def _add(self, need: Need) -> UUID:
        """Add the mail to the need, as the message at its last position."""
        message_id, mail = uuid7(), self.mail
        row = {
            "id": message_id,
            "need_id": need.id,
            "position": need.positions,
            "channel": Channel.EMAIL,
            "direction": Direction.IN,
            "is_automatic": mail.kind is not Kind.PERSON,
            "partner": need.partner,
            "retention": Retention.CASE,
            "at": self.now,
            "person_id": self._person,
            "mail_id": mail.message_id,
            "subject": mail.subject,
            "text": mail.text,
            "folded": mail.folded,
            "html": mail.html,
            "arrival_id": self.arrival_id,
        }
        store.insert_message(self.tx, row, self._attached())
        return message_id

    def _attached(self) -> Sequence[dict[str, Any]]:
        return [
            {"part": each.position, "name": each.name, "type": each.type, "size": each.size}
            for each in self.mail.attachments
        ]

    def _settle(self, taken: Taken, retention: Retention) -> Taken:
        about = {"need_id": taken.need_id, "message_id": taken.message_id, "partner": self._partner}
        if taken.need_id is None:
            sender = self.mail.sender.address if self.mail.sender else ""
            about |= {"sender": sender, "subject": self.mail.subject}
        store.settle(self.tx, self.arrival_id, taken.outcome, retention=retention, **about)
        return taken
