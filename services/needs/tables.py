"""The tables of needs, with an index for every query in store.py. They belong to needs alone."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    literal_column,
)

from bus.times import UTCDateTime

metadata = MetaData()

# What came in, as it came, before anything was made of it. A row is never changed but for what became of it.
arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("arrived_at", UTCDateTime, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("retention", String(10), nullable=False),
    Column("partner", String(40)),  # who may see it; NULL: coordinators
    Column("due_at", UTCDateTime),  # from when it may be taken up; NULL once it was
    Column("attempts", Integer, nullable=False),
    Column("outcome", String(20)),
    Column("problem", String(40)),  # why it is in quarantine
    Column("sender", String(254)),  # of a mail that belongs to no need: its address, for who looks at it
    Column("subject", String(300)),
    Column("need_id", Uuid),  # what was made of it
    Column("message_id", Uuid),
    CheckConstraint("(due_at IS NULL) = (outcome IS NOT NULL)", name="arrivals_outcome"),
)

# By its ``person_id``, how somebody who wrote is reached. A row goes with the last need of theirs.
people = Table(
    "people",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("address", String(254), nullable=False),
    Column("bounced_at", UTCDateTime),  # a mail to the address came back for good
)

# The row is also the lock of the conversation: who adds a message holds it.
needs = Table(
    "needs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("partner", String(40)),
    Column("assignee", Uuid),  # an account of the staff
    Column("person_id", String(64)),
    Column("language", String(2), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("retention", String(10), nullable=False),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("changed_at", UTCDateTime, nullable=False),
    Column("resolved_at", UTCDateTime),
    Column("positions", Integer, nullable=False),
    CheckConstraint("state IN ('new', 'open', 'waiting', 'resolved')", name="needs_state"),
)
Index("needs_by_person", needs.c.person_id, needs.c.changed_at)
_unresolved = needs.c.state != literal_column("'resolved'")
_resolved = needs.c.state == literal_column("'resolved'")
for _name, _columns, _which in (
    ("needs_open", (), _unresolved),
    ("needs_open_by_partner", (needs.c.partner,), _unresolved),
    ("needs_open_by_assignee", (needs.c.assignee,), _unresolved),
    ("needs_resolved", (), _resolved),
    ("needs_resolved_by_partner", (needs.c.partner,), _resolved),
):
    Index(_name, *_columns, needs.c.changed_at, needs.c.id, postgresql_where=_which, sqlite_where=_which)

messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("need_id", ForeignKey("needs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("direction", String(4), nullable=False),
    Column("is_automatic", Boolean, nullable=False),
    Column("partner", String(40)),
    Column("retention", String(10), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("person_id", String(64)),  # who wrote it, where it came in
    Column("author", Uuid),  # the account of who wrote it, where it went out
    Column("mail_id", String(250)),  # its Message-ID
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),  # quotes and signature
    Column("html", Text, nullable=False),  # without anything that acts
    Column("arrival_id", ForeignKey("arrivals.id")),
)
Index("messages_in_order", messages.c.need_id, messages.c.position, unique=True)
Index("messages_by_mail_id", messages.c.mail_id)
Index("messages_by_arrival", messages.c.arrival_id)

# What is the same outside is one message here, however often and by whichever way it comes.
external_ids = Table(
    "external_ids",
    metadata,
    Column("source", String(20), primary_key=True),
    Column("external_id", String(64), primary_key=True),
    Column("arrival_id", Uuid, nullable=False),  # by which it came first
    Column("at", UTCDateTime, nullable=False),
)
Index("external_ids_by_time", external_ids.c.at)

# The bytes stay in the arrival: ``part`` says which part of the mail it is.
attachments = Table(
    "attachments",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
)

# What the staff did, for who asks later: no words, no names.
staff_actions = Table(
    "staff_actions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("action", String(20), nullable=False),
    Column("need_id", Uuid, nullable=False),
    Column("partner", String(40)),  # in charge when it was done
)
Index("staff_actions_by_time", staff_actions.c.at)
Index("staff_actions_by_need", staff_actions.c.need_id, staff_actions.c.at)

# How far each mailbox was read over IMAP.
mailboxes = Table(
    "mailboxes",
    metadata,
    Column("name", String(400), primary_key=True),  # without the password
    Column("validity", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("past", BigInteger, nullable=False),
)

# Needs that may belong together: told to the staff, never done by itself.
suggestions = Table(
    "suggestions",
    metadata,
    Column("need_id", ForeignKey("needs.id"), primary_key=True),
    Column("other_id", ForeignKey("needs.id"), primary_key=True),
    Column("reason", String(20), nullable=False),
    Column("at", UTCDateTime, nullable=False),
)
Index("suggestions_by_other", suggestions.c.other_id)

_due = arrivals.c.due_at.is_not(None)
Index("arrivals_due", arrivals.c.due_at, postgresql_where=_due, sqlite_where=_due)
Index("arrivals_by_age", arrivals.c.retention, arrivals.c.arrived_at)
