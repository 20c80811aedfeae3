"""Taking a seat, looking at it and giving it back."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from gateway.tests.api.conftest import GIULIA, Site


def test_a_reservation_has_an_id_a_state_and_a_place_of_its_own(site: Site) -> None:
    session_id = site.publish()
    made = site.book(session_id)
    assert made.status_code == 201
    expected = {"session_id": session_id, "state": "confirmed", "position": None, "waiting_list": None}
    assert made.json | {"id": ""} == {"id": "", **expected}
    assert made.headers["Location"] == f"/api/v1/reservations/{made.json['id']}"


def test_who_comes_to_a_full_session_waits_and_is_told_the_position(site: Site) -> None:
    session_id = site.publish(capacity=1)
    site.book(session_id)
    waiting = site.book(session_id, "two", email="omar@example.org").json
    assert (waiting["state"], waiting["position"]) == ("waiting", 1)


def test_the_token_is_never_in_an_answer(site: Site) -> None:
    session_id = site.publish()
    made = site.book(session_id)
    token = site.token(made.json["id"])
    path = made.headers["Location"]
    answers = [made, site.client.get(path, headers=token), site.client.delete(path, headers=token)]
    secret = token["Authorization"].removeprefix("Bearer ")
    assert not any(secret in answer.text or secret in str(answer.headers) for answer in answers)


def test_no_cache_may_keep_a_reservation(site: Site) -> None:
    made = site.book(site.publish())
    shown = site.client.get(made.headers["Location"], headers=site.token(made.json["id"]))
    assert {made.headers["Cache-Control"], shown.headers["Cache-Control"]} == {"no-store"}


def test_the_same_key_and_body_give_the_same_answer_and_one_seat(site: Site) -> None:
    session_id = site.publish()
    first, again = site.book(session_id), site.book(session_id)
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert site.client.get(f"/api/v1/sessions/{session_id}").json["seats_left"] == 1


def test_the_same_key_with_another_body_is_a_clear_error(site: Site) -> None:
    session_id = site.publish()
    site.book(session_id)
    reused = site.book(session_id, name="Omar")
    assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")


def test_the_same_key_for_two_sessions_makes_two_reservations(site: Site) -> None:
    first, second = site.book(site.publish()), site.book(site.publish(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["id"] != second.json["id"]


def test_a_session_written_in_capitals_is_the_same_session_to_a_key(site: Site) -> None:
    session_id = site.publish()
    assert site.book(session_id.upper()).json == site.book(session_id).json


def test_one_key_sent_ten_times_at_once_takes_one_seat(site: Site) -> None:
    session_id = site.publish(capacity=20)
    app = site.client.application

    def book(_: int) -> str:
        path = f"/api/v1/sessions/{session_id}/reservations"
        made = app.test_client().post(path, json=GIULIA, headers={"Idempotency-Key": "same"})
        return str(made.json["id"])

    with ThreadPoolExecutor(10) as pool:
        assert len(set(pool.map(book, range(10)))) == 1
    assert site.client.get(f"/api/v1/sessions/{session_id}").json["seats_left"] == 19


def test_booking_again_with_another_key_looks_like_any_booking(site: Site) -> None:
    session_id = site.publish()
    first, again = site.book(session_id, "one"), site.book(session_id, "two")
    assert (again.status_code, again.json.keys()) == (first.status_code, first.json.keys())
    assert site.client.get(f"/api/v1/sessions/{session_id}").json["seats_left"] == 1


@pytest.mark.parametrize("key", [None, "", "  ", "a" * 201, "città", "tab\there"])
def test_a_reservation_needs_a_key_that_can_be_kept(site: Site, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}
    path = f"/api/v1/sessions/{site.publish()}/reservations"
    refused = site.client.post(path, json=GIULIA, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a" * 121),
        ("name", "12345"),
        ("name", "Giulia\r\nBcc: all@example.org"),
        ("name", "nul\x00"),
        ("name", "half a pair \ud800"),
        ("name", 7),
        ("email", "giulia"),
        ("email", "giulia@example.org\nBcc: all@example.org"),
        ("email", f"{'a' * 250}@example.org"),
        ("language", "fr"),
        ("consent", "yes"),
        ("consent", 1),
        ("consent", False),
        ("phone", "+39 011 385 3400"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(site: Site, field: str, value: Any) -> None:
    refused = site.book(site.publish(), "one", **{field: value})
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_without_consent_the_code_says_so(site: Site) -> None:
    assert site.book(site.publish(), consent=False).json["code"] == "consent_missing"


def test_a_session_that_does_not_exist_takes_no_reservation(site: Site) -> None:
    assert site.book(str(uuid4())).status_code == 404


def test_who_holds_the_token_sees_the_session_and_the_way_in(site: Site) -> None:
    session_id = site.publish()
    made = site.book(session_id)
    answer = site.client.get(made.headers["Location"], headers=site.token(made.json["id"]))
    shown = answer.json
    assert shown["session"]["id"] == session_id
    assert shown["join_url"].startswith(f"http://localhost:8000/entra/{made.json['id']}/")
    assert shown["join_opens_at"] < shown["session"]["starts_at"]
    assert "meet.example.org" not in answer.text


def test_who_has_no_seat_has_no_way_in(site: Site) -> None:
    made = site.book(site.publish())
    token = site.token(made.json["id"])
    site.client.delete(made.headers["Location"], headers=token)
    assert site.client.get(made.headers["Location"], headers=token).json["join_url"] is None


def test_a_reservation_is_shown_to_nobody_without_a_token(site: Site) -> None:
    made = site.book(site.publish())
    refused = site.client.get(made.headers["Location"])
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_wrong_token_is_not_told_apart_from_a_reservation_that_does_not_exist(site: Site) -> None:
    made = site.book(site.publish())
    wrong = {"Authorization": "Bearer wrong"}
    strange = site.client.get(f"/api/v1/reservations/{uuid4()}", headers=wrong)
    assert site.client.get(made.headers["Location"], headers=wrong).json == strange.json
    assert strange.status_code == 404


def test_a_seat_that_is_given_back_is_free_again_and_doing_it_twice_changes_nothing(site: Site) -> None:
    session_id = site.publish()
    made = site.book(session_id)
    token = site.token(made.json["id"])
    answers = [site.client.delete(made.headers["Location"], headers=token) for _ in range(2)]
    assert [(answer.status_code, answer.json["state"]) for answer in answers] == [(200, "cancelled")] * 2
    assert site.client.get(f"/api/v1/sessions/{session_id}").json["seats_left"] == 2


def test_a_wrong_token_cancels_nothing(site: Site) -> None:
    made = site.book(site.publish())
    assert site.client.delete(made.headers["Location"], headers={"Authorization": "Bearer x"}).status_code == 404
    shown = site.client.get(made.headers["Location"], headers=site.token(made.json["id"])).json
    assert shown["state"] == "confirmed"


def test_a_request_that_nobody_took_in_is_refused_with_a_time_to_come_back(silent: Any) -> None:
    path = f"/api/v1/sessions/{uuid4()}/reservations"
    refused = silent.post(path, json=GIULIA, headers={"Idempotency-Key": "one"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
