"""Other origins, caches, cookies, and the OpenAPI document."""

from typing import Any

import pytest

from gateway.api.words import FIELDS
from gateway.tests.api.conftest import GIULIA, Site

SESSIONS = "/api/v1/sessions"
RESERVATIONS = f"{SESSIONS}/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11/reservations"


def test_a_page_of_any_site_may_read_sessions(site: Site) -> None:
    answer = site.client.get(SESSIONS, headers={"Origin": "https://partner.example.org"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_of_another_site_may_not_book(silent: Any) -> None:
    asked = {
        "Origin": "https://evil.example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, idempotency-key",
    }
    answer = silent.options(RESERVATIONS, headers=asked)
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert "content-type" not in allowed
    assert "idempotency-key" not in allowed
    assert "Access-Control-Allow-Origin" not in silent.post(RESERVATIONS, json=GIULIA).headers


@pytest.mark.parametrize(("path", "methods"), [(SESSIONS, "GET, HEAD, OPTIONS, POST"), (RESERVATIONS, "OPTIONS, POST")])
def test_options_says_what_there_is(silent: Any, path: str, methods: str) -> None:
    answer = silent.options(path)
    assert (answer.status_code, ", ".join(sorted(answer.allow))) == (200, methods)


def test_head_is_get_without_the_body(site: Site) -> None:
    path = f"{SESSIONS}/{site.publish()}"
    full, head = site.client.get(path), site.client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", full.headers["ETag"])


def test_the_api_sets_no_cookie(site: Site) -> None:
    made = site.book(site.publish())
    assert "Set-Cookie" not in made.headers


def test_the_openapi_document_has_every_path(silent: Any) -> None:
    document = silent.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    assert {path: sorted(item) for path, item in document["paths"].items()} == {
        "/api/v1/accounts": ["get", "post"],
        "/api/v1/accounts/{account_id}": ["get", "parameters"],
        "/api/v1/accounts/{account_id}/disabled": ["delete", "parameters", "put"],
        "/api/v1/accounts/{account_id}/link": ["parameters", "post"],
        "/api/v1/accounts/{account_id}/role": ["parameters", "put"],
        "/api/v1/audit/accounts": ["get"],
        "/api/v1/audit/actions": ["get"],
        "/api/v1/attendance/open": ["get"],
        "/api/v1/booked-for": ["get"],
        "/api/v1/calendars": ["get", "post"],
        "/api/v1/calendars/{calendar_id}": ["delete", "get", "parameters", "patch"],
        "/api/v1/calendars/{calendar_id}/confirm": ["parameters", "post"],
        "/api/v1/calendars/{calendar_id}/effects": ["parameters", "post"],
        "/api/v1/calendars/{calendar_id}/fetch": ["parameters", "post"],
        "/api/v1/partners": ["get"],
        "/api/v1/personal/links": ["post"],
        "/api/v1/personal/links/{link_id}/use": ["parameters", "post"],
        "/api/v1/personal/preferences": ["get", "put"],
        "/api/v1/personal/reservations": ["get"],
        "/api/v1/problems": ["get"],
        "/api/v1/requests/{request_id}": ["get", "parameters"],
        "/api/v1/reservations/{reservation_id}": ["delete", "get", "parameters"],
        "/api/v1/reservations/{reservation_id}/calendar.ics": ["get", "parameters"],
        "/api/v1/reservations/{reservation_id}/dates": ["get", "parameters"],
        "/api/v1/reservations/{reservation_id}/entrance": ["get", "parameters", "post"],
        "/api/v1/reservations/{reservation_id}/feedback": ["get", "parameters", "put"],
        "/api/v1/reservations/{reservation_id}/move": ["parameters", "post"],
        "/api/v1/reservations/{reservation_id}/offer": ["delete", "parameters", "put"],
        "/api/v1/sessions": ["get", "post"],
        "/api/v1/sessions/{session_id}": ["delete", "get", "parameters", "patch"],
        "/api/v1/sessions/{session_id}/alike": ["parameters", "post"],
        "/api/v1/sessions/{session_id}/attendance": ["get", "parameters"],
        "/api/v1/sessions/{session_id}/attendance/close": ["parameters", "post"],
        "/api/v1/sessions/{session_id}/attendance/{reservation_id}": ["parameters", "put"],
        "/api/v1/sessions/{session_id}/booked-for": ["parameters", "post"],
        "/api/v1/sessions/{session_id}/capacity": ["parameters", "put"],
        "/api/v1/sessions/{session_id}/feedback": ["get", "parameters"],
        "/api/v1/sessions/{session_id}/overbookings": ["parameters", "post"],
        "/api/v1/sessions/{session_id}/reservations": ["parameters", "post"],
        "/api/v1/sessions/{session_id}/waiting": ["get", "parameters"],
    }


def named(schema: Any, document: Any) -> set[str]:
    """The names of the fields of a schema in the document."""
    found = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return set(found["properties"])


def test_every_field_of_a_request_has_words_for_when_it_is_wrong(silent: Any) -> None:
    document = silent.get("/api/v1/openapi.json").json
    operations = [each for item in document["paths"].values() for each in item.values() if "responses" in each]
    assert operations
    for operation in operations:
        names = {each["name"] for each in operation.get("parameters", []) if each.get("in") == "query"}
        if body := operation.get("requestBody"):
            names |= named(body["content"]["application/json"]["schema"], document)
        assert names <= FIELDS.keys(), operation["summary"]


def test_every_error_in_the_openapi_document_is_a_problem_document(silent: Any) -> None:
    responses = silent.get("/api/v1/openapi.json").json["components"]["responses"]
    assert responses
    assert all(list(response["content"]) == ["application/problem+json"] for response in responses.values())


def test_the_openapi_document_may_be_kept_and_read_by_any_site(silent: Any) -> None:
    answer = silent.get("/api/v1/openapi.json")
    assert answer.cache_control.public
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
