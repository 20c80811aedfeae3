"""Folding the names from before 0010, so that those who booked then are suggested too.

Written out, and not taken from ``people.py``: what ran once must stay what it was, and a rule that changes there later
needs a migration of its own anyway, as it has to fold all names anew. A test compares both for as long as they are one.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "booking0017"
down_revision = "booking0016"

BATCH = 1_000  # names at a time: there may be many, and none of them need be in memory with all the others

PLAIN = str.maketrans("łøđı", "lodi")
RESERVATIONS = sa.table(
    "reservations",
    sa.column("id", sa.Uuid),
    sa.column("name", sa.Text),
    sa.column("folded_name", sa.Text),
    sa.column("state", sa.String),
)


def upgrade() -> None:
    fold_names(op.get_bind(), BATCH)


def fold_names(connection: sa.Connection, batch: int) -> None:
    """Those of live reservations: nobody else is suggested."""
    table = RESERVATIONS.c
    live = table.state.in_(("confirmed", "waiting", "offered"))
    unfolded = sa.select(table.id, table.name).where(live, table.name.is_not(None), table.folded_name.is_(None))
    write = sa.update(RESERVATIONS).where(table.id == sa.bindparam("key")).values(folded_name=sa.bindparam("folded"))
    chunk = unfolded.order_by(table.id).limit(batch)
    while found := connection.execute(chunk).all():
        connection.execute(write, [{"key": row.id, "folded": folded(row.name)} for row in found])
        chunk = unfolded.where(table.id > found[-1].id).order_by(table.id).limit(batch)


def folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(PLAIN)
    letters = "".join(sign if sign.isalnum() or not unicodedata.combining(sign) else "" for sign in plain)
    words = "".join(sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in letters).split()
    return " ".join(sorted(words))
