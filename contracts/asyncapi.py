"""The AsyncAPI 3.0 document: what goes over RabbitMQ, for partners who build a service or replace one.

Made from the declarations in contracts/*.py; what the words mean is in docs/partners.md.
"""

import importlib
import pkgutil
from typing import Any

import contracts
from contracts.json_schemas import TRACEPARENT, arguments_example
from contracts.wire import Command, EventType, Query

RPC_EXCHANGE = "nameko-rpc"
EXAMPLE_EVENT_ID = "018f6f2e-a1b0-7c44-b0de-3a5b6c7d8e9f"
EXAMPLE_CORRELATION = "018f6f2e-9a3f-7f10-9c1d-2b4a6c8e0f13"

_AMQP = "0.3.0"
_REPLIES = "replies"
_BUS_REFUSALS = (
    "deadline_passed",
    "idempotency_key_reused",
    "internal_error",
    "invalid_arguments",
    "unavailable",
    "unknown_request",
)
_OPERATOR = "The account of the service's operator is the only one that the broker lets publish here."


def events() -> list[EventType]:
    """Every event of every module in contracts/."""
    return [event for module in _modules() for event in module.EVENTS]


def requests() -> list[Query]:
    """Every query and command of every module in contracts/."""
    return [request for module in _modules() for request in module.REQUESTS]


def document() -> dict[str, Any]:
    """The whole document, as JSON."""
    told, asked = events(), requests()
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": "application/json",
        "servers": {"broker": _server()},
        "channels": {
            **{event.name: _event_channel(event) for event in told},
            **{request.routing_key: _request_channel(request) for request in asked},
            _REPLIES: _reply_channel(asked),
        },
        "operations": {
            **{f"publish.{event.name}": _publish(event) for event in told},
            **{f"answer.{request.routing_key}": _answer(request) for request in asked},
        },
        "components": {
            "messages": {
                **{event.name: _event_message(event) for event in told},
                **{request.routing_key: _request_message(request) for request in asked},
                **{f"{request.routing_key}.result": _result_message(request) for request in asked},
            },
            "securitySchemes": {"account": {"type": "userPassword", "description": "an account for each operator"}},
        },
    }


def example_envelope(event: EventType) -> dict[str, Any]:
    """A whole event as it looks on the wire."""
    subject = event.name.partition(".")[0]
    return {
        "specversion": "1.0",
        "id": EXAMPLE_EVENT_ID,
        "source": f"/bottega/{event.source}",
        "type": event.name,
        "time": "2026-11-20T09:30:00+00:00",
        "subject": f"{subject}/{event.example[f'{subject}_id']}",
        "datacontenttype": "application/json",
        "dataschema": f"contracts/schemas/{event.name}.json",
        "sequence": f"{42:020}",
        "correlationid": EXAMPLE_CORRELATION,
        "partner": event.example["partner"],
        "data": event.example,
    }


def _modules() -> list[Any]:
    names = sorted(module.name for module in pkgutil.iter_modules(contracts.__path__))
    modules = [importlib.import_module(f"contracts.{name}") for name in names if name not in {"asyncapi", "generate"}]
    return [module for module in modules if hasattr(module, "EVENTS")]


def _info() -> dict[str, Any]:
    return {
        "title": "Bottega",
        "version": "1.0.0",
        "description": (
            "What the services of Bottega say and answer over RabbitMQ. Events are CloudEvents 1.0, structured mode, "
            "as `contracts/schemas/envelope.json` says; they carry no personal data. Queries and commands follow "
            "nameko's RPC convention. A version never changes meaning or loses a field: ignore the fields that you "
            "do not know."
        ),
        "license": {"name": "EUPL-1.2"},
    }


def _server() -> dict[str, Any]:
    return {
        "host": "{host}:{port}",
        "protocol": "amqps",
        "protocolVersion": "0-9-1",
        "description": "The RabbitMQ of the centre; its operator gives each partner an account.",
        "variables": {"host": {"default": "rabbitmq.example.org"}, "port": {"default": "5671"}},
        "security": [{"$ref": "#/components/securitySchemes/account"}],
    }


def _event_channel(event: EventType) -> dict[str, Any]:
    return {
        "address": event.name,
        "description": f"{event.summary} Bind a queue of your own with this routing key. {_OPERATOR}",
        "messages": {"event": {"$ref": f"#/components/messages/{event.name}"}},
        "bindings": _topic_exchange(event.exchange),
    }


def _request_channel(request: Query) -> dict[str, Any]:
    return {
        "address": request.routing_key,
        "description": f"{request.summary} The queue is rpc-{request.service}.",
        "messages": {"request": {"$ref": f"#/components/messages/{request.routing_key}"}},
        "bindings": _topic_exchange(RPC_EXCHANGE),
    }


