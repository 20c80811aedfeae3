"""Notify on the bus: what it answers, what it hears, and the work that it does by itself."""

from functools import partial
from typing import Any

from nameko.timer import timer

from bus.envelope import Event
from bus.extensions import Bus, Config, background, command, on, query
from bus.times import now
from bus.transaction import Transaction
from contracts import booking as published
from contracts import notify
from services.notify import answers, booking, personal, usecases
from services.notify.channels import open_channel
from services.notify.delivery import Delivery
from services.notify.domain import Kind
from services.notify.staff import Members

PURGE_EVERY = 3600  # seconds


class NotifyService:
    name = "notify"
    bus = Bus()
    settings = Config()

    @command(notify.REMEMBER_CONTACT)
    def remember_contact(self, tx: Transaction, **arguments: Any) -> dict[str, str]:
        return usecases.remember_contact(tx, self.settings.person_key, now(), arguments)

    @command(notify.TELL_REFUSAL)
    def tell_refusal(self, tx: Transaction, **arguments: Any) -> dict[str, bool]:
        return usecases.tell_refusal(tx, now(), **arguments)

    @command(notify.SEND_ANSWER)
    def send_answer(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return answers.send_answer(tx, now(), **arguments)

    @command(notify.SEND_PERSONAL_LINK)
    def send_personal_link(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return personal.send_personal_link(tx, self.settings.person_key, now(), **arguments)

    @command(notify.USE_PERSONAL_LINK)
    def use_personal_link(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return personal.use_personal_link(tx, self.settings.person_key, now(), **arguments)

    @query(notify.GET_PREFERENCES)
    def get_preferences(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return personal.get_preferences(tx, self.settings.person_key, now(), **arguments)

    @command(notify.SET_PREFERENCES)
    def set_preferences(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return personal.set_preferences(tx, self.settings.person_key, now(), **arguments)

    @on(published.RESERVATION_CONFIRMED)
    def confirmed(self, tx: Transaction, event: Event) -> None:
        usecases.tell_of_seat(tx, event, self.settings.reminders, now())

    @on(published.RESERVATION_WAITLISTED)
    def waitlisted(self, tx: Transaction, event: Event) -> None:
        usecases.tell_of_place_in_line(tx, event, now())

    @on(published.RESERVATION_OFFERED)
    def offered(self, tx: Transaction, event: Event) -> None:
        usecases.tell(tx, Kind.OFFERED, event, now())

    @on(published.RESERVATION_LAPSED)
    def lapsed(self, tx: Transaction, event: Event) -> None:
        usecases.tell_of_lapse(tx, event, now())

    @on(published.RESERVATION_CANCELLED)
    def cancelled(self, tx: Transaction, event: Event) -> None:
        usecases.tell_of_end(tx, event, now())

    @on(published.RESERVATION_REPEATED)
    def repeated(self, tx: Transaction, event: Event) -> None:
        usecases.tell_person(tx, Kind.REPEATED, event, now())

    @on(published.RESERVATION_ATTENDED)
    def attended(self, tx: Transaction, event: Event) -> None:
        usecases.tell(tx, Kind.ATTENDED, event, now())

    @on(published.RESERVATION_MISSED)
    def missed(self, tx: Transaction, event: Event) -> None:
        usecases.tell_of_absence(tx, event, now())

    @on(published.SESSION_CHANGED)
    def session_changed(self, tx: Transaction, event: Event) -> None:
        usecases.tell_of_change(tx, event, self.settings.reminders, now())

    @on(published.SESSION_CANCELLED)
    def session_cancelled(self, tx: Transaction, event: Event) -> None:
        usecases.tell_everybody(tx, event, now())

    @background(every=1.0)
    def deliver(self) -> bool:
        client, channel = self.bus.client, open_channel(self.settings)
        describe, session = partial(booking.describe, client), partial(booking.session, client)
        reach = Members(client).reach
        return Delivery(self.bus.database, self.settings, describe, reach, channel, now, session).run()

    @timer(interval=PURGE_EVERY, eager=True)
    def purge(self) -> None:
        with self.bus.database.transaction() as tx:
            usecases.purge(tx, now())
