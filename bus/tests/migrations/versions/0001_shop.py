"""The table of the shop and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "shop0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "shop_rows",
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("item", sa.String(255), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
