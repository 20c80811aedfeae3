"""Series: sessions that were published together, and how often a session changed.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0003"
down_revision = "booking0002"


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("partner_id", sa.String(40), sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
    )
    with op.batch_alter_table("sessions") as table:
        table.add_column(sa.Column("series_id", sa.Uuid, sa.ForeignKey("series.id", name="sessions_series")))
        table.add_column(sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("0")))
    where = sa.text("series_id IS NOT NULL")
    op.create_index(
        "sessions_by_series", "sessions", ["series_id", "starts_at"], postgresql_where=where, sqlite_where=where
    )
