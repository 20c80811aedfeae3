"""Partners' own calendars that are followed, and what the staff does with them.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0011"
down_revision = "booking0010"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "calendars",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("partner_id", sa.String(40), sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("room_url", sa.Text),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("followed_at", moment, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        *(sa.Column(name, moment) for name in ("read_at", "fetched_at", "next_at", "claimed_until")),
        sa.Column("failures", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("problem", sa.String(20)),
        sa.Column("problem_about", sa.Text),
        *(sa.Column(name, sa.JSON) for name in ("preview", "last", "changes")),
        sa.Column("changed_at", moment),
        sa.CheckConstraint("state IN ('new', 'asking', 'confirmed', 'following')", name="calendars_state"),
    )
    op.create_index("calendars_by_partner", "calendars", ["partner_id", "name"], unique=True)
    op.create_index("calendars_due", "calendars", ["next_at"])
    with op.batch_alter_table("staff_actions") as table:
        table.alter_column("session_id", existing_type=sa.Uuid, nullable=True)
        table.add_column(sa.Column("calendar", sa.String(81)))
