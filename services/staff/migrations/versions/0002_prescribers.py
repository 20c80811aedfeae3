"""Accounts of prescribers, who book for people and belong to no partner.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "staff0002"
down_revision = "staff0001"


def upgrade() -> None:
    with op.batch_alter_table("accounts") as table:
        for name, condition in (
            ("accounts_role", "role IN ('coordinator', 'operator', 'viewer', 'prescriber')"),
            ("accounts_partner", "(role IN ('coordinator', 'prescriber')) = (partner IS NULL)"),
        ):
            table.drop_constraint(name, type_="check")
            table.create_check_constraint(name, sa.text(condition))
