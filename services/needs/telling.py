"""What needs tells the others: facts and times, no text, no names."""

from bus.transaction import Transaction
from contracts.wire import EventType
from services.needs.domain import Need


def record(tx: Transaction, event: EventType, need: Need, **more: str) -> None:
    """Record what happened to a need; ``more`` is what the event says besides ``contracts.needs.NeedFacts``."""
    data = {
        "need_id": str(need.id),
        "partner": need.partner,
        "person_id": need.person_id,
        "channel": need.channel.value,
        **more,
    }
    tx.record(event, subject=f"need/{need.id}", partner=need.partner, data=data)
