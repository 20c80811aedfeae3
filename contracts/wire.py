"""How a message is declared: events, commands and queries, each with a marshmallow schema and an example."""

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema


class Refusal(Exception):
    """A service says no, for a reason that the caller can act on.

    ``code`` is stable and travels on the wire; ``details`` is a JSON object for programs.
    Neither ever holds personal data.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message)
        self.details = details


class InvalidArguments(Refusal):
    """The arguments do not fit the schema; ``details["fields"]`` maps each field to its messages."""

    code = "invalid_arguments"


class NotFound(Refusal):
    code = "not_found"


class KeyReused(Refusal):
    """The idempotency key was used before, with other arguments."""

    code = "idempotency_key_reused"


class DeadlinePassed(Refusal):
    """The request arrived after its deadline and was not carried out."""

    code = "deadline_passed"


class StrictSchema(Schema):
    """For what is asked of us: a field that is not known is an error."""

    class Meta:
        unknown = RAISE


class TolerantSchema(Schema):
    """For what is told to us: unknown fields are ignored, so that a newer writer breaks no reader."""

    class Meta:
        unknown = EXCLUDE


@cache
def instance(schema: type[Schema]) -> Schema:
    """The one instance of a schema: it has no state, and making one costs more than using it."""
    return schema()


@dataclass(frozen=True)
class EventType:
    """One kind of event: published by ``source`` on the exchange ``<source>.events`` with ``name`` as routing key."""

    source: str
    name: str
    schema: type[Schema]
    example: dict[str, Any]
    summary: str

    @property
    def exchange(self) -> str:
        return f"{self.source}.events"


@dataclass(frozen=True)
class Query:
    """A question: changes nothing, transient on the wire, worthless after its deadline."""

    service: str
    name: str
    arguments: type[Schema]
    result: type[Schema]
    example: dict[str, Any]
    result_example: dict[str, Any]
    summary: str
    refusals: tuple[str, ...] = ()
    callers: tuple[str, ...] = ("gateway",)
    """The services that may ask; the broker enforces it."""
    public: bool = False
    """Partners' systems may ask too."""

    @property
    def routing_key(self) -> str:
        return f"{self.service}.{self.name}"


@dataclass(frozen=True)
class Command(Query):
    """A request to change something: persistent, with the keywords ``idempotency_key`` and ``deadline`` beside its
    arguments (the key: 1 to 200 printable ASCII characters; the deadline: RFC 3339, UTC)."""

    tells_later: bool = False
    """A person gives it, and is written to when it is refused after nobody waits for the answer any more. Then it comes
    once more with the same key and the keyword ``later`` (true), which is no part of what is asked for."""
