"""The envelope on the wire: CloudEvents 1.0, JSON, structured mode."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bus.times import written

SPECVERSION = "1.0"
SOURCE_PREFIX = "/bottega/"
RPC_EXCHANGE = "nameko-rpc"
CONTENT_TYPE = "application/cloudevents+json"
ACCEPTED_TYPES = (CONTENT_TYPE, "application/json")
BODY_MAX = 1 << 20  # bytes
ATTRIBUTE_MAX = 255  # characters
SEQUENCE_DIGITS = 20  # so that sequences sort as text, as the CloudEvents extension "sequence" asks


class Unreadable(Exception):
    """What arrived is not an event that can be kept in order; the message says why, without quoting it."""


@dataclass(frozen=True)
class Event:
    """An event as a handler gets it. ``sequence`` rises for each subject; ``time`` is RFC 3339; ``data`` is JSON."""

    id: str
    source: str  # the service
    type: str
    time: str
    subject: str
    sequence: int
    data: dict[str, Any]
    correlationid: str
    causationid: str | None = None
    partner: str | None = None


def encoded(event: Event) -> str:
    """The body on the wire."""
    envelope = {
        "specversion": SPECVERSION,
        "id": event.id,
        "source": SOURCE_PREFIX + event.source,
        "type": event.type,
        "time": event.time,
        "subject": event.subject,
        "datacontenttype": "application/json",
        "dataschema": f"contracts/schemas/{event.type}.json",
        "sequence": str(event.sequence).zfill(SEQUENCE_DIGITS),
        "correlationid": event.correlationid,
        "data": event.data,
    }
    optional = {"causationid": event.causationid, "partner": event.partner}
    envelope.update({name: value for name, value in optional.items() if value is not None})
    return json.dumps(envelope, ensure_ascii=False)


def decoded(body: str) -> Event:
    """Read the body of a message. Raises Unreadable."""
    envelope = _json_object(body)
    if envelope.get("specversion") != SPECVERSION:
        raise Unreadable("not a CloudEvents 1.0 envelope")
    if not isinstance(envelope.get("data"), dict):
        raise Unreadable("data is not an object")
    source = _attribute(envelope, "source")
    if not source.startswith(SOURCE_PREFIX):
        raise Unreadable(f"source does not start with {SOURCE_PREFIX}")
    identifier = _attribute(envelope, "id")
    if len(identifier) > 64:
        raise Unreadable("id is longer than 64 characters")
    return Event(
        id=identifier,
        source=source.removeprefix(SOURCE_PREFIX),
        type=_attribute(envelope, "type"),
        time=_time(_attribute(envelope, "time")),
        subject=_attribute(envelope, "subject"),
        sequence=_sequence(_attribute(envelope, "sequence")),
        data=envelope["data"],
        correlationid=_attribute(envelope, "correlationid", identifier),
        causationid=envelope.get("causationid") and _attribute(envelope, "causationid"),
        partner=envelope.get("partner") and _attribute(envelope, "partner"),
    )


def traceparent(correlation: str, event_id: str) -> str | None:
    """W3C Trace Context, level 1: the trace is the correlation, the parent the event. None for foreign ids."""
    trace, parent = correlation.replace("-", ""), event_id.replace("-", "")[-16:]
    try:
        well_formed = len(trace) == 32 and len(parent) == 16 and int(trace, 16) and int(parent, 16)
    except ValueError:
        well_formed = False
    return f"00-{trace}-{parent}-01" if well_formed else None


def _json_object(body: str) -> dict[str, Any]:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if not isinstance(envelope, dict):
        raise Unreadable("not a JSON object")
    return envelope


def _attribute(envelope: dict[str, Any], name: str, default: str = "") -> str:
    value = envelope.get(name, default)
    if not isinstance(value, str) or not 0 < len(value) <= ATTRIBUTE_MAX or not value.isprintable():
        raise Unreadable(f"{name} is not a printable string of 1 to {ATTRIBUTE_MAX} characters")
    return value


def _time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return written(moment)
    except (ValueError, OverflowError):
        pass
    raise Unreadable("time is not RFC 3339")


def _sequence(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) < 1 << 63:
        raise Unreadable("sequence is not a whole number")
    return int(text)
