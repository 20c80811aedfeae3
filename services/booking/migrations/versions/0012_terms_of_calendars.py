"""What a calendar gave its sessions, to tell which of them somebody changed by hand; and the rooms that it had before.

Written out, and not taken from ``tables.py``: what ran once must stay what it was. Until now a calendar's terms stayed
the same: they are what it gave. Of a calendar that nobody follows it counts what its sessions have.
"""

import sqlalchemy as sa
from alembic import op

revision = "booking0012"
down_revision = "booking0011"

GIVE = """
UPDATE imported_sessions SET
    given_capacity = coalesce((SELECT c.capacity FROM calendars c WHERE c.partner_id = imported_sessions.partner_id
        AND c.name = imported_sessions.calendar), (SELECT capacity FROM sessions s WHERE s.id = session_id)),
    given_room_url = coalesce((SELECT c.room_url FROM calendars c WHERE c.partner_id = imported_sessions.partner_id
        AND c.name = imported_sessions.calendar), (SELECT room_url FROM sessions s WHERE s.id = session_id))
"""


def upgrade() -> None:
    op.add_column("calendars", sa.Column("former_rooms", sa.JSON, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("imported_sessions", sa.Column("given_capacity", sa.Integer))
    op.add_column("imported_sessions", sa.Column("given_room_url", sa.Text))
    op.execute(GIVE)
