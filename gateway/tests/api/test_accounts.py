"""Accounts of the staff over the API: what coordinators' programs do with them, and nobody else's."""

from typing import Any
from uuid import uuid4

import pytest

from bus.tables import requests
from gateway.tests.api.staff_programs import Program, program
from gateway.tests.api.test_problems import problem
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.conftest import make_staff as make_staff
from gateway.tests.desk.conftest import staff as staff
from gateway.tests.desk.test_accounts import BEA, come_in


@pytest.fixture
def carla(staff: Staff) -> Program:
    return program(staff, "coordinator", None, "carla@example.org")


def add(carla: Program, twice: str = "one", **changes: Any) -> Any:
    return carla.ask("POST", "/accounts", {**BEA, **changes}, twice=twice)


def way_in(staff: Staff, made: Any) -> Any:
    """What who opens the link in an answer, and presses the button, sees."""
    return come_in(staff, made.json["link"].removeprefix("http://localhost:8000"))


def test_who_was_added_comes_in_by_the_link_in_the_answer(staff: Staff, carla: Program) -> None:
    made = add(carla)
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/v1/accounts/{made.json['id']}")
    assert made.headers["Cache-Control"] == "no-store"
    shown = carla.client.get(made.headers["Location"], headers={"Authorization": f"Bearer {carla.key}"}).json
    assert {name: shown[name] for name in BEA} == BEA
    assert "Bea Gallo, sportello" in way_in(staff, made).text
    assert way_in(staff, made).status_code == 410


def test_the_same_key_makes_one_account_with_one_link(carla: Program) -> None:
    assert add(carla).json == add(carla).json


def test_a_new_link_ends_the_one_before(staff: Staff, carla: Program) -> None:
    made = add(carla)
    here = f"/accounts/{made.json['id']}/link"
    first, again = carla.ask("POST", here), carla.ask("POST", here)
    assert (first.status_code, first.json) == (201, again.json)
    assert way_in(staff, made).status_code == 410
    assert "Bea Gallo, sportello" in way_in(staff, first).text


def test_no_answer_that_is_kept_has_a_link_or_names_anybody(staff: Staff, carla: Program) -> None:
    token = add(carla).json["link"].rpartition("/")[2]
    with staff.database.reading() as tx:
        kept = str(tx.connection.execute(requests.select()).all())
    assert not [secret for secret in (token, "Gallo", "bea@") if secret in kept]


def test_a_role_is_changed_and_an_account_shut_out_and_taken_in_again(carla: Program) -> None:
    here = f"/accounts/{add(carla).json['id']}"
    assert carla.ask("PUT", f"{here}/role", {"role": "prescriber"}).status_code == 200
    assert carla.ask("GET", here).json["role"] == "prescriber"
    assert carla.ask("PUT", f"{here}/disabled").status_code == 200
    assert carla.ask("GET", here).json["disabled_at"].endswith("Z")
    assert carla.ask("POST", f"{here}/link").status_code == 404
    assert carla.ask("DELETE", f"{here}/disabled").status_code == 200
    assert carla.ask("GET", here).json["disabled_at"] is None


def test_accounts_are_listed_page_by_page(carla: Program) -> None:
    add(carla)
    first = carla.ask("GET", "/accounts", limit=1).json
    rest = carla.ask("GET", "/accounts", after=first["next"]).json
    assert [each["email"] for each in (*first["items"], *rest["items"])] == ["bea@example.org", "carla@example.org"]


def test_nobody_shuts_out_oneself_or_gives_oneself_another_role(carla: Program) -> None:
    (own,) = carla.ask("GET", "/accounts").json["items"]
    here = f"/accounts/{own['id']}"
    asked = [carla.ask("PUT", f"{here}/disabled"), carla.ask("PUT", f"{here}/role", {"role": "prescriber"})]
    assert [problem(answer)["code"] for answer in asked] == ["own_account"] * 2


def test_an_address_that_is_taken_is_told_as_such(carla: Program) -> None:
    assert problem(add(carla, email="carla@example.org"))["code"] == "address_taken"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "due\nrighe \x00"), ("email", "bea"), ("role", "boss"), ("partner", None), ("partner", "Orso & C.")],
)
def test_what_will_not_do_is_told_at_its_field(carla: Program, field: str, value: Any) -> None:
    assert list(problem(add(carla, **{field: value}))["errors"]) == [field]


@pytest.mark.parametrize(("role", "partner"), [("operator", "orso"), ("viewer", "orso"), ("prescriber", None)])
def test_nobody_else_sees_or_does_anything(staff: Staff, carla: Program, role: str, partner: str | None) -> None:
    here = f"/accounts/{add(carla).json['id']}"
    theirs = program(staff, role, partner)
    asked = [add(theirs, email="other@example.org"), theirs.ask("PUT", f"{here}/role", {"role": "coordinator"})]
    asked += [theirs.ask(*each) for each in (("GET", "/accounts"), ("GET", here), ("POST", f"{here}/link"))]
    asked += [theirs.ask(method, f"{here}/disabled") for method in ("PUT", "DELETE")]
    assert {problem(answer)["code"] for answer in asked} == {"not_permitted"}
    assert [answer for answer in asked if "example.org" in answer.text] == []


def test_an_account_that_never_was_is_not_found(carla: Program) -> None:
    here = f"/accounts/{uuid4()}"
    asked = [carla.ask("GET", here), carla.ask("POST", f"{here}/link"), carla.ask("PUT", f"{here}/disabled")]
    assert [answer.status_code for answer in asked] == [404] * 3


def test_without_a_key_nothing_is_told(carla: Program) -> None:
    for path in ("/accounts", "/calendars"):
        assert problem(carla.client.get(f"/api/v1{path}"))["code"] == "access_key_missing"
