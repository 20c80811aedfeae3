"""Who booked for a person, and whether the person can be reached by e-mail.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0005"
down_revision = "booking0004"


def upgrade() -> None:
    op.add_column("reservations", sa.Column("phone", sa.String(16)))
    op.add_column("reservations", sa.Column("booked_by", sa.Uuid))
    op.add_column("reservations", sa.Column("reachable", sa.Boolean, nullable=False, server_default=sa.true()))
