"""Who a program acts for: a member of the staff, by the access key in the Authorization header (RFC 6750)."""

from datetime import timedelta
from functools import wraps
from typing import Any

from flask import g, request

from bus.client import NoAnswer
from contracts.secret import KEY_PATTERN, digest
from contracts.wire import Command
from gateway.api.commands import carry_out, idempotency_key, new_key, token
from gateway.api.document import KEY_SCHEME, F
from gateway.api.problems import AccessKeyMissing, AccessKeyRefused, TokenMissing
from gateway.api.requests import pending
from gateway.members import Member, members

PATIENCE = timedelta(seconds=30)  # as at the desk: later, somebody else may have decided otherwise

documented: dict[str, Any] = {"security": [{KEY_SCHEME: []}]}


def keyed(view: F) -> F:
    """Let in who shows a good key, before anything else of the request is looked at."""

    @wraps(view)
    def with_key(*args: Any, **kwargs: Any) -> Any:
        g.api_member = _holder()
        return view(*args, **kwargs)

    return with_key  # type: ignore[return-value]  # wraps keeps the signature


def actor() -> dict[str, Any]:
    """Who the key at hand acts for, as commands and queries of the staff carry it."""
    member: Member = g.api_member
    return member.actor


def own_key() -> str:
    """The command's key from the Idempotency-Key header; two members who choose the same do not meet."""
    return idempotency_key(request.headers.get("Idempotency-Key"), whose=f"{actor()['id']} ")


def obey(command: Command, key: str = "", **arguments: Any) -> Any:
    """The response to a command of the member at hand: what it came to, or 202. Raises Refusal, NoAnswer."""
    key = key or new_key()
    try:
        return carry_out(command, key, PATIENCE, actor=actor(), **arguments)
    except NoAnswer as silence:
        return pending(silence, key)


def _holder() -> Member:
    """Raises AccessKeyMissing, AccessKeyRefused, NoAnswer."""
    try:
        shown = token()
    except TokenMissing:
        raise AccessKeyMissing from None
    member = members().by_key(digest(shown)) if KEY_PATTERN.fullmatch(shown) else None
    if member is None:
        raise AccessKeyRefused
    return member
