"""What kind of failure an exception is: passing (try again), permanent (park), or of the infrastructure (back off)."""

import random
import traceback
from datetime import timedelta

from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError

from contracts.wire import Refusal

ATTEMPTS_MAX = 16  # with the delays below, about eight hours
FIRST_DELAY = 0.2  # seconds
DELAY_MAX = 3600.0
ERROR_MAX = 200
FRAMES = 6

# SQLite's names, and classes of PostgreSQL's SQLSTATE: connection, read-only, resources, shutdown, system.
_CONCERN_ALL = (
    *("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_NOMEM", "SQLITE_READONLY"),
    *("SQLITE_CANTOPEN", "SQLITE_CORRUPT", "SQLITE_NOTADB"),
    *("08", "25006", "53", "57P", "58"),
)


class Permanent(Exception):
    """Raised by a handler: trying again will not help. The message is kept and shown; it holds no personal data."""


def is_permanent(error: BaseException) -> bool:
    return isinstance(error, Permanent | ValidationError)


class TransactionLost(Exception):
    """SQLite gave the transaction up by itself, as it does when the disk is full or fails. Nothing of it is kept."""


def concerns_all(error: BaseException) -> bool:
    """The database is not there, full or failing: every message would fail, and there is no use in trying each."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, TransactionLost | TimeoutError)
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "pgcode", None) or ""
    return error.connection_invalidated or isinstance(error, InterfaceError) or code.startswith(_CONCERN_ALL)


def is_infrastructure(error: BaseException) -> bool:
    """Not the fault of the message at hand: it concerns all, or the database is busy (a lock, a time-out)."""
    if isinstance(error, OperationalError):
        return getattr(error.orig, "sqlite_errorname", None) != "SQLITE_ERROR"  # which is a defect in the SQL
    return concerns_all(error)


def delay(attempts: int) -> timedelta:
    """How long to wait after this many attempts: growing by four, up to an hour, with jitter."""
    seconds = min(FIRST_DELAY * 4.0 ** (attempts - 1), DELAY_MAX)
    return timedelta(seconds=seconds * random.uniform(0.5, 1.0))


def summary(error: BaseException) -> str:
    """What is kept of an error: its kind and stable code. Messages may quote personal data, so they are left out."""
    code = error.code if isinstance(error, Refusal) else None
    words = type(error).__name__ + (f" ({code})" if code else "")
    if isinstance(error, Permanent):
        words += f": {error}"
    if isinstance(error, ValidationError):
        words += ": " + ", ".join(sorted(str(name) for name in error.normalized_messages()))
    return words[:ERROR_MAX]


def where(error: BaseException) -> str:
    """Where it was raised, innermost last: a traceback without the message, which may quote personal data."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
