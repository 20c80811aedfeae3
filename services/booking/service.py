"""Booking on the bus: what it answers, and the work that it does by itself. It hears no events."""

from typing import Any

from nameko.timer import timer

from bus import requests
from bus.extensions import Bus, Config, command, query
from bus.times import now
from bus.transaction import Transaction
from contracts import booking
from services.booking import usecases

FORGET_EVERY = 3600  # seconds


class BookingService:
    name = "booking"
    bus = Bus()
    settings = Config()

    @query(booking.LIST_SESSIONS)
    def list_sessions(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.list_sessions(tx, now(), **arguments)

    @query(booking.GET_SESSION)
    def get_session(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.get_session(tx, now(), **arguments)

    @query(booking.LIST_PARTNERS)
    def list_partners(self, tx: Transaction) -> dict[str, Any]:
        return usecases.list_partners(tx)

    @query(booking.GET_RESERVATION)
    def get_reservation(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.get_reservation(tx, now(), self.settings.secret_key, **arguments)

    @query(booking.DESCRIBE_RESERVATIONS)
    def describe_reservations(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.describe_reservations(tx, now(), self.settings.secret_key, **arguments)

    @query(booking.GET_OUTCOME)
    def get_outcome(self, tx: Transaction, idempotency_key: str) -> dict[str, Any]:
        return requests.outcome(tx, idempotency_key)

    @command(booking.RESERVE_SEAT)
    def reserve_seat(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.reserve_seat(tx, now(), self.settings.person_key, **arguments)

    @command(booking.CANCEL_RESERVATION)
    def cancel_reservation(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.cancel_reservation(tx, now(), self.settings.secret_key, **arguments)

    @command(booking.CANCEL_SESSION)
    def cancel_session(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.cancel_session(tx, now(), **arguments)

    @timer(interval=FORGET_EVERY, eager=True)
    def forget_people(self) -> None:
        while self._forget_some():
            pass

    def _forget_some(self) -> int:
        with self.bus.database.transaction() as tx:
            return usecases.forget_people(tx, now(), keep_days=self.settings.keep_days)
