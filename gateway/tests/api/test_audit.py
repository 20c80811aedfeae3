"""The audit over the API: who did what, with names, for who may read it."""

import pytest

from gateway.tests.api.staff_programs import Program, program
from gateway.tests.desk.conftest import Staff
from gateway.tests.desk.conftest import make_staff as make_staff
from gateway.tests.desk.conftest import staff as staff

SOMEBODY = "018f6f2e-1111-7a10-8b60-4f5a1c2b3d44"


@pytest.fixture
def anna(staff: Staff) -> Program:
    """The program of an operator of orso."""
    return program(staff)


@pytest.fixture
def session_id(staff: Staff, anna: Program) -> str:
    """A session of orso, whose seats Anna changed."""
    found = staff.site.publish()
    assert anna.ask("PUT", f"/sessions/{found}/capacity", {"capacity": 5}).status_code == 200
    return found


def test_actions_are_told_with_the_name_of_who_did_them(anna: Program, session_id: str) -> None:
    page = anna.ask("GET", "/audit/actions", session_id=session_id).json
    changed, published = page["items"]
    assert (changed["staff_name"], changed["was"], changed["capacity"]) == ("Anna Bruno", 2, 5)
    assert (published["action"], published["staff_id"], published["staff_name"]) == ("publish", None, None)
    assert changed["at"].endswith("Z")


def test_a_page_is_followed_by_the_next(anna: Program, session_id: str) -> None:
    first = anna.ask("GET", "/audit/actions", limit=1).json
    rest = anna.ask("GET", "/audit/actions", limit=1, after=first["next"]).json
    assert [page["items"][0]["action"] for page in (first, rest)] == ["set_capacity", "publish"]
    assert anna.ask("GET", "/audit/actions", after="x").status_code == 404


def test_a_coordinator_asks_for_a_partner_a_member_and_a_time(staff: Staff, session_id: str) -> None:
    carla = program(staff, "coordinator", None, "carla@example.org")
    assert len(carla.ask("GET", "/audit/actions", partner="orso").json["items"]) == 2
    for none in ({"staff_id": SOMEBODY}, {"partner": "small"}, {"done_before": "2026-01-01T00:00:00Z"}):
        assert carla.ask("GET", "/audit/actions", **none).json["items"] == []


def test_accounts_are_told_with_names_and_an_operator_reads_of_the_own_one(staff: Staff, anna: Program) -> None:
    carla = program(staff, "coordinator", None, "carla@example.org")
    newest, *_rest = carla.ask("GET", "/audit/accounts").json["items"]
    assert (newest["action"], newest["operator"], newest["account_name"]) == ("key_added", True, "Anna Bruno")
    assert len(carla.ask("GET", "/audit/accounts").json["items"]) == 6
    own = anna.ask("GET", "/audit/accounts").json["items"]
    assert len(own) == len(carla.ask("GET", "/audit/accounts", staff_id=own[0]["account_id"]).json["items"]) == 3


@pytest.mark.parametrize("path", ["/audit/actions", "/audit/accounts"])
@pytest.mark.parametrize(("role", "partner"), [("viewer", "orso"), ("prescriber", None)])
def test_others_read_nothing(staff: Staff, role: str, partner: str | None, path: str) -> None:
    assert program(staff, role, partner).ask("GET", path).status_code == 403
