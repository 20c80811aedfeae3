"""Where a reservation stands at a moment, in one word: which words and which next step its page shows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

HOLDS_END = timedelta(hours=2)  # before the start; booking's rule: a seat that is freed later is held for nobody


def standing(reservation: Mapping[str, Any], now: datetime) -> str:
    """``reservation`` is a ``contracts.booking.ReservationDetails`` as JSON; ``now`` is aware.

    With a seat: ``seat``, ``doors_open``, ``over``. In line: ``waiting``, ``passed_over``, ``last_hours``, ``free``,
    ``offered``, ``missed_out``. Ended: ``called_off``, ``declined``, ``expired``, ``given_back``, ``withdrawn``.
    """
    if reservation["state"] == "confirmed":
        return _with_a_seat(reservation, now)
    if reservation["state"] == "waiting":
        return _in_line(reservation, now)
    return _ended(reservation)


def _with_a_seat(reservation: Mapping[str, Any], now: datetime) -> str:
    if now >= datetime.fromisoformat(reservation["session"]["ends_at"]):
        return "over"
    return "doors_open" if now >= datetime.fromisoformat(reservation["join_opens_at"]) else "seat"


def _in_line(reservation: Mapping[str, Any], now: datetime) -> str:
    line, start = reservation["waiting_list"], datetime.fromisoformat(reservation["session"]["starts_at"])
    if now >= start:
        return "missed_out"
    if line["state"] == "offered":  # one whose time is over ends some seconds later
        return "offered" if now < datetime.fromisoformat(line["offer_expires_at"]) else "expired"
    if line["seat_is_free"]:
        return "free"
    if now >= start - HOLDS_END:
        return "last_hours"
    return "passed_over" if line["passed_over"] else "waiting"


def _ended(reservation: Mapping[str, Any]) -> str:
    if reservation["session"]["cancelled"]:
        return "called_off"
    line = reservation["waiting_list"]
    if line and line["state"] in {"declined", "expired"}:
        return str(line["state"])
    return "given_back" if reservation["was_confirmed"] else "withdrawn"
