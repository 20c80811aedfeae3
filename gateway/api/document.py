"""The OpenAPI document and the blueprints that write it: flask-smorest, with problem documents for errors."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, Request, json
from flask_smorest import Api, Blueprint
from marshmallow import ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from contracts.wire import InvalidArguments, Refusal
from gateway.api.schemas import ProblemDocument

PREFIX = "/api/v1"
PROBLEM_JSON = "application/problem+json"
TOKEN_SCHEME = "reservationToken"  # noqa: S105  # a name, not a secret
JOIN_SCHEME = "joinToken"
LINK_SCHEME = "personalLinkToken"
PASS_SCHEME = "personalPass"  # noqa: S105  # a name too
KEY_SCHEME = "staffKey"
CHALLENGE_INVALID = 'Bearer error="invalid_token"'
F = TypeVar("F", bound=Callable[..., Any])

_ALWAYS = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
RETRY_AFTER = {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": {"schema": {"enum": ["Bearer", CHALLENGE_INVALID]}}},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": RETRY_AFTER},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": RETRY_AFTER},
}


class MalformedJson(Refusal):
    """The body is not JSON in UTF-8."""

    code = "malformed_json"


class DocumentedApi(Api):
    """flask-smorest's, with the errors documented as what they are, and handled elsewhere."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # each operation names the problems that it can answer

    def __init__(self, app: Flask) -> None:
        info = {
            "description": (
                "Sessions of a guidance centre and the reservations of seats in them. Times are RFC 3339 in UTC. The "
                "link that manages a reservation travels by e-mail only; its last part is the token asked for here. "
                "What the staff do needs an access key of a member, who makes it at the desk."
            ),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        }
        super().__init__(app, spec_kwargs={"info": info})
        for name, what in (
            (TOKEN_SCHEME, "the last part of the link that manages the reservation"),
            (JOIN_SCHEME, "the last part of the reservation's `join_url`"),
            (LINK_SCHEME, "the last part of the link to one's own page, which comes by e-mail and is good once"),
            (PASS_SCHEME, "the `personal_pass` that using up such a link gives, for an hour"),
            (KEY_SCHEME, "an access key of a member of the staff: bottega_ and 40 hexadecimal digits"),
        ):
            self.spec.components.security_scheme(name, {"type": "http", "scheme": "bearer", "description": what})

    def _register_error_handlers(self) -> None:
        """None: ``gateway.error_pages`` handles all errors of the application, and asks ``problems.answer``."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            response = {
                "description": status.phrase,
                "content": {PROBLEM_JSON: {"schema": ProblemDocument}},
                "headers": _HEADERS.get(status, {}),
            }
            self.spec.components.response(status.name, response, lazy=True)


class _Parser(FlaskParser):
    """Reads arguments as strictly as the schema says, and refuses in the way of the services."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": None, "json": None}

    def load_json(self, req: Request, _schema: Any) -> Any:
        if req.mimetype != "application/json":
            raise UnsupportedMediaType
        try:
            return json.loads(req.get_data().decode(), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise MalformedJson from None

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> Any:
        (messages,) = error.normalized_messages().values()  # of the one location
        raise InvalidArguments(fields=messages) from None


class ApiBlueprint(Blueprint):
    ARGUMENTS_PARSER = _Parser()

    def documents_problems(self, *statuses: int) -> Callable[[F], F]:
        """Say in the OpenAPI document which problems an operation answers, besides those that any may."""
        problems = [*map(HTTPStatus, statuses), *_ALWAYS]
        documented: Callable[[F], F] = self.doc(responses={status: status.name for status in problems})
        return documented


def _refuse_constant(name: str) -> None:
    """JSON has no NaN and no Infinity (RFC 8259 section 6), but Python reads them."""
    raise ValueError(name)
