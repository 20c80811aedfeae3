"""Access keys."""

import sqlalchemy as sa
from alembic import op

revision = "staff0003"
down_revision = "staff0002"

MOMENT = sa.DateTime(timezone=True)
GOOD = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "access_keys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_on", sa.Date),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("access_keys_by_digest", "access_keys", ["digest"], unique=True)
    op.create_index("access_keys_by_account", "access_keys", ["account_id"], postgresql_where=GOOD, sqlite_where=GOOD)
    op.create_index("access_keys_by_end", "access_keys", ["ended_at"])
