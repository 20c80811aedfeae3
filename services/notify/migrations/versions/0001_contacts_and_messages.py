"""Contacts and messages.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("consent", sa.Boolean, nullable=False),
        sa.Column("remembered_at", MOMENT, nullable=False),
    )
    op.create_index("contacts_by_age", "contacts", ["remembered_at"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reservation_id", sa.Uuid, nullable=False),
        sa.Column("session_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("session_ends_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("correlationid", sa.String(255), nullable=False),
    )
    still_open = sa.text("due_at IS NOT NULL")
    op.create_index("messages_due", "messages", ["due_at"], postgresql_where=still_open, sqlite_where=still_open)
    op.create_index("messages_by_session", "messages", ["session_id"])
    op.create_index("messages_by_person", "messages", ["person_id"])
    op.create_index("messages_by_end", "messages", ["session_ends_at"])
