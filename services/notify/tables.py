"""Notify's tables, with an index for every query in store.py. They belong to notify alone."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, MetaData, String, Table, Text, Uuid, true

from bus.times import UTCDateTime

metadata = MetaData()

contacts = Table(
    "contacts",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("address", String(254), nullable=False),
    Column("name", String(120), nullable=False),
    Column("language", String(2), nullable=False),
    Column("consent", Boolean, nullable=False),
    Column("remembered_at", UTCDateTime, nullable=False),
    # What the person wants to be written besides what is needed; kept when they book again.
    Column("reminders", Boolean, nullable=False, server_default=true()),
    Column("thanks", Boolean, nullable=False, server_default=true()),
)
Index("contacts_by_age", contacts.c.remembered_at)

# One row for each message to one person. The primary key says what the message is about (domain.message_key), so a
# second wish for it changes nothing. One that is about a person alone has no reservation and no session; a refusal has
# no end of the session, as it is forgotten with those.
messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("reservation_id", Uuid),
    Column("session_id", Uuid),
    Column("person_id", String(64), nullable=False),
    Column("staff_id", Uuid),  # who booked for the person and is written to in place of them; NULL: the person is
    Column("state", String(10), nullable=False),  # queued, claimed, sent, dropped, failed
    Column("reason", String(40)),  # why it was put off, dropped or failed
    Column("attempts", Integer, nullable=False),
    Column("due_at", UTCDateTime),  # from when it may be taken: the end of the lease while claimed, NULL once settled
    Column("session_ends_at", UTCDateTime),
    Column("known_start", UTCDateTime),  # of the session, as the person knows it; NULL in rows from before 0002
    # Words of domain.TOLD_CHANGES, in "session_changed"; "excused" in "missed"; in "refused" the command and the code.
    Column("changed", String(40)),
    Column("moved_from", Uuid),  # the reservation on another date, in "moved" and "moved_to_list" alone
    Column("created_at", UTCDateTime, nullable=False),
    Column("settled_at", UTCDateTime),
    Column("correlationid", String(255), nullable=False),
)
_open = messages.c.due_at.is_not(None)
Index("messages_due", messages.c.due_at, postgresql_where=_open, sqlite_where=_open)
Index("messages_by_session", messages.c.session_id)
Index("messages_by_person", messages.c.person_id)
Index("messages_by_end", messages.c.session_ends_at)
of_people = messages.c.session_ends_at.is_(None)
Index("messages_of_people", messages.c.created_at, postgresql_where=of_people, sqlite_where=of_people)

# A link to a person's own page. Its secret is in the mail alone, made from the id; its message has the same id.
personal_links = Table(
    "personal_links",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", String(64), nullable=False),
    Column("language", String(2), nullable=False),  # of the page on which it was asked for
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Column("used_at", UTCDateTime),
)
Index("personal_links_by_person", personal_links.c.person_id, personal_links.c.created_at)
Index("personal_links_by_end", personal_links.c.expires_at)

# What somebody of the staff answers to a person who wrote; its message has the same id. Kept until it is sent.
answers = Table(
    "answers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("address", String(254), nullable=False),
    Column("name", String(120), nullable=False),
    Column("language", String(2), nullable=False),
    Column("mailbox", String(254), nullable=False),  # whom it is from
    Column("reply_to", String(254), nullable=False),
    Column("mail_id", String(250), nullable=False),
    Column("references", JSON, nullable=False),
    Column("site_mark", String(40), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("text", Text, nullable=False),
)
