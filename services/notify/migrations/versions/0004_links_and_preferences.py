"""Links to a person's own page, messages that are about no reservation, and what people want to be written.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify0004"
down_revision = "notify0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("reminders", "thanks"):
        op.add_column("contacts", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true()))
    with op.batch_alter_table("messages") as messages:  # SQLite changes no column: the table is written anew
        for name, kind in (("reservation_id", sa.Uuid()), ("session_id", sa.Uuid()), ("session_ends_at", MOMENT)):
            messages.alter_column(name, existing_type=kind, nullable=True)
    of_nothing_else = sa.text("session_ends_at IS NULL")
    op.create_index(
        "messages_of_people",
        "messages",
        ["created_at"],
        postgresql_where=of_nothing_else,
        sqlite_where=of_nothing_else,
    )
    op.create_table(
        "personal_links",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_index("personal_links_by_person", "personal_links", ["person_id", "created_at"])
    op.create_index("personal_links_by_end", "personal_links", ["expires_at"])
