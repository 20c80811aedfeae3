"""Time as the bus keeps it: aware datetimes in UTC, RFC 3339 on the wire."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

from contracts.wire import InvalidArguments


def now() -> datetime:
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """RFC 3339 in UTC, for example ``2026-12-01T16:00:00+00:00``."""
    return moment.astimezone(UTC).isoformat()


def in_utc(moment: datetime | None, field: str) -> datetime | None:
    """A time (aware) that came in the argument ``field``. Raises InvalidArguments for one that UTC cannot say."""
    try:
        return moment and moment.astimezone(UTC)
    except OverflowError:  # near the years 1 and 9999
        raise InvalidArguments(fields={field: ["Choose a time in this age."]}) from None


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps no time zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
