"""What members of the staff do over the API with an access key, and who may not."""

from datetime import timedelta
from typing import Any

import pytest

from bus.times import now
from gateway.tests.api.conftest import GIULIA, Site
from gateway.tests.api.staff_programs import Program, program
from gateway.tests.api.test_problems import problem
from gateway.tests.api.test_requests import became, booking_is_busy
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.conftest import make_staff as make_staff
from gateway.tests.desk.conftest import staff as staff
from gateway.tests.desk.test_sessions import begin, of_another_partner

SESSION: dict[str, Any] = {
    "partner": "orso",
    "title": "Il primo colloquio",
    "description": "Con calma.\nE con il tè.",
    "language": "it",
    "minutes": 60,
    "capacity": 1,
    "room_url": "https://meet.example.org/colloquio",
}
STRANGER = "018f6f2e-7c1a-7b3e-9d64-0c7a5b1f2e11"


@pytest.fixture
def anna(staff: Staff) -> Program:
    """The program of an operator of orso."""
    return program(staff)


def in_days(days: int) -> str:
    return f"{now().date() + timedelta(days=days)}T17:00:00+01:00"


def published(anna: Program, **changes: Any) -> list[dict[str, Any]]:
    made = anna.ask("POST", "/sessions", {**SESSION, "starts_at": in_days(1), **changes})
    assert made.status_code == 201, made.text
    return list(made.json["items"])


def series(anna: Program) -> list[str]:
    return [each["id"] for each in published(anna, rule="FREQ=DAILY;COUNT=3", without=[in_days(2)[:10]])]


def listed(anna: Program) -> list[str]:
    return [each["title"] for each in anna.ask("GET", "/sessions").json["items"]]


def test_a_session_is_published_and_on_the_list(anna: Program) -> None:
    (session,) = published(anna)
    assert session["bookable"]
    assert listed(anna) == ["Il primo colloquio"]


def test_a_series_has_the_dates_of_its_rule_less_those_left_out(anna: Program) -> None:
    assert len(set(series(anna))) == 2


def test_an_hour_in_another_zone_is_the_same_moment(anna: Program) -> None:
    (session,) = published(anna, starts_at="2027-02-01T11:00:00-05:00")
    assert session["starts_at"] == "2027-02-01T16:00:00Z"


def test_the_same_idempotency_key_publishes_once(anna: Program) -> None:
    assert published(anna) == published(anna)
    assert len(listed(anna)) == 1


def test_two_members_with_the_same_idempotency_key_do_not_meet(staff: Staff, anna: Program) -> None:
    bea = program(staff, email="bea@example.org")
    assert published(anna) != published(bea)


def test_those_after_a_session_change_with_it(anna: Program) -> None:
    changed = anna.ask("PATCH", f"/sessions/{series(anna)[0]}", {"scope": "following", "title": "Altro"})
    assert changed.status_code == 200
    assert listed(anna) == ["Altro", "Altro"]


def test_stories_are_set_and_can_be_read_by_anybody(anna: Program) -> None:
    baker = {"title": "Alle tre del mattino", "url": "https://video.example.org/forno"}
    (session,) = published(anna, stories=[baker] * 3)
    path = f"/sessions/{session['id']}"
    assert anna.ask("PATCH", path, {"stories": [baker]}).json["items"][0]["stories"] == [baker]
    assert anna.client.get(f"/api/v1{path}").json["stories"] == [baker]
    assert list(problem(anna.ask("PATCH", path, {"stories": [baker] * 4}))["errors"]) == ["stories"]


def test_a_session_alone_is_meant_where_nothing_else_is_said(anna: Program) -> None:
    first, second = series(anna)
    assert [each["id"] for each in anna.ask("DELETE", f"/sessions/{first}").json["items"]] == [first]
    assert anna.ask("GET", f"/sessions/{first}").json["cancelled"]
    assert not anna.ask("GET", f"/sessions/{second}").json["cancelled"]


def test_all_of_a_series_are_called_off(anna: Program) -> None:
    assert len(anna.ask("DELETE", f"/sessions/{series(anna)[0]}", scope="all").json["items"]) == 2
    assert listed(anna) == []


def test_the_number_of_seats_is_set(anna: Program) -> None:
    session_id = published(anna)[0]["id"]
    assert anna.ask("PUT", f"/sessions/{session_id}/capacity", {"capacity": 7}).json["seats_left"] == 7


def test_a_seat_beyond_the_capacity_is_given_with_a_reason(anna: Program) -> None:
    session_id, extra = published(anna)[0]["id"], {**GIULIA, "reason": "L’interprete"}
    path = f"/sessions/{session_id}/overbookings"
    assert problem(anna.ask("POST", path, extra))["code"] == "seats_are_free"
    anna.ask("POST", f"/sessions/{session_id}/reservations", {**GIULIA, "email": "omar@example.org"})
    given = anna.ask("POST", path, extra, twice="two")
    assert (given.status_code, given.json["state"]) == (201, "confirmed")


