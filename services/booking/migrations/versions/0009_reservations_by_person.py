"""Finding what one person booked, whatever the session.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0009"
down_revision = "booking0008"


def upgrade() -> None:
    known = sa.text("person_id IS NOT NULL AND moved_to IS NULL")
    op.create_index("reservations_by_person", "reservations", ["person_id"], postgresql_where=known, sqlite_where=known)
