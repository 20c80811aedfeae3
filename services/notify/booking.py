"""What notify asks booking: how reservations and sessions stand when the mails about them are sent."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from bus.client import Client, NoAnswer
from contracts.booking import DESCRIBE_RESERVATIONS, GET_SESSION
from contracts.wire import NotFound, Query, Refusal
from services.notify.errors import Outage, TryLater


def describe(client: Client, reservation_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The ``ReservationLetter`` of each reservation that booking knows, as JSON.

    Raises Outage when booking does not answer, TryLater when it will not say.
    """
    answer = _asked(client, DESCRIBE_RESERVATIONS, reservation_ids=[str(key) for key in reservation_ids])
    return {UUID(letter["id"]): letter for letter in answer["items"]} if answer else {}


def session(client: Client, session_id: UUID) -> dict[str, Any] | None:
    """The ``Session`` as JSON; None when there is none. Raises as ``describe``."""
    return _asked(client, GET_SESSION, session_id=session_id)


def _asked(client: Client, query: Query, **arguments: Any) -> dict[str, Any] | None:
    try:
        return client.ask(query, **arguments)
    except NoAnswer:
        raise Outage("booking_no_answer") from None
    except Refusal as refusal:
        if refusal.code == NotFound.code:
            return None
        raise TryLater(f"booking_{refusal.code}"[:40]) from None
