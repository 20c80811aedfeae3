"""How many found sessions useful that are deleted.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0018"
down_revision = "booking0017"


def upgrade() -> None:
    op.create_table(
        "feedback_totals",
        sa.Column("partner_id", sa.String(40), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("title", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("yes", "partly", "no")),
    )
