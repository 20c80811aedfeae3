"""The cursors of booking's lists of sessions and reservations."""

from uuid import UUID

from bus.cursors import packed, unpacked
from services.booking.store import Place


def cursor(place: Place) -> str:
    return packed(place.starts_at, place.id.hex)


def place(cursor: str) -> Place:
    """The place that ``cursor`` names. Raises InvalidArguments when it is not one of ours."""
    return Place(*unpacked(cursor, lambda text: UUID(hex=text)))
