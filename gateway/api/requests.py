"""GET /requests/{id}: what became of a command that no service had carried out when the API answered 202."""

import hashlib
from typing import Any

from flask import Response, jsonify, url_for
from itsdangerous import BadSignature, Signer

from bus.client import NoAnswer
from contracts import booking
from contracts.wire import NotFound
from gateway.api.document import PREFIX, ApiBlueprint
from gateway.api.problems import RETRY_SECONDS, as_document
from gateway.api.schemas import RequestStatus
from gateway.context import bus_client, settings

blueprint = ApiBlueprint("Requests", __name__, url_prefix=PREFIX, description="What was taken in for later")
_PATTERN = r"^[0-9a-f]{64}\.[A-Za-z0-9_-]{43}$"  # a command's key, and our signature
_ID = {"in": "path", "name": "request_id", "schema": {"type": "string", "pattern": _PATTERN}}


def pending(silence: NoAnswer, key: str) -> Response:
    """The 202 for a command with this key, if it is on the durable queue; else raises the silence again."""
    if not silence.accepted:
        raise silence
    status = _status(_signer().sign(key).decode(), "pending")
    response = jsonify(status)
    response.status_code = 202
    response.headers |= {"Location": status["status_url"], "Retry-After": str(RETRY_SECONDS)}
    return response


@blueprint.route("/requests/<request_id>", parameters=[_ID])
@blueprint.response(200, RequestStatus)
@blueprint.documents_problems(404)
def get_request(request_id: str) -> dict[str, Any]:
    """What became of a request: it is `pending`, `done` with what it came to, or `refused` with its problem."""
    try:
        key = _signer().unsign(request_id).decode()
    except BadSignature:
        raise NotFound from None
    try:
        outcome = bus_client().ask(booking.GET_OUTCOME, idempotency_key=key)
    except NoAnswer:
        return _status(request_id, "pending")
    if not outcome["done"]:
        return _status(request_id, "pending")
    if outcome["refusal"]:
        return _status(request_id, "refused", problem=as_document(outcome["refusal"]))
    return _status(request_id, "done", **_came_to(outcome["result"]))


def _came_to(result: dict[str, Any]) -> dict[str, Any]:
    """What to tell of a result: booking's answers say by their members what they are."""
    if "host" in result:
        return {"calendar": result}
    if "items" in result:
        return {"sessions": result["items"]}
    if "session" in result:
        return {"sessions": [result["session"]]}
    if "capacity" in result:
        return {"sessions": [result]}
    return {"reservation": result} if "state" in result else {}


def _status(request_id: str, status: str, **outcome: Any) -> dict[str, Any]:
    url = url_for("Requests.get_request", request_id=request_id)
    nothing = dict.fromkeys(("reservation", "sessions", "calendar", "problem"))
    return {"id": request_id, "status": status, "status_url": url, **nothing, **outcome}


def _signer() -> Signer:
    """An id is the command's key with our signature: nobody else can make one, and nothing is stored."""
    return Signer(settings().secret_key, salt="api request", digest_method=hashlib.sha256)
