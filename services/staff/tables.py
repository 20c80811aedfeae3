"""The tables of staff, with an index for every query in store.py. They belong to staff alone."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

from bus.times import UTCDateTime

metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("email", String(254), nullable=False),
    Column("role", String(20), nullable=False),
    Column("partner", String(40)),
    Column("password_hash", Text),
    Column("created_at", UTCDateTime, nullable=False),
    Column("language", String(2), nullable=False, server_default="it"),
    Column("epoch", Integer, nullable=False),
    Column("disabled_at", UTCDateTime),
    CheckConstraint("role IN ('coordinator', 'operator', 'viewer', 'prescriber')", name="accounts_role"),
    CheckConstraint("(role IN ('coordinator', 'prescriber')) = (partner IS NULL)", name="accounts_partner"),
)
Index("accounts_by_email", accounts.c.email, unique=True)
Index("accounts_by_partner", accounts.c.partner, accounts.c.email)

# Only the hash of a link's token is kept: who reads the table cannot sign in with it.
links = Table(
    "links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
)
Index("links_by_account", links.c.account_id)
Index("links_by_end", links.c.expires_at)

# Only the digest of a key is kept, as of a link.
access_keys = Table(
    "access_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("used_on", Date),
    Column("ended_at", UTCDateTime),
)
good = access_keys.c.ended_at.is_(None)
Index("access_keys_by_digest", access_keys.c.digest, unique=True)
Index("access_keys_by_account", access_keys.c.account_id, postgresql_where=good, sqlite_where=good)
Index("access_keys_by_end", access_keys.c.ended_at)

# By the hash of what was typed as an address, which need be nobody's: strangers' addresses are not kept.
attempts = Table(
    "attempts",
    metadata,
    Column("address_hash", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("wait_until", UTCDateTime, nullable=False),
    Column("last_at", UTCDateTime, nullable=False),
)
Index("attempts_by_time", attempts.c.last_at)

audit = Table(
    "audit",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(80)),  # the id of an account, or the operator's user name after "operator:"
    Column("action", String(40), nullable=False),
    Column("account_id", Uuid),  # NULL when the address or the link is nobody's
)
Index("audit_by_time", audit.c.at, audit.c.position)
Index("audit_by_actor", audit.c.actor, audit.c.at, audit.c.position)
Index("audit_by_account", audit.c.account_id, audit.c.at, audit.c.position)
