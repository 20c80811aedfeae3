"""The cursor of a list: where a page ended, as text that a caller hands back and need not understand."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

from bus.times import written
from services.booking.errors import InvalidArguments
from services.booking.store import Place


def cursor(place: Place) -> str:
    return urlsafe_b64encode(f"{written(place.starts_at)} {place.id.hex}".encode()).decode().rstrip("=")


def place(cursor: str) -> Place:
    """The place that ``cursor`` names. Raises InvalidArguments when it is not one of ours."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        moment, _, identity = text.partition(" ")
        return Place(_aware(moment), UUID(hex=identity))
    except (ValueError, OverflowError):
        raise InvalidArguments(fields={"after": ["Not a page of this list; start again without it."]}) from None


def _aware(moment: str) -> datetime:
    """An RFC 3339 time in UTC. Raises ValueError; OverflowError near the years 1 and 9999."""
    read = datetime.fromisoformat(moment)
    if read.utcoffset() is None:
        raise ValueError
    return read.astimezone(UTC)