def _reply_channel(asked: list[Query]) -> dict[str, Any]:
    messages = {
        f"{request.routing_key}.result": {"$ref": f"#/components/messages/{request.routing_key}.result"}
        for request in asked
    }
    return {
        "address": None,
        "description": "The caller's own queue, bound with the routing key that it gave as AMQP reply_to.",
        "messages": messages,
        "bindings": _topic_exchange(RPC_EXCHANGE),
    }


def _topic_exchange(name: str) -> dict[str, Any]:
    exchange = {"name": name, "type": "topic", "durable": True, "autoDelete": False, "vhost": "/"}
    return {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": _AMQP}}


def _publish(event: EventType) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{event.name}"},
        "summary": event.summary,
        "description": "Persistent, confirmed; AMQP message_id is the envelope's id, user_id the account.",
        "messages": [{"$ref": f"#/channels/{event.name}/messages/event"}],
        "bindings": {"amqp": {"deliveryMode": 2, "userId": event.source, "ack": True, "bindingVersion": _AMQP}},
    }


def _answer(request: Query) -> dict[str, Any]:
    persistent = isinstance(request, Command)
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{request.routing_key}"},
        "summary": request.summary,
        "messages": [{"$ref": f"#/channels/{request.routing_key}/messages/request"}],
        "reply": {
            "address": {"location": "$message.header#/reply_to", "description": "the AMQP property of this name"},
            "channel": {"$ref": f"#/channels/{_REPLIES}"},
            "messages": [{"$ref": f"#/channels/{_REPLIES}/messages/{request.routing_key}.result"}],
        },
        "bindings": {"amqp": {"deliveryMode": 2 if persistent else 1, "ack": True, "bindingVersion": _AMQP}},
    }


def _event_message(event: EventType) -> dict[str, Any]:
    narrowed = {
        "source": {"const": f"/bottega/{event.source}"},
        "type": {"const": event.name},
        "dataschema": {"const": f"contracts/schemas/{event.name}.json"},
        "data": {"$ref": f"./schemas/{event.name}.json"},
    }
    return {
        "name": event.name,
        "summary": event.summary,
        "contentType": "application/cloudevents+json",
        "headers": {"type": "object", "properties": {"traceparent": TRACEPARENT}},
        "correlationId": {"location": "$message.payload#/correlationid"},
        "payload": {"allOf": [{"$ref": "./schemas/envelope.json"}, {"type": "object", "properties": narrowed}]},
        "examples": [{"name": "example", "payload": example_envelope(event)}],
        "bindings": {"amqp": {"contentEncoding": "utf-8", "bindingVersion": _AMQP}},
    }


def _request_message(request: Query) -> dict[str, Any]:
    return {
        "name": request.routing_key,
        "summary": request.summary,
        "headers": _request_headers(),
        "correlationId": {"location": "$message.header#/correlation_id"},
        "payload": {
            "type": "object",
            "properties": {
                "args": {"type": "array", "maxItems": 0},
                "kwargs": {"$ref": f"./schemas/{request.routing_key}.json"},
            },
            "required": ["args", "kwargs"],
        },
        "examples": [{"name": "example", "payload": {"args": [], "kwargs": arguments_example(request)}}],
        "bindings": {"amqp": {"contentEncoding": "utf-8", "bindingVersion": _AMQP}},
    }


def _request_headers() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "AMQP properties and headers; reply_to and correlation_id are properties",
        "properties": {
            "reply_to": {"type": "string"},
            "correlation_id": {"type": "string"},
            "traceparent": TRACEPARENT,
        },
        "required": ["reply_to", "correlation_id"],
    }


def _result_message(request: Query) -> dict[str, Any]:
    codes = [*request.refusals, *(code for code in _BUS_REFUSALS if code not in request.refusals)]
    refusal = {
        "type": ["object", "null"],
        "properties": {
            "exc_type": {"type": "string", "description": f"a stable code: {', '.join(codes)}"},
            "exc_path": {"type": "string", "description": "the same code, where nameko puts a class path"},
            "exc_args": {"type": "array"},
            "value": {"type": "string", "description": "for logs"},
            "details": {"type": "object", "description": "for programs, as fields of invalid_arguments"},
        },
        "required": ["exc_type"],
    }
    return {
        "name": f"{request.routing_key}.result",
        "summary": f"What {request.routing_key} answers: a result, or an error with a stable code.",
        "headers": {"type": "object", "properties": {"correlation_id": {"type": "string"}}},
        "correlationId": {"location": "$message.header#/correlation_id"},
        "payload": {
            "type": "object",
            "properties": {
                "result": {"oneOf": [{"$ref": f"./schemas/{request.routing_key}.result.json"}, {"type": "null"}]},
                "error": refusal,
            },
            "required": ["result", "error"],
        },
        "examples": [{"name": "example", "payload": {"result": request.result_example, "error": None}}],
        "bindings": {"amqp": {"contentEncoding": "utf-8", "bindingVersion": _AMQP}},
    }
