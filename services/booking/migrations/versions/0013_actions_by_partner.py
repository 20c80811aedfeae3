"""What the staff did: for which partner, and what about it (the numbers of seats, what was changed); to be listed.

What the version before writes while both run has no partner, and only coordinators see it.
Written out, and not taken from ``tables.py``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0013"
down_revision = "booking0012"

OF_SESSION = """
    UPDATE staff_actions SET partner_id = (SELECT partner_id FROM sessions WHERE sessions.id = staff_actions.session_id)
    WHERE session_id IS NOT NULL
"""
# "orso/corsi": neither a partner's name nor a calendar's has a slash, or a sign that LIKE takes for more than itself.
OF_CALENDAR = """
    UPDATE staff_actions SET partner_id =
        (SELECT id FROM partners WHERE staff_actions.calendar LIKE partners.id || '/%')
    WHERE calendar IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("staff_actions", sa.Column("partner_id", sa.String(40)))
    op.add_column("staff_actions", sa.Column("details", sa.JSON))
    for statement in (OF_SESSION, OF_CALENDAR):
        op.execute(sa.text(statement))
    for name in ("staff_actions_by_time", "staff_actions_by_session"):
        op.drop_index(name, "staff_actions")
    for name, columns in (
        ("time", []),
        ("partner", ["partner_id"]),
        ("staff", ["staff_id"]),
        ("session", ["session_id"]),
    ):
        op.create_index(f"staff_actions_by_{name}", "staff_actions", [*columns, "at", "position"])
