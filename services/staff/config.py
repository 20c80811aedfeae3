"""The settings of staff, read once from the environment."""

from dataclasses import dataclass
from pathlib import Path

from bus import config
from bus.config import setting

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, repr=False, kw_only=True)  # its database's password belongs in no log
class Settings:
    database_uri: str = setting("STAFF_DATABASE_URI", parse=config.database_uri, help="where accounts are kept")
    amqp_uri: str | None = setting(
        "STAFF_AMQP_URI", parse=config.amqp_uri, default=None, help="the message broker; not needed when embedded"
    )
    public_url: str = setting(
        "PUBLIC_URL",
        parse=config.base_url,
        default="http://localhost:8000",
        help="the address of the website, for one-time links",
    )
