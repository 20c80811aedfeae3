"""What a reservation that moved to another date has in common with the one before, and which came in its place.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0007"
down_revision = "booking0006"


def upgrade() -> None:
    op.add_column("reservations", sa.Column("calendar_id", sa.Uuid))
    op.add_column("reservations", sa.Column("moved_to", sa.Uuid))
