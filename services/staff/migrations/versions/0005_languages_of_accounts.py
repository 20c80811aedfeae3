"""The language in which the owner of an account is written to."""

import sqlalchemy as sa
from alembic import op

revision = "staff0005"
down_revision = "staff0004"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("language", sa.String(2), nullable=False, server_default="it"))
