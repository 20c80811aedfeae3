"""Stories to watch after a session.

Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0014"
down_revision = "booking0013"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("stories", sa.JSON, nullable=False, server_default=sa.text("'[]'")))
