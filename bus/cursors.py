"""The cursor of a list: where a page ended, as text that a caller hands back and need not understand."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from bus.times import written
from contracts.wire import InvalidArguments

T = TypeVar("T")

POSITION_MAX = 2**63 - 1  # of a row: what a database takes for a number


def packed(moment: datetime, identity: str) -> str:
    """Of a list in the order of times, and of what tells rows of the same time apart."""
    return urlsafe_b64encode(f"{written(moment)} {identity}".encode()).decode().rstrip("=")


def unpacked(cursor: str, read: Callable[[str], T]) -> tuple[datetime, T]:
    """The time, and the identity as ``read`` makes it of its text. Raises InvalidArguments for none of ours."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        moment, _, identity = text.partition(" ")
        return _aware(moment), read(identity)
    except (ValueError, OverflowError):
        raise InvalidArguments(fields={"after": ["Not a page of this list; start again without it."]}) from None


def moment_cursor(moment: datetime, position: int) -> str:
    """Of a list in the order of times and the positions of rows."""
    return packed(moment, str(position))


def moment_place(cursor: str) -> tuple[datetime, int]:
    """The time and position that ``cursor`` names. Raises InvalidArguments when it is not one of ours."""
    return unpacked(cursor, _position)


def _position(text: str) -> int:
    """Raises ValueError."""
    if not text.isdigit() or not 0 < int(text) <= POSITION_MAX:
        raise ValueError
    return int(text)


def _aware(moment: str) -> datetime:
    """An RFC 3339 time in UTC. Raises ValueError; OverflowError near the years 1 and 9999."""
    read = datetime.fromisoformat(moment)
    if read.utcoffset() is None:
        raise ValueError
    return read.astimezone(UTC)
