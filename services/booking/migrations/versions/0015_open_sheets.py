"""Finding the attendance sheets that nobody has closed.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0015"
down_revision = "booking0014"


def upgrade() -> None:
    still = sa.text("cancelled_at IS NULL AND sheet_closed_at IS NULL")
    columns = ["ends_at", "id"]
    op.create_index("sessions_with_open_sheets", "sessions", columns, postgresql_where=still, sqlite_where=still)
