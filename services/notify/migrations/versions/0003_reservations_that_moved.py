"""The reservation on another date that the one of a message came in the place of.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify0003"
down_revision = "notify0002"


def upgrade() -> None:
    op.add_column("messages", sa.Column("moved_from", sa.Uuid))
