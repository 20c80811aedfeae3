"""The work that is the same for all: an event of the real contract, recorded once, and one row that it changes."""

import json
from pathlib import Path
from uuid import UUID, uuid5

import uuid_utils.compat as uuid_utils
from sqlalchemy import Column, Integer, MetaData, String, Table, Uuid, bindparam, update
from sqlalchemy.dialects.postgresql import insert

from bus.envelope import Event, encoded
from bus.times import now, written
from contracts import booking

EVENT = booking.RESERVATION_CONFIRMED
CONTENT_TYPE = "application/json"  # what every contender reads without being told how
SESSIONS = 1000  # rows to change: many, so that contenders which work in parallel seldom wait for each other
SERVICE = "seats"
QUEUE = "benchmark"
NAMEKO_QUEUE = f"evt-{EVENT.source}-{EVENT.name}--{SERVICE}.count"  # nameko's own name for it
MIGRATIONS = Path(__file__).with_name("migrations")

_SPACE = UUID("6f1f7a5e-5d5a-4b0e-9a57-0d1f2c3b4a59")
_metadata = MetaData()
seats = Table(
    "seats",
    _metadata,
    Column("session_id", Uuid(as_uuid=True), primary_key=True),
    Column("taken", Integer, nullable=False),
)
recorded = Table("recorded", _metadata, Column("event_id", String(64), primary_key=True))

# For SQLAlchemy, built once.
RECORD = insert(recorded).on_conflict_do_nothing()
TAKE = update(seats).where(seats.c.session_id == bindparam("session")).values(taken=seats.c.taken + 1)
# The same for psycopg2.
RECORD_SQL = "INSERT INTO recorded (event_id) VALUES (%s) ON CONFLICT DO NOTHING"
TAKE_SQL = "UPDATE seats SET taken = taken + 1 WHERE session_id = %s"


def session_id(number: int) -> UUID:
    return uuid5(_SPACE, str(number % SESSIONS))


def data(number: int) -> dict[str, str]:
    """The facts of one reservation, as JSON."""
    reservation = str(uuid_utils.uuid7())
    return {**EVENT.example, "reservation_id": reservation, "session_id": str(session_id(number))}


def subject(facts: dict[str, str]) -> str:
    return f"reservation/{facts['reservation_id']}"


def envelope(number: int) -> Event:
    facts = data(number)
    return Event(
        id=str(uuid_utils.uuid7()),
        source=EVENT.source,
        type=EVENT.name,
        time=written(now()),
        subject=subject(facts),
        sequence=number + 1,
        data=facts,
        correlationid=str(uuid_utils.uuid7()),
        partner="orso",
    )


def body(number: int) -> str:
    return encoded(envelope(number))


def read(text: str | bytes) -> tuple[str, str]:
    """What a peer needs of a message: the event's id, and the session whose row it changes."""
    event = json.loads(text)
    return event["id"], event["data"]["session_id"]
