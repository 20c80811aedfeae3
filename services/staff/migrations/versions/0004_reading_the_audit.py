"""Indexes to read the audit by time and by account, and accounts by partner."""

from alembic import op

revision = "staff0004"
down_revision = "staff0003"


def upgrade() -> None:
    op.drop_index("audit_by_time", "audit")
    op.create_index("audit_by_time", "audit", ["at", "position"])
    op.create_index("audit_by_actor", "audit", ["actor", "at", "position"])
    op.create_index("audit_by_account", "audit", ["account_id", "at", "position"])
    op.create_index("accounts_by_partner", "accounts", ["partner", "email"])
