"""The JSON Schema (2020-12) of each message, made from its marshmallow schema, for readers in other languages.

Also the rule that a version never loses a field: ``broken_promises`` compares what was published with what would be.
"""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from contracts.wire import Command, EventType, Query

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TRACEPARENT = {
    "type": "string",
    "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
    "description": "W3C Trace Context, level 1",
}

# OpenAPI 3.1 has JSON Schema 2020-12 as its schema language; nested schemas are written in place.
_plugin = MarshmallowPlugin(schema_name_resolver=lambda _schema: "")
APISpec("Bottega", "1", "3.1.0", plugins=[_plugin])
_ANNOTATIONS = ("description", "title", "examples", "default")
_ATTRIBUTE = {"type": "string", "minLength": 1, "maxLength": 255}
_TEXT = {"type": "string", "minLength": 1}
_KEY = {
    "type": "string",
    "pattern": "^[ -~]{1,200}$",
    "description": "the same key with the same arguments gives the first answer again",
}
_LATER = {
    "type": "boolean",
    "default": False,
    "description": "true where it comes once more because nobody waits for the answer now: the person is written to if "
    "it is refused. With it or without, it is the same command",
}
_DEADLINE = {
    "type": "string",
    "format": "date-time",
    "description": "RFC 3339, UTC; what arrives later is not carried out",
}

ENVELOPE: dict[str, Any] = {
    "$schema": DIALECT,
    "title": "envelope",
    "description": "The body of every event: a CloudEvents 1.0 envelope in JSON, structured mode.",
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1, "maxLength": 64, "description": "also the AMQP message_id"},
        "source": {"type": "string", "pattern": "^/bottega/[a-z]+$", "description": "the service that says it"},
        "type": {**_ATTRIBUTE, "description": "the event type with its version; also the AMQP routing key"},
        "time": {"type": "string", "format": "date-time", "description": "when it was recorded, in UTC"},
        "subject": {**_ATTRIBUTE, "description": "what it happened to, as in reservation/018f6f2e-…"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"type": "string", "format": "uri-reference", "description": "the JSON Schema of data"},
        "sequence": {
            "type": "string",
            "pattern": "^[0-9]{20}$",
            "description": "rises for each subject, not by one; padded, so that it sorts as text",
        },
        "correlationid": {**_ATTRIBUTE, "description": "one for a person's request and all that follows from it"},
        "causationid": {**_ATTRIBUTE, "description": "the id of the event that led to this one"},
        "partner": {**_ATTRIBUTE, "description": "the slug of the partner that it is about"},
        "data": {"type": "object"},
    },
    "required": [
        "specversion",
        "id",
        "source",
        "type",
        "time",
        "subject",
        "datacontenttype",
        "dataschema",
        "sequence",
        "correlationid",
        "data",
    ],
}


def event_schema(event: EventType) -> dict[str, Any]:
    """The schema of an event's ``data``."""
    return _document(event.name, event.summary, event.schema, event.example)


def arguments_schema(request: Query) -> dict[str, Any]:
    """The schema of a request's ``kwargs``: a query may have a deadline, a command must, and an idempotency key."""
    schema = _document(request.routing_key, request.summary, request.arguments, arguments_example(request))
    schema["properties"]["deadline"] = _DEADLINE
    if isinstance(request, Command):
        schema["properties"]["idempotency_key"] = _KEY
        if request.tells_later:
            schema["properties"]["later"] = _LATER
        schema["required"] = sorted([*schema.get("required", []), "idempotency_key", "deadline"])
    return schema


def result_schema(request: Query) -> dict[str, Any]:
    words = f"The result of {request.routing_key}."
    return _document(f"{request.routing_key}.result", words, request.result, request.result_example)


def arguments_example(request: Query) -> dict[str, Any]:
    if not isinstance(request, Command):
        return request.example
    return {**request.example, "idempotency_key": "5e1f0c9a", "deadline": "2026-12-01T15:00:00+00:00"}


def broken_promises(published: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What a reader or a caller of ``published`` relies on and ``now`` no longer keeps, in words; empty when nothing.

    A field may be added. It may not go, change its type or its values, or become optional in what is told, nor
    obligatory in what is asked (a schema that refuses unknown fields is one for what is asked).
    """
    return sorted(_broken(published, now, ""))


def _broken(published: dict[str, Any], now: dict[str, Any], path: str) -> list[str]:
    broken = []
    for name, before in published.get("properties", {}).items():
        after = now.get("properties", {}).get(name)
        if after is None:
            broken.append(f"{path}{name} is gone")
        elif "properties" in before or "properties" in before.get("items", {}):
            broken += _broken(before.get("items", before), after.get("items", after), f"{path}{name}.")
        elif _bare(before) != _bare(after):
            broken.append(f"{path}{name} changed")
    return broken + [f"{path}{name} {words}" for name, words in _obligations(published, now)]


def _obligations(published: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str]]:
    before, after = set(published.get("required", [])), set(now.get("required", []))
    if now.get("additionalProperties") is False:
        return [(name, "became obligatory") for name in after - before]
    return [(name, "became optional") for name in (before - after) & set(now.get("properties", {}))]


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in _ANNOTATIONS}


def _document(title: str, summary: str, schema: type[Schema], example: dict[str, Any]) -> dict[str, Any]:
    described = {"$schema": DIALECT, "title": title, "description": summary}
    fields = _plugin.converter.schema2jsonschema(schema())  # type: ignore[union-attr]  # set by APISpec
    return {**described, **fields, "examples": [example]}
