"""What notify asks booking: how reservations stand when the mails about them are sent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bus.client import Client, NoAnswer
from contracts.booking import DESCRIBE_RESERVATIONS
from contracts.wire import Refusal
from services.notify.errors import Outage, TryLater


def describe(client: Client, reservation_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The ``ReservationLetter`` of each reservation that booking knows, as JSON.

    Raises Outage when booking does not answer, TryLater when it will not say.
    """
    try:
        answer = client.ask(DESCRIBE_RESERVATIONS, reservation_ids=[str(key) for key in reservation_ids])
    except NoAnswer:
        raise Outage("booking_no_answer") from None
    except Refusal as refusal:
        raise TryLater(f"booking_{refusal.code}"[:40]) from None
    return {UUID(letter["id"]): letter for letter in answer["items"]}
