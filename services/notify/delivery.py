"""Sending what is queued: claim with a lease, look the person and the reservation up, send, mark.

The order is the guarantee. A process that dies before it sends leaves a claim that runs out; one that dies between
sending and marking leaves it too, and the message goes out again with the same Message-ID (at least once).
"""

import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from bus.context import correlated
from bus.database import Database
from bus.times import written
from services.notify import store, usecases
from services.notify.answers import answer_of
from services.notify.channels import Channel
from services.notify.config import Settings
from services.notify.domain import (
    MESSAGE_DELAY_MAX,
    OUTAGE_DELAY_MAX,
    Contact,
    Kind,
    Message,
    Schedule,
    came_about,
    delay,
    is_overtaken,
    no_longer_holds,
    not_wanted,
    schedule,
)
from services.notify.errors import NotDelivered, Outage, TryLater, Unwanted
from services.notify.letters import Letter, write_letter, write_link_letter, write_refused_seat
from services.notify.links import link_token
from services.notify.mail import Mail, build_answer, build_mail

log = structlog.get_logger(__name__)

Letters = dict[UUID, dict[str, Any]]

RUN = 20  # messages claimed at once; who stops waits for the run to end
FRESH = timedelta(seconds=10)  # how long what booking said of a run may be relied on


@dataclass(frozen=True)
class Delivery:
    """``describe`` asks booking for the ``ReservationLetter`` of each reservation at this moment, and leaves out those
    that are not known; it raises Outage when nobody answers. ``reach`` asks staff how a member is written to; it raises
    Unwanted or TryLater. ``clock`` answers the time, aware. ``session`` asks booking for one, as ``describe`` does."""

    database: Database
    settings: Settings
    describe: Callable[[Sequence[UUID]], Letters]
    reach: Callable[[UUID], Contact]
    channel: Channel
    clock: Callable[[], datetime]
    session: Callable[[UUID], dict[str, Any] | None]

    def run(self) -> bool:
        """Send a run of messages that are due. Answers whether there may be more."""
        claimed, contacts = self._claim()
        try:
            letters = self._describe_all(claimed, contacts)
            for position, message in enumerate(claimed):
                if not self._in_time(message):
                    self._hand_back(claimed[position:])
                    break
                with correlated(message.correlationid):
                    outage = self._deliver(message, contacts.get(message.person_id), letters)
                if outage:
                    self._put_off_all(claimed[position + 1 :], outage)
                    break
        finally:
            self.channel.close()
        return bool(claimed)

    def _claim(self) -> tuple[list[Message], dict[str, Contact]]:
        with self.database.reading() as tx:  # most of the time there is nothing, and nobody need wait for a writer
            if not store.anything_due(tx, self.clock()):
                return [], {}
        lease = timedelta(seconds=self.settings.lease_seconds)
        with self.database.transaction() as tx:
            claimed = store.claim(tx, self.clock(), lease, RUN)
            return claimed, store.contacts_of(tx, [message.person_id for message in claimed if not message.staff_id])

    def _describe_all(self, claimed: list[Message], contacts: dict[str, Contact]) -> Letters:
        """What booking says about all of them, asked at once. Where that fails, each is asked about alone."""
        known = [message for message in claimed if message.staff_id or message.person_id in contacts]
        wanted = [key for message in known for key in (message.reservation_id, message.moved_from) if key]
        try:
            return self.describe(wanted) if wanted else {}
        except Exception:  # noqa: BLE001  # it may be about one of them: the others are not to suffer
            return {}

    def _in_time(self, message: Message) -> bool:
        """What booking said is fresh, and more than half of the lease is left: nobody else will take the message while
        it is being sent."""
        lease = timedelta(seconds=self.settings.lease_seconds)
        claimed_at = message.due_at - lease
        return self.clock() - claimed_at < min(FRESH, lease / 2)

    def _deliver(self, message: Message, contact: Contact | None, letters: Letters) -> Outage | None:
        """Send and mark one message; answers the outage, if there is one, that concerns the others too."""
        try:
            self._send(message, contact, letters)
        except Outage as outage:
            self._put_off(message, outage, OUTAGE_DELAY_MAX)
            return outage
        except TryLater as refusal:
            self._put_off(message, refusal, MESSAGE_DELAY_MAX)
        except Unwanted as unwanted:
            self._settle(message, "dropped", unwanted.reason)
        except NotDelivered as refusal:
            self._settle(message, "failed", refusal.reason)
        else:
            self._settle(message, "sent")
        return None

    def _send(self, message: Message, contact: Contact | None, letters: Letters) -> None:
        """Raises a NotDelivered and nothing else: what goes wrong with one message is not to stop the others."""
        try:
            self.channel.send(message.id, self._compose(message, contact, letters))
        except NotDelivered:
            raise
        except Exception as defect:  # noqa: BLE001  # whatever it is, it concerns this message alone
            *_, place = traceback.extract_tb(defect.__traceback__)
            # Not its words: they may quote a name or an address.
            where = f"{place.filename}:{place.lineno}"
            log.error("defect in a message", message=str(message.id), error=type(defect).__name__, where=where)  # noqa: TRY400
            raise TryLater("defect") from None

    def _compose(self, message: Message, contact: Contact | None, letters: Letters) -> Mail:
        if message.kind is Kind.ANSWER:
            return self._answer(message)
        if message.staff_id:
            contact = self.reach(message.staff_id)
        if contact is None:
            raise TryLater(store.CONTACT_MISSING)
        if reason := not_wanted(message.kind, contact):
            raise Unwanted(reason)
        if message.kind is Kind.PERSONAL_LINK:
            return self._with_link(message, contact)
        if message.reservation_id is None:
            letter = write_refused_seat(message, contact, self._wanted(message), self.settings)
        else:
            letter = self._about_reservation(message, message.reservation_id, contact, letters)
        return build_mail(message.id, contact, letter, self.settings, self.clock())

    def _answer(self, message: Message) -> Mail:
        with self.database.reading() as tx:
            found = store.answer(tx, message.id)
        if found is None:
            raise Unwanted("words_missing")
        return build_answer(message.id, answer_of(found), self.settings, self.clock())

    def _with_link(self, message: Message, contact: Contact) -> Mail:
        """In the language of the page on which the link was asked for. Raises Unwanted when it is good no more."""
        with self.database.reading() as tx:
            link = store.link(tx, message.id)
        if link is None or not link.is_good(self.clock()):
            raise Unwanted("link_over")
        reader = replace(contact, language=link.language)
        token = link_token(self.settings.person_key, message.id)
        letter = write_link_letter(reader, f"{message.id}/{token}", link.expires_at, self.settings)
        return build_mail(message.id, reader, letter, self.settings, self.clock())

    def _about_reservation(self, message: Message, key: UUID, contact: Contact, letters: Letters) -> Letter:
        reservation, now = self._look_up(message, key, letters), self.clock()
        if reason := no_longer_holds(message.kind, reservation, now):
            raise Unwanted(reason)
        if came_about(message, reservation):
            raise Unwanted("came_about")
        if is_overtaken(message, reservation, self.settings.reminders, now):
            raise Unwanted("overtaken")
        before = self._before(message, letters) if message.moved_from else None
        wanted = self._wanted(message) if message.session_id != UUID(reservation["session"]["id"]) else None
        return write_letter(message, contact, reservation, self.settings, now, before=before, wanted=wanted)

    def _before(self, message: Message, letters: Letters) -> dict[str, Any] | None:
        """What booking says of the reservation that the person moved from, as far as they know."""
        with self.database.reading() as tx:
            known = store.known_before(tx, message)
        return (letters.get(known) or self._ask(known)) if known else None

    def _wanted(self, message: Message) -> dict[str, Any] | None:
        """The session that was asked for, and refused."""
        return self.session(message.session_id) if message.kind is Kind.REFUSED and message.session_id else None

    def _look_up(self, message: Message, key: UUID, letters: Letters) -> dict[str, Any]:
        """What booking says of the reservation ``key``.

        Of a session that moved it is asked again, and the person's reminders follow: the change may have been heard of
        before this reservation was, or not yet.
        """
        letter = letters.get(key) or self._ask(key)
        if message.kind is Kind.SESSION_CHANGED or not message.has_moved(_when(letter).starts_at):
            return letter
        letter = self._ask(key)
        with self.database.transaction() as tx:
            usecases.follow_session(tx, _when(letter), self.settings.reminders, self.clock(), key)
        return letter

    def _ask(self, reservation: UUID) -> dict[str, Any]:
        letter = self.describe([reservation]).get(reservation)
        if letter is None:
            raise Unwanted("reservation_not_found")
        return letter

    # What becomes of a claim

    def _settle(self, message: Message, state: str, reason: str | None = None) -> None:
        with self.database.transaction() as tx:
            kept = store.settle(tx, message, state, self.clock(), reason)
        log.info("message settled", message=str(message.id), kind=message.kind, state=state, reason=reason, kept=kept)

    def _put_off(self, message: Message, refusal: NotDelivered, longest: timedelta) -> None:
        now = self.clock()
        until = now + delay(message.attempts, longest, random.random())
        if until > message.given_up_at:
            self._settle(message, "failed", refusal.reason)
            return
        with self.database.transaction() as tx:
            store.put_off(tx, message, until, refusal.reason)
        until_when = written(until)
        log.warning(
            "message put off", message=str(message.id), kind=message.kind, reason=refusal.reason, until=until_when
        )

    def _put_off_all(self, messages: list[Message], outage: Outage) -> None:
        """They would fail in the same way: there is no need to try each."""
        for message in messages:
            self._put_off(message, outage, OUTAGE_DELAY_MAX)

    def _hand_back(self, messages: list[Message]) -> None:
        with self.database.transaction() as tx:
            store.hand_back(tx, messages, self.clock())


def _when(letter: dict[str, Any]) -> Schedule:
    return schedule(letter["session"]["id"], letter["session"])
