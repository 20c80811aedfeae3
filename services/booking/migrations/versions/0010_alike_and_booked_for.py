"""Finding who may be the same person, and who was booked for by an account.

Written out, and not taken from ``tables.py``: what ran once must stay what it was. Names from before are not folded:
nobody is suggested for them, and they are soon forgotten.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0010"
down_revision = "booking0009"

LIVE = "state IN ('confirmed', 'waiting', 'offered')"
FOR_SOMEBODY = "person_id IS NOT NULL AND moved_to IS NULL AND booked_by IS NOT NULL"


def upgrade() -> None:
    op.add_column("reservations", sa.Column("folded_name", sa.Text))
    for name, columns, condition in (
        ("reservations_by_name", ["session_id", "folded_name"], f"{LIVE} AND folded_name IS NOT NULL"),
        ("reservations_by_phone", ["session_id", "phone"], f"{LIVE} AND phone IS NOT NULL"),
        ("reservations_for_somebody", ["booked_by", "booked_at", "id"], FOR_SOMEBODY),
    ):
        where = sa.text(condition)
        op.create_index(name, "reservations", columns, postgresql_where=where, sqlite_where=where)
