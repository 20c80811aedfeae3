"""Outbox, inbox, quarantine, requests and audit.

Written out, and not taken from ``bus.tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "bus0001"
down_revision = None

POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    outbox()
    inbox()
    op.create_table(
        "bus_quarantine",
        sa.Column("position", POSITION, primary_key=True, autoincrement=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("exchange", sa.String(255), nullable=False),
        sa.Column("routing_key", sa.String(255), nullable=False),
        sa.Column("user_id", sa.String(255)),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bus_requests",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("refusal", sa.String(100)),
        sa.Column("details", sa.Text),
        sa.Column("carried_out_at", MOMENT, nullable=False),
    )
    op.create_index("bus_requests_carried_out_at", "bus_requests", ["carried_out_at"])
    op.create_table(
        "bus_audit",
        sa.Column("position", POSITION, primary_key=True, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("operator", sa.String(100), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )


def outbox() -> None:
    op.create_table(
        "bus_outbox",
        sa.Column("position", POSITION, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("target", sa.String(100), nullable=False),
        sa.Column("routing_key", sa.String(200), nullable=False),
        sa.Column("is_command", sa.Boolean, nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("partner", sa.String(100)),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("correlationid", sa.String(64), nullable=False),
        sa.Column("causationid", sa.String(64)),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT),
        sqlite_autoincrement=True,
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index("bus_outbox_unsent", "bus_outbox", ["position"], postgresql_where=unsent, sqlite_where=unsent)


def inbox() -> None:
    op.create_table(
        "bus_inbox",
        sa.Column("position", POSITION, primary_key=True, autoincrement=True),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("error", sa.String(200)),
        sa.Column("handled_at", MOMENT),
        sa.UniqueConstraint("source", "event_id", name="bus_inbox_identity"),
        sqlite_autoincrement=True,
    )
    for name, columns, condition in (
        ("bus_inbox_pending", ["sequence", "position"], "state = 'pending'"),
        ("bus_inbox_open", ["source", "subject", "sequence"], "state IN ('pending', 'parked')"),
    ):
        where = sa.text(condition)
        op.create_index(name, "bus_inbox", columns, postgresql_where=where, sqlite_where=where)
