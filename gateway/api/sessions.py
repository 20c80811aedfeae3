"""GET /sessions, /sessions/{id} and /partners: open to anybody, and kept for a moment by caches."""

from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Response, request

from contracts import booking
from gateway import last_known
from gateway.api.document import PREFIX, ApiBlueprint, F
from gateway.api.problems import page_or_not_found
from gateway.api.schemas import PartnerList, Session, SessionFilters, SessionPage

KEEP_SECONDS = 15  # seats go fast: longer, and people set out for seats that are gone

blueprint = ApiBlueprint("Sessions", __name__, url_prefix=PREFIX, description="Group orientation sessions")
_HEADERS = {
    "ETag": {"schema": {"type": "string"}},
    "Age": {
        "schema": {"type": "integer"},
        "description": "seconds since this was known, when the service does not answer now",
    },
}


def kept_for_a_moment(view: F) -> F:
    """Let caches keep the response, and answer 304 to who has it already."""

    @wraps(view)
    def with_validator(*args: Any, **kwargs: Any) -> Any:
        response: Response = view(*args, **kwargs)
        response.cache_control.public = True
        response.cache_control.max_age = KEEP_SECONDS
        response.add_etag(weak=True)  # weak, as the same is sent compressed too
        return response.make_conditional(request)

    return with_validator  # type: ignore[return-value]  # wraps keeps the signature


@blueprint.route("/sessions")
@kept_for_a_moment
@blueprint.arguments(SessionFilters(), location="query")
@blueprint.response(200, SessionPage, headers=_HEADERS)
@blueprint.alt_response(304)
@blueprint.documents_problems(404, 422)
def list_sessions(filters: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Sessions that are to come, the earliest first."""
    with page_or_not_found():
        return _told(last_known.ask(booking.LIST_SESSIONS, **filters))


@blueprint.route("/sessions/<uuid:session_id>")
@kept_for_a_moment
@blueprint.response(200, Session, headers=_HEADERS)
@blueprint.alt_response(304)
@blueprint.documents_problems(404)
def get_session(session_id: UUID) -> tuple[dict[str, Any], dict[str, str]]:
    """One session, past and cancelled ones too."""
    return _told(last_known.ask(booking.GET_SESSION, session_id=str(session_id)))


@blueprint.route("/partners")
@kept_for_a_moment
@blueprint.response(200, PartnerList, headers=_HEADERS)
@blueprint.alt_response(304)
@blueprint.documents_problems()
def list_partners() -> tuple[dict[str, Any], dict[str, str]]:
    """The partners that hold sessions."""
    return _told(last_known.ask(booking.LIST_PARTNERS))


def _told(answer: last_known.Answer) -> tuple[dict[str, Any], dict[str, str]]:
    """The answer, and how old it is (RFC 9111 section 5.1, RFC 9211) when it is not of now."""
    if answer.known_since is None:
        return answer.result, {}
    age = int((datetime.now(UTC) - answer.known_since).total_seconds())
    return answer.result, {"Age": str(age), "Cache-Status": f"bottega; hit; ttl={KEEP_SECONDS - age}"}
