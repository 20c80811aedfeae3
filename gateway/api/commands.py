"""What a command needs from the request that asks for it: the idempotency key, the deadline, the token."""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request, url_for

from contracts.wire import Command
from gateway.api.problems import KeyMissing, TokenMissing
from gateway.context import bus_client

LIFE = timedelta(days=3)  # a service that stops on a Friday evening is back on Monday morning

_KEY = re.compile(r"[!-~]([ -~]{0,198}[!-~])?")
_BEARER = re.compile(r"Bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)  # RFC 6750 section 2.1
_TOKEN_MAX = 100


def carry_out(command: Command, key: str, life: timedelta = LIFE, **arguments: Any) -> dict[str, Any]:
    """The result of a command, which is not worth carrying out any more after ``life``. Raises a Refusal, NoAnswer."""
    return bus_client().command(command, idempotency_key=key, deadline=datetime.now(UTC) + life, **arguments)


def idempotency_key(theirs: str | None, whose: str = "") -> str:
    """The command's key: 64 hexadecimal digits from the method, the path and the client's own key, and ``whose`` it is.

    Two clients that choose the same key for two sessions do not meet. Raises KeyMissing.
    """
    if not theirs or not _KEY.fullmatch(theirs):
        raise KeyMissing
    path = url_for(str(request.endpoint), **(request.view_args or {}))
    return hashlib.sha256(f"{whose}{request.method} {path}\n{theirs}".encode()).hexdigest()


def new_key() -> str:
    """A key for a command that is as good twice as once, and whose refusal today says nothing of tomorrow."""
    return secrets.token_hex(32)


def token(most: int = _TOKEN_MAX) -> str:
    """The token of the Authorization header, of at most so many characters. Raises TokenMissing."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    if not found or len(found[1]) > most:
        raise TokenMissing
    return found[1]
