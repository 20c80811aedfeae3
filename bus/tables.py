"""The tables of the bus, the same in every service's database."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from bus.times import UTCDateTime

metadata = MetaData()
_Position = BigInteger().with_variant(Integer, "sqlite")

# What is to be published. ``position`` is also the event's sequence: it never goes back, and two transactions that
# record events of one subject get theirs in the order of their commits.
outbox = Table(
    "bus_outbox",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=True),
    Column("event_id", String(36), nullable=False),
    Column("target", String(100), nullable=False),  # the exchange of an event, the service of a command
    Column("routing_key", String(200), nullable=False),
    Column("is_command", Boolean, nullable=False),
    Column("subject", String(255), nullable=False),
    Column("partner", String(100)),
    Column("data", Text, nullable=False),
    Column("correlationid", String(64), nullable=False),
    Column("causationid", String(64)),
    Column("recorded_at", UTCDateTime, nullable=False),
    Column("sent_at", UTCDateTime),
    sqlite_autoincrement=True,
)
Index(
    "bus_outbox_unsent",
    outbox.c.position,
    postgresql_where=outbox.c.sent_at.is_(None),
    sqlite_where=outbox.c.sent_at.is_(None),
)

# What has arrived. The unique constraint makes redelivery harmless.
inbox = Table(
    "bus_inbox",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=True),
    Column("source", String(100), nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("type", String(200), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("state", String(10), nullable=False),  # pending, done, parked, dropped
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", UTCDateTime, nullable=False),
    Column("error", String(200)),
    Column("handled_at", UTCDateTime),
    UniqueConstraint("source", "event_id", name="bus_inbox_identity"),
    sqlite_autoincrement=True,
)
_OPEN = text("state IN ('pending', 'parked')")
_PENDING_ONLY = text("state = 'pending'")
Index(
    "bus_inbox_pending",
    inbox.c.sequence,
    inbox.c.position,
    postgresql_where=_PENDING_ONLY,
    sqlite_where=_PENDING_ONLY,
)
Index(
    "bus_inbox_open",
    inbox.c.source,
    inbox.c.subject,
    inbox.c.sequence,
    postgresql_where=_OPEN,
    sqlite_where=_OPEN,
)

# As literals: SQLite uses a partial index only where the query names its condition in so many words.
PENDING: ColumnElement[str] = literal_column("'pending'")
PARKED: ColumnElement[str] = literal_column("'parked'")

# What arrived and cannot be read as an event at all.
quarantine = Table(
    "bus_quarantine",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=True),
    Column("reason", String(200), nullable=False),
    Column("exchange", String(255), nullable=False),
    Column("routing_key", String(255), nullable=False),
    Column("user_id", String(255)),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", UTCDateTime, nullable=False),
    sqlite_autoincrement=True,
)

# The answers to commands, by idempotency key.
requests = Table(
    "bus_requests",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("result", Text),
    Column("refusal", String(100)),
    Column("details", Text),
    Column("carried_out_at", UTCDateTime, nullable=False),
)
Index("bus_requests_carried_out_at", requests.c.carried_out_at)

# What operators did to messages, by hand.
audit = Table(
    "bus_audit",
    metadata,
    Column("position", _Position, primary_key=True, autoincrement=True),
    Column("at", UTCDateTime, nullable=False),
    Column("operator", String(100), nullable=False),
    Column("action", String(20), nullable=False),
    Column("source", String(100), nullable=False),
    Column("event_id", String(64), nullable=False),
    sqlite_autoincrement=True,
)
