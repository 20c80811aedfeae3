"""What a person has written so far of a booking, kept in their own browser until it is booked or half an hour old."""

from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from flask import url_for
from werkzeug.wrappers import Response

from gateway.cookies import SignedCookie

_COOKIE = SignedCookie("prenota", seconds=30 * 60)


@dataclass(frozen=True)
class Draft:
    """``key`` is the idempotency key of this booking: a second click asks for the same, other words for another."""

    name: str = ""
    email: str = ""
    consent: bool = False
    key: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.name and self.email and self.consent)

    def with_answers(self, **answers: Any) -> "Draft":
        changed = replace(self, **answers)
        return self if changed == self and self.key else replace(changed, key=str(uuid4()))


def read() -> Draft:
    content = _COOKIE.read() or {}
    try:
        return Draft(**content)
    except TypeError:  # written by another version of this site
        return Draft()


def write(response: Response, draft: Draft, session_id: UUID) -> None:
    _COOKIE.write(response, asdict(draft), path=_path(session_id))


def clear(response: Response, session_id: UUID) -> None:
    _COOKIE.clear(response, path=_path(session_id))


def _path(session_id: UUID) -> str:
    return url_for("booking.name", session_id=session_id)
