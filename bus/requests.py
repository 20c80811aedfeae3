"""Commands carried out once: the answer is kept under the idempotency key, in the transaction of the effect."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bus.database import Database
from bus.tables import requests
from bus.times import now
from bus.transaction import Transaction
from contracts.wire import Command, DeadlinePassed, InvalidArguments, KeyReused, Query, Refusal, instance

KEY_MAX = 200


# Built once: SQLAlchemy takes longer to build them than to run them. The second sets what it is given besides the key.
_TAKE = {
    "postgresql": postgresql.insert(requests).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(requests).on_conflict_do_nothing(),
}
_ANSWER = update(requests).where(requests.c.key == bindparam("of"))


class RemoteRefusal(Refusal):
    """A refusal whose code came over the wire, or out of the table of answers."""

    def __init__(self, code: str, message: str = "", details: dict[str, Any] | None = None) -> None:
        super().__init__(message or code, **(details or {}))
        self.code = code  # type: ignore[misc]  # here it belongs to the instance


def loaded(query: Query, arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments as the schema reads them. Raises InvalidArguments."""
    try:
        return dict(instance(query.arguments).load(arguments))
    except ValidationError as error:
        raise InvalidArguments("the arguments do not fit", fields=error.normalized_messages()) from None


@dataclass(frozen=True)
class Refused:
    """A command that was refused, with the ``code``, when nobody waited for its answer any more.

    ``arguments`` are as its schema loads them.
    """

    command: Command
    key: str
    code: str
    arguments: dict[str, Any]


def carry_out(
    database: Database,
    command: Command,
    arguments: dict[str, Any],
    do: Callable[..., dict[str, Any]],
    tell: Callable[[Transaction, Refused], None] | None = None,
) -> dict[str, Any]:
    """Carry out ``command`` unless its key was used before; then give the same answer as then.

    ``arguments`` is what came over the wire, with ``idempotency_key`` and ``deadline``; ``do(tx, **loaded)`` makes the
    effect. Raises Refusal; the refusals of ``do`` are remembered too. ``tell`` is called with the refusal of a command
    that came with ``later``, in the transaction that remembers it, and each time that it comes again: what it sends
    must have a key of its own.
    """
    arguments = dict(arguments)
    key, deadline = _key(arguments.pop("idempotency_key", None)), _deadline(arguments.pop("deadline", None))
    later = command.tells_later and _later(arguments.pop("later", False))
    fingerprint = _fingerprint(key, command, arguments)
    try:
        with database.transaction() as tx:
            earlier = _begin(tx, key, fingerprint)
            if earlier is not None:
                return earlier
            if deadline < now():
                raise DeadlinePassed
            result = dict(instance(command.result).dump(do(tx, **loaded(command, arguments))))
            tx.connection.execute(_ANSWER, {"of": key, "result": json.dumps(result)})
            return result
    except KeyReused:
        raise
    except Refusal as refusal:
        if isinstance(refusal, _Remembered) and not later:
            raise
        with database.transaction() as tx:
            final = _remembered(tx, key, fingerprint, refusal)
            if later and final and tell:
                _tell(tx, Refused(command, key, final.code, arguments), tell)
        raise


def outcome(tx: Transaction, idempotency_key: str) -> dict[str, Any]:
    """What became of a command, as ``contracts.booking.Outcome``."""
    row = tx.connection.execute(select(requests).where(requests.c.key == idempotency_key)).one_or_none()
    if row is None:
        return {"done": False, "result": None, "refusal": None}
    return {"done": True, "result": row.result and json.loads(row.result), "refusal": row.refusal}


class _Remembered(RemoteRefusal):
    """A refusal given again; it is in the table already."""


def _begin(tx: Transaction, key: str, fingerprint: str) -> dict[str, Any] | None:
    """Take the key, or answer what it got. A second request with the key waits here for the first to commit."""
    row = {"key": key, "fingerprint": fingerprint, "carried_out_at": now()}
    if tx.connection.execute(_TAKE[tx.dialect], row).rowcount == 1:
        return None
    earlier = tx.connection.execute(select(requests).where(requests.c.key == key)).one()
    if earlier.fingerprint != fingerprint:
        raise KeyReused("the idempotency key was used with other arguments")
    if earlier.refusal:
        raise _Remembered(earlier.refusal, details=json.loads(earlier.details))
    return dict(json.loads(earlier.result))


def _remembered(tx: Transaction, key: str, fingerprint: str, refusal: Refusal) -> Refusal | None:
    """The refusal that the key got, by now or before; None when another delivery was carried out meanwhile."""
    if isinstance(refusal, _Remembered):
        return refusal
    try:
        if _begin(tx, key, fingerprint) is not None:
            return None
    except _Remembered as earlier:
        return earlier
    tx.connection.execute(_ANSWER, {"of": key, "refusal": refusal.code, "details": json.dumps(refusal.details)})
    return refusal


def _tell(tx: Transaction, refused: Refused, tell: Callable[[Transaction, Refused], None]) -> None:
    try:
        given = loaded(refused.command, refused.arguments)
    except InvalidArguments:
        return  # it does not say who asked
    tell(tx, replace(refused, arguments=given))


def _key(key: Any) -> str:
    if not isinstance(key, str) or not 1 <= len(key) <= KEY_MAX or not key.isascii() or not key.isprintable():
        raise InvalidArguments("a command needs an idempotency key", fields={"idempotency_key": ["1 to 200 ASCII"]})
    return key


def _deadline(text: Any) -> datetime:
    try:
        deadline = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        deadline = None
    if deadline is None or deadline.tzinfo is None:
        raise InvalidArguments("a command needs a deadline", fields={"deadline": ["RFC 3339, UTC"]})
    return deadline


def _later(word: Any) -> bool:
    if not isinstance(word, bool):
        raise InvalidArguments("later is true or false", fields={"later": ["true or false"]})
    return word


def _fingerprint(key: str, command: Command, arguments: dict[str, Any]) -> str:
    """Whether two requests with one key ask for the same; salted with it, so as to link no two requests of a person."""
    canonical = json.dumps([command.routing_key, arguments], sort_keys=True, default=str)
    return hmac.new(key.encode(), canonical.encode(), hashlib.sha256).hexdigest()
