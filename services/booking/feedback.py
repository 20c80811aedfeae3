"""The use cases of what people say of a session after it, and of what the staff of its partner may read of that.

Each is inside the one transaction that it is given; ``now`` is aware.
"""

import unicodedata
from datetime import datetime
from typing import Any
from uuid import UUID

from bus.transaction import Transaction
from contracts import booking
from contracts.booking import USEFUL, WORDS_MAX
from contracts.wire import Refusal
from services.booking import domain, store
from services.booking.domain import Reservation, Session
from services.booking.errors import InvalidArguments, NotFound
from services.booking.people import holds, printable
from services.booking.staff import seen_by
from services.booking.store import Opinion
from services.booking.telling import record
from services.booking.waiting import held

WORDS_PAGE = 50


def give_feedback(  # noqa: PLR0913 (the arguments of the contract)
    tx: Transaction,
    now: datetime,
    secret_key: bytes,
    *,
    reservation_id: UUID,
    token: str,
    useful: str,
    words: str = "",
) -> dict[str, Any]:
    """Say whether the session was useful, or correct it. Saying the same again is nothing to tell.

    Raises NotFound, InvalidArguments, NoSeat, NotThere, TooEarly, FeedbackClosed.
    """
    session, reservation = held(tx, secret_key, reservation_id, token)
    domain.may_rate(session, reservation, now)
    before, opinion = store.feedback_of(tx, reservation_id), Opinion(useful, legible_words(words) or None)
    store.save_feedback(tx, reservation, opinion)
    if before is None or _told(before) != _told(opinion):
        record(tx, booking.RESERVATION_RATED, session, reservation, **_told(opinion))
    return {"reservation_id": reservation_id, **_told(opinion), "until": session.feedback_until}


def get_own_feedback(
    tx: Transaction, now: datetime, secret_key: bytes, *, reservation_id: UUID, token: str
) -> dict[str, Any]:
    """What was said with this reservation, and whether it can be said, or corrected, now. Raises NotFound."""
    found = store.reservation(tx, reservation_id) if holds(token, secret_key, reservation_id) else None
    session = store.session(tx, found.session_id) if found else None
    if found is None or session is None:
        raise NotFound
    opinion = store.feedback_of(tx, reservation_id)
    return {
        "open": _is_open(session, found, now),
        "until": session.feedback_until,
        "useful": opinion.useful if opinion else None,
        "words": (opinion and opinion.words) or "",
    }


def get_feedback(
    tx: Transaction, *, session_id: UUID, actor: dict[str, Any], after: UUID | None = None
) -> dict[str, Any]:
    """How many said what, and a page of what was written. Raises NotFound, NotPermitted."""
    seen_by(tx, session_id, actor)
    counts, found = store.counts(tx, session_id), store.opinions(tx, session_id, after, WORDS_PAGE + 1)
    page = found[:WORDS_PAGE]
    return {
        "counts": {word: counts.get(word, 0) for word in USEFUL},
        "items": [{"useful": opinion.useful, "words": opinion.words} for _place, opinion in page],
        "next": page[-1][0] if len(found) > WORDS_PAGE else None,
    }


def legible_words(words: str) -> str:
    """What a person wrote, in NFC, with lines as they were. Raises InvalidArguments, never with the words in it."""
    clean = unicodedata.normalize("NFC", words.replace("\r\n", "\n")).strip()
    if len(clean) > WORDS_MAX or not all(printable(line.replace("\t", " ")) for line in clean.split("\n")):
        wrong = f"Write at most {WORDS_MAX} characters, without control characters."
        raise InvalidArguments(fields={"words": [wrong]})
    return clean


def _told(opinion: Opinion) -> dict[str, Any]:
    """What may leave booking."""
    return {"useful": opinion.useful, "in_words": opinion.words is not None}


def _is_open(session: Session, reservation: Reservation, now: datetime) -> bool:
    try:
        domain.may_rate(session, reservation, now)
    except Refusal:
        return False
    return True
