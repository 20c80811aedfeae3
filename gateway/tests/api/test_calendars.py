"""Following a partner's own calendar over the API."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bus.times import now
from gateway.tests.api.staff_programs import Program, program
from gateway.tests.api.test_problems import problem
from gateway.tests.api.test_requests import became, booking_is_busy
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.conftest import make_staff as make_staff
from gateway.tests.desk.conftest import staff as staff
from gateway.tests.desk.test_calendars import an_event
from services.booking.tests.calendars.follower import PATH, SECRET, Follower
from services.booking.tests.calendars.web import Web, serving
from services.booking.tests.desk import Desk

TERMS: dict[str, Any] = {
    "partner": "orso",
    "name": "corsi",
    "language": "it",
    "capacity": 12,
    "room_url": "https://meet.example.org/orso",
}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(tmp_path_factory.mktemp("https")) as web:
        yield web


@pytest.fixture
def follower(staff: Staff, web: Web) -> Follower:
    """What booking fetches, when the test says."""
    follower = Follower(Desk(staff.site.database, now()), web)
    follower.put(an_event(), an_event(17, "2"))
    return follower


@pytest.fixture
def anna(staff: Staff) -> Program:
    return program(staff)


def follow(anna: Program, follower: Follower, twice: str = "one", **changes: Any) -> Any:
    return anna.ask("POST", "/calendars", {**TERMS, "url": follower.web.url + PATH, **changes}, twice=twice)


def fetch(follower: Follower) -> None:
    """As booking does, of what is due."""
    follower.desk.now = now()
    follower.run()


def test_a_calendar_is_entered_looked_at_confirmed_and_given_up(anna: Program, follower: Follower) -> None:
    made = follow(anna, follower)
    assert (made.status_code, made.json["state"]) == (201, "new")
    here = f"/calendars/{made.json['id']}"
    assert problem(anna.ask("POST", f"{here}/confirm"))["code"] == "not_read_yet"
    fetch(follower)
    seen = anna.ask("GET", here)
    assert [each["what"] for each in seen.json["preview"]["items"]] == ["published"] * 2
    assert seen.json["fetched_at"].endswith("Z")
    assert anna.ask("GET", "/sessions").json["items"] == []
    assert anna.ask("POST", f"{here}/confirm").json["state"] == "following"
    fetch(follower)
    assert len(anna.ask("GET", "/sessions").json["items"]) == 2
    assert anna.ask("POST", f"{here}/fetch").status_code == 200
    (listed,) = anna.ask("GET", "/calendars").json["items"]
    assert listed["last"]["published"] == 2
    assert anna.ask("POST", f"{here}/effects", {"capacity": 30}).json["seats"] == 2
    assert anna.ask("PATCH", here, {"capacity": 30}).json["capacity"] == 30
    assert [each["capacity"] for each in anna.ask("GET", "/sessions").json["items"]] == [30, 30]
    both = anna.ask("PATCH", here, {"room_url": "https://meet.example.org/", "own_rooms": True})
    assert list(problem(both)["errors"]) == ["room_url"]
    assert SECRET not in made.text + seen.text + str(listed)
    assert anna.ask("DELETE", here).json == {"id": made.json["id"]}
    assert anna.ask("GET", here).status_code == 404
    assert len(anna.ask("GET", "/sessions").json["items"]) == 2


def test_the_same_key_enters_it_once(anna: Program, follower: Follower) -> None:
    assert follow(anna, follower).json == follow(anna, follower).json
    assert len(anna.ask("GET", "/calendars").json["items"]) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Corsi di primavera"),
        ("name", "-"),
        ("url", "http://example.org/a.ics"),
        ("url", "https://me:secret@example.org/a.ics"),
        ("capacity", 0),
        ("room_url", "https://"),
        ("language", "fr"),
    ],
)
def test_what_will_not_do_is_told_at_its_field(anna: Program, follower: Follower, field: str, value: Any) -> None:
    refused = follow(anna, follower, **{field: value})
    assert list(problem(refused)["errors"]) == [field]
    assert "me:secret" not in refused.text


def test_a_name_that_is_taken_is_told_in_words_of_its_own(anna: Program, follower: Follower) -> None:
    follow(anna, follower)
    (words,) = problem(follow(anna, follower, twice="two"))["errors"]["name"]
    assert "non ancora usato" in words


@pytest.mark.parametrize(("role", "partner"), [("viewer", "orso"), ("operator", "torre"), ("prescriber", None)])
def test_a_key_does_with_calendars_what_its_owner_may(
    staff: Staff, anna: Program, follower: Follower, role: str, partner: str | None
) -> None:
    here = f"/calendars/{follow(anna, follower).json['id']}"
    theirs = program(staff, role, partner, "bea@example.org")
    asked = [follow(theirs, follower, name="altri")]
    asked += [theirs.ask("POST", f"{here}/{what}") for what in ("confirm", "fetch")]
    asked += [theirs.ask("PATCH", here, {"capacity": 30}), theirs.ask("POST", f"{here}/effects", {"capacity": 30})]
    asked += [theirs.ask("DELETE", here), *([] if role == "viewer" else [theirs.ask("GET", here)])]
    assert {problem(answer)["code"] for answer in asked} == {"not_permitted"}
    listed = theirs.ask("GET", "/calendars")
    assert (listed.status_code == 403) if role == "prescriber" else (len(listed.json["items"]) == (role == "viewer"))


def test_a_calendar_that_never_was_and_a_page_that_is_none_are_not_found(anna: Program) -> None:
    asked = [anna.ask("GET", f"/calendars/{uuid4()}"), anna.ask("GET", "/calendars", after="nothing")]
    assert [answer.status_code for answer in asked] == [404] * 2


def test_one_that_is_taken_in_for_later_can_be_asked_after(staff: Staff, anna: Program, follower: Follower) -> None:
    with booking_is_busy(staff.site):
        taken = follow(anna, follower)
    assert taken.status_code == 202
    assert became(staff.site, taken, "done").json["calendar"]["name"] == "corsi"
