"""Booking for somebody over the API, who waits, and what people said of a session."""

from typing import Any

import pytest

from gateway.tests.api.staff_programs import Program, program
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.conftest import make_staff as make_staff
from gateway.tests.desk.conftest import staff as staff

MARIO: dict[str, Any] = {"name": "Mario Conti", "phone": "333 123 4567"}
AGREED = {"language": "it", "consent": True}


@pytest.fixture
def session_id(staff: Staff) -> str:
    return staff.site.publish(capacity=1)


@pytest.fixture
def paola(staff: Staff) -> Program:
    """The program of a prescriber."""
    return program(staff, "prescriber", None, "paola@example.org")


def book(whose: Program, session_id: str, *, twice: str = "one", **person: Any) -> Any:
    return whose.ask("POST", f"/sessions/{session_id}/booked-for", {**MARIO, **AGREED, **person}, twice=twice)


def test_a_prescriber_books_for_somebody_and_reads_what_became_of_it(paola: Program, session_id: str) -> None:
    assert book(paola, session_id).status_code == 201
    (mine,) = paola.ask("GET", "/booked-for").json["items"]
    assert (mine["name"], mine["phone"], mine["state"]) == ("Mario Conti", "+393331234567", "confirmed")


def test_the_same_key_books_once(paola: Program, session_id: str) -> None:
    assert book(paola, session_id).json == book(paola, session_id).json


def test_who_may_be_the_same_person_is_said_with_the_reasons(paola: Program, session_id: str) -> None:
    book(paola, session_id)
    (found,) = paola.ask("POST", f"/sessions/{session_id}/alike", {**MARIO, "name": "conti mario"}).json["items"]
    assert found["because"] == ["same_name", "same_phone"]


def test_a_number_that_is_none_is_refused_at_its_field(paola: Program, session_id: str) -> None:
    answer = book(paola, session_id, phone="12")
    assert (answer.status_code, "phone" in str(answer.json["errors"])) == (422, True)


def test_the_staff_reads_who_waits(staff: Staff, paola: Program, session_id: str) -> None:
    book(paola, session_id)
    book(paola, session_id, twice="two", name="Sara Neri", phone=None)
    line = program(staff).ask("GET", f"/sessions/{session_id}/waiting").json["items"]
    assert [(each["name"], each["position"]) for each in line] == [("Sara Neri", 1)]


def test_the_staff_reads_what_people_said(staff: Staff, session_id: str) -> None:
    feedback = program(staff).ask("GET", f"/sessions/{session_id}/feedback").json
    assert feedback == {"counts": {"yes": 0, "partly": 0, "no": 0}, "items": [], "next": None}


@pytest.mark.parametrize("path", ["waiting", "feedback", "attendance"])
def test_a_prescriber_reads_nothing_of_a_session(paola: Program, session_id: str, path: str) -> None:
    assert paola.ask("GET", f"/sessions/{session_id}/{path}").status_code == 403
