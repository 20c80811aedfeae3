"""What people say of a session after it; and who waits, in the order of the line.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0006"
down_revision = "booking0005"


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("reservation_id", sa.Uuid, sa.ForeignKey("reservations.id"), primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("useful", sa.String(10), nullable=False),
        sa.Column("words", sa.Text),
        sa.Column("shown_as", sa.Uuid, nullable=False),
        sa.CheckConstraint("useful IN ('yes', 'partly', 'no')", name="feedback_useful"),
    )
    op.create_index("feedback_by_session", "feedback", ["session_id", "useful"])
    for name, table, columns, condition in (
        ("feedback_in_words", "feedback", ["session_id", "shown_as"], "words IS NOT NULL"),
        ("reservations_standing_in_line", "reservations", ["session_id", "ticket"], "state IN ('waiting', 'offered')"),
    ):
        where = sa.text(condition)
        op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)
