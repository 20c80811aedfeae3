"""Booking on the bus: what it answers, and the work that it does by itself. It hears no events."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from eventlet import tpool
from eventlet.patcher import is_monkey_patched
from nameko.timer import timer

from bus import requests
from bus.extensions import Bus, Config, command, query, refused_later
from bus.times import now
from bus.transaction import Transaction
from contracts import booking
from services.booking import (
    actions,
    attendance,
    feedback,
    line,
    moving,
    on_behalf,
    personal,
    refusals,
    series,
    staff,
    store,
    usecases,
    waiting,
)
from services.booking.calendars import terms
from services.booking.calendars import usecases as calendars
from services.booking.calendars.fetching import Trust, fetch
from services.booking.calendars.following import Following
from services.booking.calendars.reading import Reading

FORGET_EVERY = 3600  # seconds
EXPIRE_EVERY = 5  # seconds
EXPIRED_AT_ONCE = 100
CLOSE_EVERY = 60  # seconds
CLOSED_AT_ONCE = 100
FETCH_EVERY = 2  # seconds: so long waits at most who wants to see a calendar at once


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

    @query(booking.LIST_DATES)
    def list_dates(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return moving.list_dates(tx, now(), self.settings.secret_key, **arguments)

    @query(booking.LIST_RESERVATIONS)
    def list_reservations(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return personal.list_reservations(tx, now(), self.settings, **arguments)

    @query(booking.GET_ENTRANCE)
    def get_entrance(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return attendance.get_entrance(tx, now(), self.settings.secret_key, **arguments)

    @query(booking.GET_OUTCOME)
    def get_outcome(self, tx: Transaction, idempotency_key: str) -> dict[str, Any]:
        return requests.outcome(tx, idempotency_key)

    @command(booking.RESERVE_SEAT)
    def reserve_seat(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.reserve_seat(tx, now(), self.settings.person_key, **arguments)

    @command(booking.CANCEL_RESERVATION)
    def cancel_reservation(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.cancel_reservation(tx, now(), self.settings.secret_key, **arguments)

    @command(booking.ACCEPT_OFFER)
    def accept_offer(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return waiting.accept_offer(tx, now(), self.settings.secret_key, **arguments)

    @command(booking.DECLINE_OFFER)
    def decline_offer(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return waiting.decline_offer(tx, now(), self.settings.secret_key, **arguments)

    @command(booking.MOVE_RESERVATION)
    def move_reservation(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return moving.move_reservation(tx, now(), self.settings.secret_key, **arguments)

    @refused_later(booking.RESERVE_SEAT)
    @refused_later(booking.CANCEL_RESERVATION)
    @refused_later(booking.ACCEPT_OFFER)
    @refused_later(booking.DECLINE_OFFER)
    @refused_later(booking.MOVE_RESERVATION)
    def tell_of_refusal(self, tx: Transaction, refused: requests.Refused) -> None:
        refusals.tell(tx, now(), self.settings.person_key, self.settings.secret_key, refused)

    @command(booking.ENTER_SESSION)
    def enter_session(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return attendance.enter_session(tx, now(), self.settings.secret_key, **arguments)

    @command(booking.SET_CAPACITY)
    def set_capacity(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return staff.set_capacity(tx, now(), **arguments)

    @command(booking.OVERBOOK)
    def overbook(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return staff.overbook(tx, now(), self.settings.person_key, **arguments)

    @command(booking.RESERVE_FOR)
    def reserve_for(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return on_behalf.reserve_for(tx, now(), self.settings.person_key, **arguments)

    @query(booking.LIST_BOOKED_FOR)
    def list_booked_for(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return on_behalf.list_booked_for(tx, now(), self.settings.secret_key, **arguments)

    @query(booking.FIND_ALIKE)
    def find_alike(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        keys = self.settings.person_key, self.settings.secret_key
        return on_behalf.find_alike(tx, now(), *keys, **arguments)

    @query(booking.GET_ATTENDANCE)
    def get_attendance(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return attendance.get_attendance(tx, now(), closes_after=self._sheets_close, **arguments)

    @query(booking.LIST_OPEN_SHEETS)
    def list_open_sheets(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return attendance.list_open_sheets(tx, now(), closes_after=self._sheets_close, **arguments)

    @command(booking.MARK_ATTENDANCE)
    def mark_attendance(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return attendance.mark_attendance(tx, now(), **arguments)

    @command(booking.CLOSE_ATTENDANCE)
    def close_attendance(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return attendance.close_attendance(tx, now(), **arguments)

    @query(booking.GET_WAITING)
    def get_waiting(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return line.get_waiting(tx, now(), **arguments)

    @command(booking.GIVE_FEEDBACK)
    def give_feedback(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return feedback.give_feedback(tx, now(), self.settings.secret_key, **arguments)

    @query(booking.GET_OWN_FEEDBACK)
    def get_own_feedback(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return feedback.get_own_feedback(tx, now(), self.settings.secret_key, **arguments)

    @query(booking.GET_FEEDBACK)
    def get_feedback(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return feedback.get_feedback(tx, **arguments)

    @command(booking.PUBLISH_SESSIONS)
    def publish_sessions(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return series.publish_sessions(tx, now(), self._rooms, **arguments)

    @command(booking.CHANGE_SESSIONS)
    def change_sessions(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return series.change_sessions(tx, now(), **arguments)

    @command(booking.CALL_OFF_SESSIONS)
    def call_off_sessions(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return series.call_off_sessions(tx, now(), **arguments)

    @command(booking.CANCEL_SESSION)
    def cancel_session(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return usecases.cancel_session(tx, now(), **arguments)

    @query(booking.LIST_ACTIONS)
    def list_actions(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return actions.list_actions(tx, **arguments)

    @query(booking.LIST_CALENDARS)
    def list_calendars(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return calendars.list_calendars(tx, **arguments)

    @query(booking.GET_CALENDAR)
    def get_calendar(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return calendars.get_calendar(tx, **arguments)

    @command(booking.FOLLOW_CALENDAR)
    def follow_calendar(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return calendars.follow_calendar(tx, now(), self._rooms, **arguments)

    @query(booking.GET_CALENDAR_EFFECTS)
    def get_calendar_effects(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return terms.get_calendar_effects(tx, now(), self._rooms, **arguments)

    @command(booking.CHANGE_CALENDAR)
    def change_calendar(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return terms.change_calendar(tx, now(), self._rooms, **arguments)

    @command(booking.CONFIRM_CALENDAR)
    def confirm_calendar(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return calendars.confirm_calendar(tx, now(), **arguments)

    @command(booking.FETCH_CALENDAR_NOW)
    def fetch_calendar_now(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return calendars.fetch_calendar_now(tx, now(), **arguments)

    @command(booking.UNFOLLOW_CALENDAR)
    def unfollow_calendar(self, tx: Transaction, **arguments: Any) -> dict[str, Any]:
        return calendars.unfollow_calendar(tx, now(), **arguments)

    @timer(interval=FETCH_EVERY)
    def fetch_calendars(self) -> None:
        """A timer and not a ``background``, which would ask after each booking whether a calendar is due."""
        trusted = partial(fetch, trust=Trust(networks=self.settings.calendar_networks))
        following = Following(self.bus.database, self._rooms, trusted, _aside, now)
        while following.run():
            pass

    @timer(interval=EXPIRE_EVERY)
    def expire_offers(self) -> None:
        """Each in a transaction of its own: it holds the session for as short as can be."""
        database = self.bus.database
        with database.reading() as tx:
            ended = store.ended_offers(tx, now(), EXPIRED_AT_ONCE)
        for session_id, reservation_id in ended:
            with database.transaction() as tx:
                waiting.expire_offer(tx, now(), session_id=session_id, reservation_id=reservation_id)

    @timer(interval=CLOSE_EVERY)
    def close_sheets(self) -> None:
        """Each in a transaction of its own, as offers are ended."""
        database = self.bus.database
        with database.reading() as tx:
            left = store.sheets_left(tx, now() - self._sheets_close, CLOSED_AT_ONCE)
        for session_id in left:
            with database.transaction() as tx:
                attendance.close_by_itself(tx, now(), session_id=session_id)

    @timer(interval=FORGET_EVERY, eager=True)
    def forget_people(self) -> None:
        while self._forget_some():
            pass

    @timer(interval=FORGET_EVERY, eager=True)
    def purge(self) -> None:
        while self._purge_some():
            pass
        with self.bus.database.transaction() as tx:
            calendars.forget_unconfirmed(tx, now())

    def _purge_some(self) -> int:
        with self.bus.database.transaction() as tx:
            return usecases.purge_sessions(tx, now(), keep_days=self.settings.keep_sessions_days)

    @property
    def _sheets_close(self) -> timedelta:
        return timedelta(hours=self.settings.close_sheets_hours)

    @property
    def _rooms(self) -> series.Rooms:
        return series.Rooms(self.settings.room_template, self.settings.secret_key)

    def _forget_some(self) -> int:
        with self.bus.database.transaction() as tx:
            return usecases.forget_people(tx, now(), keep_days=self.settings.keep_days)


def _aside(work: Callable[[], Reading]) -> Reading:
    """Reading a large calendar takes a second or two: in a thread of its own, so that bookings go on meanwhile."""
    if not is_monkey_patched("thread"):
        return work()
    read: Reading = tpool.execute(work)
    return read
