"""The waiting list over the API: what a reservation says of it, and answering the offer of a seat."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from bus.times import now
from gateway.tests.api.conftest import Site
from gateway.tests.api.test_requests import became, booking_is_busy
from services.booking import waiting
from services.booking.domain import HOLD


@dataclass
class Line:
    """A session with one seat, who has it, and who waits first."""

    site: Site
    session_id: str
    seated: str
    waits: str

    def ask(self, method: str, reservation_id: str, what: str = "") -> Any:
        path = f"/api/v1/reservations/{reservation_id}{what}"
        return self.site.client.open(path, method=method, headers=self.site.token(reservation_id))

    def free_the_seat(self) -> None:
        assert self.ask("DELETE", self.seated).status_code == 200

    def line_of(self, reservation_id: str) -> Any:
        return self.ask("GET", reservation_id).json["waiting_list"]


@pytest.fixture
def line(site: Site) -> Line:
    session_id = site.publish(capacity=1)
    seated = site.book(session_id).json["id"]
    waits = site.book(session_id, "two", email="omar@example.org").json["id"]
    return Line(site, session_id, seated, waits)


def test_who_waits_reads_the_place_in_line(line: Line) -> None:
    expected = {
        "state": "waiting",
        "position": 1,
        "offer_expires_at": None,
        "passed_over": False,
        "seat_is_free": False,
    }
    assert line.line_of(line.waits) == expected


def test_who_is_offered_a_seat_waits_still_and_reads_until_when(line: Line) -> None:
    line.free_the_seat()
    shown = line.ask("GET", line.waits).json
    assert (shown["state"], shown["waiting_list"]["state"]) == ("waiting", "offered")
    assert shown["waiting_list"]["offer_expires_at"].endswith("Z")


def test_put_takes_the_seat_and_doing_it_again_changes_nothing(line: Line) -> None:
    line.free_the_seat()
    answers = [line.ask("PUT", line.waits, "/offer") for _ in range(2)]
    assert [(answer.status_code, answer.json["state"]) for answer in answers] == [(200, "confirmed")] * 2
    assert answers[0].json["waiting_list"]["state"] == "accepted"


def test_delete_leaves_the_seat_and_doing_it_again_changes_nothing(line: Line) -> None:
    line.free_the_seat()
    answers = [line.ask("DELETE", line.waits, "/offer") for _ in range(2)]
    assert [(answer.status_code, answer.json["state"]) for answer in answers] == [(200, "cancelled")] * 2
    assert answers[0].json["waiting_list"]["state"] == "declined"


def test_without_an_offer_there_is_nothing_to_answer(line: Line) -> None:
    refused = [line.ask(method, line.waits, "/offer") for method in ("PUT", "DELETE")]
    assert [(answer.status_code, answer.json["code"]) for answer in refused] == [(409, "no_offer")] * 2


def test_a_refusal_is_no_answer_for_an_offer_that_comes_later(line: Line) -> None:
    assert line.ask("PUT", line.waits, "/offer").status_code == 409
    line.free_the_seat()
    assert line.ask("PUT", line.waits, "/offer").status_code == 200


def test_an_offer_that_ran_out_is_told_as_such(line: Line) -> None:
    line.free_the_seat()
    with line.site.database.transaction() as tx:
        over = now() + HOLD
        waiting.expire_offer(tx, over, session_id=UUID(line.session_id), reservation_id=UUID(line.waits))
    refused = line.ask("PUT", line.waits, "/offer")
    assert (refused.status_code, refused.json["code"]) == (409, "offer_expired")
    assert line.line_of(line.waits)["state"] == "expired"


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_only_who_holds_the_token_answers_an_offer(line: Line, method: str) -> None:
    line.free_the_seat()
    path = f"/api/v1/reservations/{line.waits}/offer"
    wrong = {"Authorization": "Bearer wrong"}
    answers = [line.site.client.open(path, method=method, headers=headers) for headers in ({}, wrong)]
    assert [answer.status_code for answer in answers] == [401, 404]
    assert line.line_of(line.waits)["state"] == "offered"


def test_an_answer_that_was_taken_in_is_carried_out_when_booking_is_back(line: Line) -> None:
    line.free_the_seat()
    headers = line.site.token(line.waits)
    with booking_is_busy(line.site):
        taken = line.site.client.put(f"/api/v1/reservations/{line.waits}/offer", headers=headers)
    assert taken.status_code == 202
    assert became(line.site, taken, "done").json["reservation"]["waiting_list"]["state"] == "accepted"
