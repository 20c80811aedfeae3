"""What notify asks booking: how a reservation stands at the moment when the mail about it is sent."""

from typing import Any
from uuid import UUID

from bus.client import Client, NoAnswer
from contracts.booking import DESCRIBE_RESERVATION
from contracts.wire import Refusal
from services.notify.errors import Outage, TryLater, Unwanted


def describe(client: Client, reservation_id: UUID) -> dict[str, Any]:
    """The ``ReservationLetter`` of a reservation, as JSON.

    Raises Outage when booking does not answer, Unwanted when it knows of no such reservation, TryLater when it will
    not say.
    """
    try:
        return client.ask(DESCRIBE_RESERVATION, reservation_id=reservation_id)
    except NoAnswer:
        raise Outage("booking_no_answer") from None
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise Unwanted("reservation_not_found") from None
        raise TryLater(f"booking_{refusal.code}"[:40]) from None
