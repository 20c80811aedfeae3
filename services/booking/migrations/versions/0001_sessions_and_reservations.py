"""Partners, sessions and reservations.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    sessions()
    reservations()
    indexes()


def sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("partner_id", sa.String(40), sa.ForeignKey("partners.id"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("opens_at", MOMENT, nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("room_url", sa.Text, nullable=False),
        sa.Column("cancelled_at", MOMENT),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("waiting", sa.Integer, nullable=False),
        sa.Column("tickets", sa.Integer, nullable=False),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name="sessions_never_oversold"),
        sa.CheckConstraint(
            "waiting = 0 OR (waiting > 0 AND taken = capacity)", name="sessions_nobody_waits_beside_a_free_seat"
        ),
    )


def reservations() -> None:
    op.create_table(
        "reservations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.Uuid, sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("person_id", sa.String(64)),
        sa.Column("name", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("ticket", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("booked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("cancelled_at", MOMENT),
        sa.CheckConstraint("state IN ('confirmed', 'waiting', 'cancelled')", name="reservations_state"),
    )


def indexes() -> None:
    to_come = "cancelled_at IS NULL"
    for name, table, columns, condition, unique in (
        ("sessions_by_start", "sessions", ["starts_at", "id"], to_come, False),
        ("sessions_by_language", "sessions", ["language", "starts_at", "id"], to_come, False),
        ("sessions_by_partner", "sessions", ["partner_id", "starts_at", "id"], to_come, False),
        ("sessions_by_end", "sessions", ["ends_at"], None, False),
        ("reservations_live", "reservations", ["session_id", "person_id"], "state != 'cancelled'", True),
        ("reservations_in_line", "reservations", ["session_id", "ticket"], "state = 'waiting'", True),
        ("reservations_known", "reservations", ["session_id"], "person_id IS NOT NULL", False),
    ):
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, unique=unique, postgresql_where=where, sqlite_where=where)
