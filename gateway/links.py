"""Addresses that lead out of the site and back: in a calendar entry, in an answer of the API."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from gateway.context import settings


def join_link(reservation: Mapping[str, Any]) -> str | None:
    """The absolute address that leads into the room, by way of the join page; None for who has no seat.

    ``reservation`` is a ``contracts.booking.ReservationDetails`` as JSON.
    """
    if not reservation["join_token"]:
        return None
    path = url_for("join.arrive", reservation_id=reservation["id"], token=reservation["join_token"])
    return settings().public_url.rstrip("/") + path


def way_in_for_staff(token: str) -> str:
    """The absolute address that lets a member of the staff in once, by the token of a one-time link."""
    return settings().public_url.rstrip("/") + url_for("desk.enter", token=token)
