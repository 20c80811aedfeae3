"""Which session came from which event of a partner's own calendar.

Written out, and not taken from ``imported.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0004"
down_revision = "booking0003"


def upgrade() -> None:
    op.create_table(
        "imported_sessions",
        sa.Column("partner_id", sa.String(40), primary_key=True),
        sa.Column("calendar", sa.String(40), primary_key=True),
        sa.Column("uid", sa.Text, primary_key=True),
        sa.Column("recurrence", sa.String(10), primary_key=True),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("fingerprint", sa.String(64)),
    )
