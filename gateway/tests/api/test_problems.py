"""Every error under /api/v1 is a problem document (RFC 9457), whoever made the mistake."""

from typing import Any

import pytest

from contracts import booking, notify, staff
from gateway.tests.api.conftest import GIULIA, Site

MEMBERS = {"type", "title", "status", "detail", "code"}


def problem(answer: Any) -> Any:
    """The document, after what holds for all of them."""
    document = answer.json
    assert answer.mimetype == "application/problem+json"
    assert MEMBERS <= document.keys() <= MEMBERS | {"errors"}
    assert document["status"] == answer.status_code
    assert answer.headers["Cache-Control"] == "no-store"
    assert document["type"] == f"/api/v1/problems#{document['code']}"
    return document


def post(client: Any, body: bytes, content_type: str = "application/json") -> Any:
    path = "/api/v1/sessions/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11/reservations"
    return client.post(path, data=body, content_type=content_type, headers={"Idempotency-Key": "one"})


def test_an_unknown_address_is_not_found(silent: Any) -> None:
    assert problem(silent.get("/api/v1/nothing"))["code"] == "not_found"


def test_an_id_that_is_none_is_not_found(silent: Any) -> None:
    assert problem(silent.get("/api/v1/sessions/one"))["code"] == "not_found"


def test_a_wrong_method_is_told_which_are_right(silent: Any) -> None:
    answer = silent.put("/api/v1/sessions", json={})
    assert problem(answer)["code"] == "method_not_allowed"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b'{"name": NaN}', b"[" * 10_000, b"1" * 10_000, b"\xef\xbb\xbf{}"],
    ids=["nothing", "half", "not UTF-8", "NaN", "deep", "a huge number", "a byte order mark"],
)
def test_what_is_not_json_is_refused_as_such(silent: Any, body: bytes) -> None:
    document = problem(post(silent, body))
    assert (document["status"], document["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("body", [b"[]", b"null", b'"a"'])
def test_json_that_is_no_object_is_refused_as_such(silent: Any, body: bytes) -> None:
    assert list(problem(post(silent, body))["errors"]) == ["_schema"]


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_a_body_of_another_kind_is_refused(silent: Any, content_type: str) -> None:
    assert problem(post(silent, b"{}", content_type))["status"] == 415


def test_a_body_of_more_than_64_kilobytes_is_refused(silent: Any) -> None:
    document = problem(post(silent, b" " * (64 * 1024 + 1)))
    assert (document["status"], document["code"]) == (413, "payload_too_large")


def test_a_defect_in_a_service_is_an_internal_error_that_says_nothing_of_it(site: Site) -> None:
    def broken(_tx: Any, **_arguments: Any) -> dict[str, Any]:
        raise ZeroDivisionError("a secret")

    site.booking.answering.serve(booking.GET_SESSION, broken)
    answer = site.client.get("/api/v1/sessions/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11")
    assert problem(answer)["code"] == "internal_error"
    assert "secret" not in answer.text


def test_a_problem_is_told_in_the_language_that_was_asked_for(silent: Any) -> None:
    english = silent.get("/api/v1/nothing", headers={"Accept-Language": "en-GB, it;q=0.5"})
    assert (problem(english)["title"], english.headers["Content-Language"]) == ("Not found", "en")
    assert "Accept-Language" in english.vary


def test_without_a_wish_a_problem_is_told_in_italian(silent: Any) -> None:
    answer = silent.get("/api/v1/nothing", headers={"Accept-Language": "fr"})
    assert (problem(answer)["title"], answer.headers["Content-Language"]) == ("Non trovato", "it")


def test_what_is_wrong_with_a_field_is_told_in_that_language_too(silent: Any) -> None:
    refused = silent.get("/api/v1/sessions?limit=0", headers={"Accept-Language": "en"})
    assert problem(refused)["errors"] == {"limit": ["Write a number from 1 to 100."]}


def test_every_field_has_words_in_both_languages(silent: Any) -> None:
    path = "/api/v1/sessions/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11/reservations"
    body, query = dict.fromkeys([*GIULIA, "phone"], 7), dict.fromkeys(booking.ListSessions().fields, "?")
    told: list[Any] = []
    for code in ("it", "en"):
        headers = {"Accept-Language": code, "Idempotency-Key": "one"}
        posted = problem(silent.post(path, json=body, headers=headers))["errors"]
        told.append(posted | problem(silent.get("/api/v1/sessions", query_string=query, headers=headers))["errors"])
    assert told[0].keys() == body.keys() | query.keys()
    assert not [field for field in told[0] if told[0][field] == told[1][field]]


def test_the_language_that_was_chosen_on_the_pages_does_not_count_here(silent: Any) -> None:
    silent.set_cookie("lingua", "en")
    assert silent.get("/api/v1/nothing").headers["Content-Language"] == "it"


def test_the_type_of_a_problem_leads_to_a_list_that_has_it(silent: Any) -> None:
    kind = problem(silent.get("/api/v1/nothing"))["type"]
    listed = silent.get(kind.partition("#")[0]).json["items"]
    assert kind in [item["type"] for item in listed]


def test_every_problem_has_words_in_both_languages(silent: Any) -> None:
    told = [silent.get("/api/v1/problems", headers={"Accept-Language": code}).json["items"] for code in ("it", "en")]
    for italian, english in zip(*told, strict=True):
        assert italian["title"] != english["title"]
        assert italian["detail"] != english["detail"]


def test_every_refusal_of_the_services_has_a_problem(silent: Any) -> None:
    known = {item["code"] for item in silent.get("/api/v1/problems").json["items"]}
    asked = (*booking.REQUESTS, *notify.REQUESTS, *staff.REQUESTS)
    not_here = {"too_many_keys"}  # keys are made at the desk
    assert {code for request in asked for code in request.refusals} - not_here <= known


def test_a_body_with_every_field_wrong_names_every_field(silent: Any) -> None:
    wrong = dict.fromkeys(GIULIA, 7)
    refused = silent.post(
        "/api/v1/sessions/018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11/reservations",
        json=wrong,
        headers={"Idempotency-Key": "one"},
    )
    assert problem(refused)["errors"].keys() == wrong.keys()
