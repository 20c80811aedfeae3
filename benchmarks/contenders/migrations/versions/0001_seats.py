"""The tables of the work: the row that an event changes, and the ids that the peers have seen."""

import sqlalchemy as sa
from alembic import op

revision = "seats0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "seats",
        sa.Column("session_id", sa.Uuid(as_uuid=True), primary_key=True),
        sa.Column("taken", sa.Integer, nullable=False),
    )
    op.create_table("recorded", sa.Column("event_id", sa.String(64), primary_key=True))
