"""GET /sessions and /sessions/{id}."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from contracts import booking
from gateway.tests.api.conftest import Site

SESSIONS = "/api/v1/sessions"


def test_a_session_says_when_it_is_and_how_many_seats_are_left(site: Site) -> None:
    session_id = site.publish()
    (session,) = site.client.get(SESSIONS).json["items"]
    assert session["id"] == session_id
    assert (session["capacity"], session["seats_left"]) == (2, 2)
    assert session["ends_at"] > session["starts_at"]


def test_times_are_in_utc_and_end_with_z(site: Site) -> None:
    session = site.client.get(f"{SESSIONS}/{site.publish()}").json
    assert session["starts_at"].endswith("Z")
    assert datetime.fromisoformat(session["starts_at"]).utcoffset() is not None


def test_a_session_is_found_by_its_id(site: Site) -> None:
    session_id = site.publish()
    assert site.client.get(f"{SESSIONS}/{session_id}").json["id"] == session_id


def test_the_answer_fits_the_contract_of_booking(site: Site) -> None:
    site.publish()
    assert not booking.SessionPage().validate(site.client.get(SESSIONS).json)


def test_a_list_that_goes_on_says_where(site: Site) -> None:
    published = [site.publish(days) for days in (1, 2, 3)]
    first = site.client.get(SESSIONS, query_string={"limit": 2}).json
    rest = site.client.get(SESSIONS, query_string={"limit": 2, "after": first["next"]}).json
    assert [session["id"] for session in first["items"] + rest["items"]] == published
    assert rest["next"] is None


def test_sessions_can_be_chosen_by_language_partner_and_time(site: Site) -> None:
    site.publish(1)
    wanted = site.publish(2, language="en")
    site.publish(3, language="en")
    session = site.client.get(f"{SESSIONS}/{wanted}").json
    while_it_lasts = {"starts_from": session["starts_at"], "starts_before": session["ends_at"]}
    found = site.client.get(SESSIONS, query_string={**while_it_lasts, "language": "en", "partner": "orso"}).json
    assert [session["id"] for session in found["items"]] == [wanted]


def test_a_time_that_the_api_wrote_can_be_pasted_into_a_query_as_it_is(site: Site) -> None:
    session_id = site.publish()
    starts = site.client.get(f"{SESSIONS}/{session_id}").json["starts_at"]
    found = site.client.get(f"{SESSIONS}?starts_from={starts}").json
    assert [session["id"] for session in found["items"]] == [session_id]


def test_the_ends_of_the_calendar_are_times_like_others(site: Site) -> None:
    site.publish()
    ages = {"starts_from": "0001-01-01T00:00:00+14:00", "starts_before": "9999-12-31T23:59:59-12:00"}
    assert len(site.client.get(SESSIONS, query_string=ages).json["items"]) == 1


def test_a_filter_that_does_not_exist_is_refused_rather_than_ignored(site: Site) -> None:
    refused = site.client.get(SESSIONS, query_string={"starts_form": "2026-12-01T00:00:00Z"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["starts_form"])


def test_each_wrong_filter_is_named(site: Site) -> None:
    wrong = {"language": "fr", "limit": "101", "starts_from": "tomorrow", "partner": "\x00"}
    refused = site.client.get(SESSIONS, query_string=wrong)
    assert (refused.status_code, set(refused.json["errors"])) == (422, set(wrong))


def test_a_page_that_is_none_of_ours_is_not_found(site: Site) -> None:
    refused = site.client.get(SESSIONS, query_string={"after": "AAAA"})
    assert (refused.status_code, list(refused.json["errors"])) == (404, ["after"])


def test_a_session_that_does_not_exist_is_not_found(site: Site) -> None:
    assert site.client.get(f"{SESSIONS}/{uuid4()}").status_code == 404


def test_caches_may_keep_a_session_for_a_moment(site: Site) -> None:
    kept = site.client.get(f"{SESSIONS}/{site.publish()}")
    assert (kept.cache_control.public, kept.cache_control.max_age) == (True, 15)


def test_who_has_the_session_already_is_not_sent_it_again(site: Site) -> None:
    path = f"{SESSIONS}/{site.publish()}"
    tag = site.client.get(path).headers["ETag"]
    again = site.client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_booking_changes_the_tag(site: Site) -> None:
    session_id = site.publish()
    tag = site.client.get(f"{SESSIONS}/{session_id}").headers["ETag"]
    site.book(session_id)
    assert site.client.get(f"{SESSIONS}/{session_id}").headers["ETag"] != tag


def test_when_booking_is_silent_the_last_known_answer_says_how_old_it_is(site: Site) -> None:
    path = f"{SESSIONS}/{site.publish()}"
    known = site.client.get(path).json
    del site.bus._nodes["booking"]
    told = site.client.get(path)
    assert (told.json, told.headers["Age"]) == (known, "0")
    assert told.headers["Cache-Status"].startswith("bottega; hit; ttl=")


def test_when_booking_is_silent_and_nothing_is_known_one_is_told_when_to_come_back(silent: Any) -> None:
    answer = silent.get(SESSIONS)
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "no_answer", "10")
