"""What changed about a session, and the start that the person of a message knows.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify0002"
down_revision = "notify0001"


def upgrade() -> None:
    op.add_column("messages", sa.Column("known_start", sa.DateTime(timezone=True)))
    op.add_column("messages", sa.Column("changed", sa.String(40)))
