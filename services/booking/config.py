"""Booking's settings, read once from the environment."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from bus import config
from bus.config import setting
from services.booking.domain import SHEET_CLOSES

MIGRATIONS = Path(__file__).parent / "migrations"


def room_template(text: str) -> str:
    """An address with ``{room}`` in it. Raises ValueError."""
    if not text.startswith("https://") or text.count("{room}") != 1:
        raise ValueError("must start with https:// and have {room} in it once")
    return text


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks with commas in between. Raises ValueError."""
    try:
        return tuple(ip_network(each.strip()) for each in text.split(",") if each.strip())
    except ValueError:
        raise ValueError("must be networks with commas in between, as 10.2.0.0/16") from None


@dataclass(frozen=True, repr=False, kw_only=True)  # its keys belong in no log
class Settings:
    database_uri: str = setting(
        "BOOKING_DATABASE_URI", parse=config.database_uri, help="where sessions and reservations are kept"
    )
    amqp_uri: str | None = setting(
        "BOOKING_AMQP_URI", parse=config.amqp_uri, default=None, help="the message broker; not needed when embedded"
    )
    person_key: bytes = setting(
        "PERSON_KEY", parse=config.secret, help="the key of the pseudonyms, the same for booking and notify"
    )
    secret_key: bytes = setting(
        "BOOKING_SECRET_KEY", parse=config.secret, help="the key of the links that manage reservations"
    )
    room_template: str | None = setting(
        "BOOKING_ROOM_TEMPLATE",
        parse=room_template,
        default=None,
        help="where rooms are that nobody gave an address, as https://meet.jit.si/{room}",
    )
    keep_days: int = setting(
        "BOOKING_KEEP_DAYS",
        parse=config.whole_number(0, 3650),
        default=90,
        help="how many days after the end of a session it is forgotten who booked",
    )
    keep_sessions_days: int = setting(
        "BOOKING_KEEP_SESSIONS_DAYS",
        parse=config.whole_number(1, 36_500),
        default=730,
        help="how many days after its end a session is deleted, with all that is known of it",
    )
    close_sheets_hours: int = setting(
        "BOOKING_CLOSE_SHEETS_HOURS",
        parse=config.whole_number(1, 720),
        default=int(SHEET_CLOSES / timedelta(hours=1)),
        help="how many hours after the end of a session its attendance sheet closes by itself",
    )
    calendar_networks: tuple[IPv4Network | IPv6Network, ...] = setting(
        "BOOKING_CALENDAR_NETWORKS",
        parse=networks,
        default=(),
        help="private networks from which partners' calendars may be fetched, as 10.2.0.0/16; none if not set",
    )
