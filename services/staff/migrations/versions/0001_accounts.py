"""Accounts, one-time links, failures to sign in, and the audit.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "staff0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("partner", sa.String(40)),
        sa.Column("password_hash", sa.Text),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("disabled_at", MOMENT),
        sa.CheckConstraint("role IN ('coordinator', 'operator', 'viewer')", name="accounts_role"),
        sa.CheckConstraint("(role = 'coordinator') = (partner IS NULL)", name="accounts_partner"),
    )
    op.create_index("accounts_by_email", "accounts", ["email"], unique=True)
    op.create_table(
        "links",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_index("links_by_account", "links", ["account_id"])
    op.create_index("links_by_end", "links", ["expires_at"])
    op.create_table(
        "attempts",
        sa.Column("address_hash", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("wait_until", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
    )
    op.create_index("attempts_by_time", "attempts", ["last_at"])
    op.create_table(
        "audit",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(80)),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("account_id", sa.Uuid),
    )
    op.create_index("audit_by_time", "audit", ["at"])
