"""What arrives, needs with their messages, the people who wrote them.

Written out, and not taken from ``tables``: what ran once must stay what it was.
"""

import sqlalchemy as sa
from alembic import op

revision = "needs0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("retention", sa.String(10), nullable=False),
        sa.Column("partner", sa.String(40)),
        sa.Column("due_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(20)),
        sa.Column("problem", sa.String(40)),
        sa.Column("sender", sa.String(254)),
        sa.Column("subject", sa.String(300)),
        sa.Column("need_id", sa.Uuid),
        sa.Column("message_id", sa.Uuid),
        sa.CheckConstraint("(due_at IS NULL) = (outcome IS NOT NULL)", name="arrivals_outcome"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("arrivals_by_age", "arrivals", ["retention", "arrived_at"])
    op.create_index(
        "arrivals_due",
        "arrivals",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "external_ids",
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("external_id", sa.String(64), nullable=False),
        sa.Column("arrival_id", sa.Uuid, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source", "external_id"),
    )
    op.create_index("external_ids_by_time", "external_ids", ["at"])
    op.create_table(
        "needs",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("partner", sa.String(40)),
        sa.Column("assignee", sa.Uuid),
        sa.Column("person_id", sa.String(64)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("retention", sa.String(10), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT),
        sa.Column("positions", sa.Integer, nullable=False),
        sa.CheckConstraint("state IN ('new', 'open', 'waiting', 'resolved')", name="needs_state"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("needs_by_person", "needs", ["person_id", "changed_at"])
    for name, columns, which in (
        ("needs_open", [], "state != 'resolved'"),
        ("needs_open_by_partner", ["partner"], "state != 'resolved'"),
        ("needs_open_by_assignee", ["assignee"], "state != 'resolved'"),
        ("needs_resolved", [], "state = 'resolved'"),
        ("needs_resolved_by_partner", ["partner"], "state = 'resolved'"),
    ):
        partial = {"postgresql_where": sa.text(which), "sqlite_where": sa.text(which)}
        op.create_index(name, "needs", [*columns, "changed_at", "id"], **partial)
    op.create_table(
        "people",
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("bounced_at", MOMENT),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("need_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("direction", sa.String(4), nullable=False),
        sa.Column("is_automatic", sa.Boolean, nullable=False),
        sa.Column("partner", sa.String(40)),
        sa.Column("retention", sa.String(10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.String(64)),
        sa.Column("author", sa.Uuid),
        sa.Column("mail_id", sa.String(250)),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("arrival_id", sa.Uuid),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrivals.id"]),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("messages_by_mail_id", "messages", ["mail_id"])
    op.create_index("messages_by_arrival", "messages", ["arrival_id"])
    op.create_index("messages_in_order", "messages", ["need_id", "position"], unique=True)
    op.create_table(
        "suggestions",
        sa.Column("need_id", sa.Uuid, nullable=False),
        sa.Column("other_id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["needs.id"]),
        sa.PrimaryKeyConstraint("need_id", "other_id"),
    )
    op.create_index("suggestions_by_other", "suggestions", ["other_id"])
    op.create_table(
        "attachments",
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.PrimaryKeyConstraint("message_id", "part"),
    )
    op.create_table(
        "staff_actions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff_id", sa.Uuid, nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("need_id", sa.Uuid, nullable=False),
        sa.Column("partner", sa.String(40)),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("staff_actions_by_time", "staff_actions", ["at"])
    op.create_index("staff_actions_by_need", "staff_actions", ["need_id", "at"])
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("validity", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("past", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
