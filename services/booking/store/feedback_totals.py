"""How many people found sessions useful, by partner, month and title: those that are here, and those long gone."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bus.transaction import Transaction
from contracts.booking import USEFUL
from services.booking.tables import feedback, feedback_totals, sessions

ROME = ZoneInfo("Europe/Rome")


class Total(NamedTuple):
    """``month`` is YYYY-MM, of the start of the sessions in Turin."""

    month: str
    partner: str
    title: str


Counts = dict[Total, dict[str, int]]


def totals(tx: Transaction) -> Counts:
    """All of them, one for each month, partner and title: for who runs the platform, and not for a page."""
    counts = _counted(tx, _SAID)
    for row in tx.connection.execute(select(feedback_totals)).mappings():
        _add(counts, Total(row["month"], row["partner_id"], row["title"]), {word: row[word] for word in USEFUL})
    return counts


def keep_totals(tx: Transaction, reservation_ids: Sequence[UUID]) -> None:
    """Add to the totals what was said with these reservations, which are about to be deleted."""
    dialect = postgresql if tx.dialect == "postgresql" else sqlite
    for total, said in _counted(tx, _SAID.where(feedback.c.reservation_id.in_(reservation_ids))).items():
        key = {"partner_id": total.partner, "month": total.month, "title": total.title}
        insert = dialect.insert(feedback_totals).values(**key, **said)
        more = {word: feedback_totals.c[word] + said[word] for word in USEFUL}
        tx.connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=more))


def _counted(tx: Transaction, said: Select[Any]) -> Counts:
    counts: Counts = {}
    for row in tx.connection.execute(said):
        month = f"{row.starts_at.astimezone(ROME):%Y-%m}"
        _add(counts, Total(month, row.partner_id, row.title), {row.useful: row.many})
    return counts


def _add(counts: Counts, total: Total, said: dict[str, int]) -> None:
    known = counts.setdefault(total, dict.fromkeys(USEFUL, 0))
    for word, many in said.items():
        known[word] += many


_SAID = (
    select(sessions.c.partner_id, sessions.c.title, sessions.c.starts_at, feedback.c.useful, func.count().label("many"))
    .join(sessions, sessions.c.id == feedback.c.session_id)
    .group_by(sessions.c.partner_id, sessions.c.title, sessions.c.starts_at, feedback.c.useful)
)
