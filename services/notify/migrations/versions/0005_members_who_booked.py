"""The member of the staff who booked for the person of a message, and whom it goes to.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify0005"
down_revision = "notify0004"


def upgrade() -> None:
    op.add_column("messages", sa.Column("staff_id", sa.Uuid))
