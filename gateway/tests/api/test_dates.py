"""Changing a reservation to another date of its series over the API."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from gateway.tests.api.conftest import Site
from gateway.tests.api.test_requests import became, booking_is_busy
from gateway.tests.series import publish_series


@dataclass
class Booked:
    """A reservation on the first of three dates with one seat each."""

    site: Site
    dates: list[str]
    id: str

    def listed(self) -> list[str]:
        answer = self.site.client.get(f"/api/v1/reservations/{self.id}/dates", headers=self.site.token(self.id))
        return [session["id"] for session in answer.json["items"]]

    def move(self, to: Any, key: str | None = "one", **headers: str) -> Any:
        sent = {**self.site.token(self.id), **({"Idempotency-Key": key} if key else {}), **headers}
        return self.site.client.post(f"/api/v1/reservations/{self.id}/move", json={"session_id": to}, headers=sent)

    def state(self, reservation_id: str | None = None) -> Any:
        which = reservation_id or self.id
        return self.site.client.get(f"/api/v1/reservations/{which}", headers=self.site.token(which)).json["state"]


@pytest.fixture
def booked(site: Site) -> Booked:
    dates = publish_series(site)
    return Booked(site, dates, str(site.book(dates[0]).json["id"]))


def test_the_other_dates_are_listed_for_who_holds_the_token(booked: Booked) -> None:
    assert booked.listed() == booked.dates[1:]


def test_a_session_alone_has_no_other_dates(site: Site) -> None:
    assert Booked(site, [], str(site.book(site.publish()).json["id"])).listed() == []


def test_a_move_makes_a_new_reservation_and_ends_the_old(booked: Booked) -> None:
    made = booked.move(booked.dates[1])
    assert made.status_code == 201
    assert (made.json["session_id"], made.json["state"]) == (booked.dates[1], "confirmed")
    assert made.headers["Location"] == f"/api/v1/reservations/{made.json['id']}"
    assert [booked.state(), booked.state(made.json["id"])] == ["cancelled", "confirmed"]


def test_on_a_full_date_it_waits_and_is_told_the_position(booked: Booked) -> None:
    booked.site.book(booked.dates[1], "two", email="omar@example.org")
    moved = booked.move(booked.dates[1]).json
    assert (moved["state"], moved["position"]) == ("waiting", 1)


def test_the_same_key_gives_the_same_reservation(booked: Booked) -> None:
    first, again = booked.move(booked.dates[1]), booked.move(booked.dates[1])
    assert (first.status_code, first.json) == (again.status_code, again.json)


def test_the_same_key_for_another_date_is_a_clear_error(booked: Booked) -> None:
    booked.move(booked.dates[1])
    reused = booked.move(booked.dates[2])
    assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")


def test_a_move_needs_a_key(booked: Booked) -> None:
    refused = booked.move(booked.dates[1], key=None)
    assert (refused.status_code, refused.json["code"]) == (400, "idempotency_key_missing")


def test_a_date_of_another_series_is_refused(booked: Booked) -> None:
    refused = booked.move(booked.site.publish())
    assert (refused.status_code, refused.json["code"]) == (409, "not_this_series")


def test_who_is_booked_on_that_date_already_keeps_both(booked: Booked) -> None:
    other = booked.site.book(booked.dates[1], "two").json["id"]
    refused = booked.move(booked.dates[1])
    assert (refused.status_code, refused.json["code"]) == (409, "booked_already")
    assert [booked.state(), booked.state(other)] == ["confirmed"] * 2


@pytest.mark.parametrize("wrong", ["tomorrow", 7, None])
def test_a_date_that_is_none_is_named(booked: Booked, wrong: Any) -> None:
    refused = booked.move(wrong)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["session_id"])


def test_only_who_holds_the_token_sees_the_dates_and_moves(booked: Booked) -> None:
    path, wrong = f"/api/v1/reservations/{booked.id}", {"Authorization": "Bearer wrong"}
    body = {"json": {"session_id": booked.dates[1]}}
    key = {"Idempotency-Key": str(uuid4())}
    listed = [booked.site.client.get(f"{path}/dates", headers=headers) for headers in ({}, wrong)]
    moved = [booked.site.client.post(f"{path}/move", headers={**key, **headers}, **body) for headers in ({}, wrong)]
    assert [answer.status_code for answer in (*listed, *moved)] == [401, 404] * 2
    assert booked.state() == "confirmed"


def test_a_move_that_was_taken_in_is_carried_out_when_booking_is_back(booked: Booked) -> None:
    token = booked.site.token(booked.id)
    with booking_is_busy(booked.site):
        taken = booked.move(booked.dates[1], **token)
    assert taken.status_code == 202
    assert became(booked.site, taken, "done").json["reservation"]["session_id"] == booked.dates[1]