def test_the_sheet_is_read_filled_in_and_closed(anna: Program, site: Site) -> None:
    session_id = site.publish()
    sheet, seat = f"/sessions/{session_id}/attendance", site.book(session_id).json["id"]
    begin(site)
    assert anna.ask("PUT", f"{sheet}/{seat}", {"attendance": "excused"}).json["attendance"] == "excused"
    (line,) = anna.ask("GET", sheet).json["items"]
    assert (line["name"], line["attendance"]) == ("Giulia Ferrero", "excused")
    assert problem(anna.ask("POST", f"{sheet}/close"))["code"] == "too_early"
    begin(site, minutes=90)
    (to_close,) = anna.ask("GET", "/attendance/open").json["items"]
    assert (to_close["session"]["id"], to_close["closes_itself_at"][-1]) == (session_id, "Z")
    assert anna.ask("POST", f"{sheet}/close").json["closed_at"].endswith("Z")
    assert anna.ask("GET", "/attendance/open").json["items"] == []


def every_request(session_id: str = STRANGER) -> list[tuple[str, str, Any]]:
    session = f"/sessions/{session_id}"
    return [
        ("POST", "/sessions", {**SESSION, "starts_at": in_days(1)}),
        ("PATCH", session, {"title": "Altro"}),
        ("DELETE", session, None),
        ("PUT", f"{session}/capacity", {"capacity": 7}),
        ("POST", f"{session}/overbookings", {**GIULIA, "reason": "Perché sì"}),
        ("GET", f"{session}/attendance", None),
        ("PUT", f"{session}/attendance/{STRANGER}", {"attendance": "present"}),
        ("POST", f"{session}/attendance/close", None),
    ]


def test_without_a_key_nothing_is_done(site: Site) -> None:
    for method, path, body in every_request():
        answer = site.client.open(f"/api/v1{path}", method=method, json=body, headers={"Idempotency-Key": "one"})
        assert problem(answer)["code"] == "access_key_missing", path
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("key", [f"bottega_{'0' * 40}", "bottega_0", "something-else"])
def test_a_key_that_is_none_of_ours_is_refused(staff: Staff, key: str) -> None:
    answer = Program(staff.app.test_client(), key).ask("GET", f"/sessions/{STRANGER}/attendance")
    assert problem(answer)["code"] == "access_key_refused"
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_the_key_is_looked_at_before_the_body(site: Site) -> None:
    assert problem(site.client.post("/api/v1/sessions", json={}))["status"] == 401


def test_the_key_of_who_was_shut_out_is_refused(staff: Staff, anna: Program) -> None:
    staff.disable()
    assert anna.ask("DELETE", f"/sessions/{STRANGER}").status_code == 401


@pytest.mark.parametrize(("role", "partner"), [("operator", "torre"), ("viewer", "orso")])
def test_a_key_does_what_its_owner_may_do_and_no_more(staff: Staff, site: Site, role: str, partner: str) -> None:
    of_another_partner(site)
    theirs = program(staff, role, partner)
    for method, path, body in every_request(site.publish()):
        if not (method == "GET" and role == "viewer"):
            assert problem(theirs.ask(method, path, body))["code"] == "not_permitted", path


def test_a_session_that_never_was_is_not_found(anna: Program) -> None:
    for method, path, body in every_request()[1:]:
        assert anna.ask(method, path, body).status_code == 404, path


def test_every_field_that_is_wrong_is_named_in_both_languages(anna: Program) -> None:
    wrong = {**dict.fromkeys((*SESSION, "starts_at", "rule", "without", "stories"), 7.5), "phone": 1}
    told = []
    for language in ("it", "en"):
        headers = {"Authorization": f"Bearer {anna.key}", "Idempotency-Key": "one", "Accept-Language": language}
        told.append(problem(anna.client.post("/api/v1/sessions", json=wrong, headers=headers))["errors"])
    assert told[0].keys() == wrong.keys()
    assert not [name for name in wrong if told[0][name] == told[1][name]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("starts_at", "2020-01-01T10:00:00Z"),
        ("rule", "FREQ=DAILY"),
        ("title", "due\nrighe"),
        ("room_url", "https://"),
    ],
)
def test_what_booking_does_not_take_is_told_at_the_field(anna: Program, field: str, value: str) -> None:
    answer = anna.ask("POST", "/sessions", {**SESSION, "starts_at": in_days(1), field: value})
    assert list(problem(answer)["errors"]) == [field]


def test_what_booking_takes_in_for_later_can_be_asked_after(anna: Program, site: Site) -> None:
    session_id = site.publish()
    with booking_is_busy(site):
        taken = anna.ask("PUT", f"/sessions/{session_id}/capacity", {"capacity": 7})
    assert taken.status_code == 202
    (session,) = became(site, taken, "done").json["sessions"]
    assert session["capacity"] == 7


def test_while_staff_does_not_answer_no_key_is_good(anna: Program, staff: Staff) -> None:
    staff.site.bus.patience = 0.1
    del staff.site.bus._nodes["staff"]
    assert problem(anna.ask("DELETE", f"/sessions/{STRANGER}"))["code"] == "no_answer"
