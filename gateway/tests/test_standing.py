"""Where a reservation stands, in one word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.pages.standing import standing

START = datetime(2026, 12, 1, 16, tzinfo=UTC)
DAY_BEFORE = START - timedelta(days=1)


def reservation(state: str, line: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    session = {
        "starts_at": START.isoformat(),
        "ends_at": (START + timedelta(hours=1)).isoformat(),
        "cancelled": changes.pop("called_off", False),
    }
    facts = {"join_opens_at": (START - timedelta(minutes=15)).isoformat(), "was_confirmed": False}
    return {"state": state, "session": session, "waiting_list": line, **facts, **changes}


def in_line(state: str, until: datetime | None = None, *, free: bool = False) -> dict[str, Any]:
    return {"state": state, "offer_expires_at": until and until.isoformat(), "passed_over": False, "seat_is_free": free}


@pytest.mark.parametrize(
    ("minutes", "word"), [(-16, "seat"), (-15, "doors_open"), (0, "doors_open"), (59, "doors_open"), (60, "over")]
)
def test_a_seat_opens_a_door_from_a_quarter_of_an_hour_before_until_the_end(minutes: int, word: str) -> None:
    assert standing(reservation("confirmed"), START + timedelta(minutes=minutes)) == word


@pytest.mark.parametrize(("minutes", "word"), [(-121, "waiting"), (-120, "last_hours"), (0, "missed_out")])
def test_who_waits_is_told_when_seats_are_no_longer_held_and_when_it_is_too_late(minutes: int, word: str) -> None:
    assert standing(reservation("waiting", in_line("waiting")), START + timedelta(minutes=minutes)) == word


def test_who_had_two_offers_is_told_that_others_go_first() -> None:
    passed_over = reservation("waiting", {**in_line("waiting"), "passed_over": True})
    assert standing(passed_over, DAY_BEFORE) == "passed_over"


def test_a_seat_that_is_free_is_for_who_takes_it_first() -> None:
    assert standing(reservation("waiting", in_line("waiting", free=True)), START - timedelta(hours=1)) == "free"


@pytest.mark.parametrize(("seconds", "word"), [(-1, "offered"), (0, "expired")])
def test_an_offer_is_over_when_its_time_is_even_if_nobody_noted_it_yet(seconds: int, word: str) -> None:
    offered = reservation("waiting", in_line("offered", DAY_BEFORE))
    assert standing(offered, DAY_BEFORE + timedelta(seconds=seconds)) == word


@pytest.mark.parametrize("word", ["declined", "expired", "withdrawn"])
def test_a_place_in_line_ends_in_a_way_that_is_told(word: str) -> None:
    assert standing(reservation("cancelled", in_line(word)), DAY_BEFORE) == word


def test_a_seat_that_came_from_the_list_and_was_given_back_is_a_seat_given_back() -> None:
    ended = reservation("cancelled", in_line("withdrawn"), was_confirmed=True)
    assert standing(ended, DAY_BEFORE) == "given_back"


def test_a_session_called_off_says_so_to_everybody() -> None:
    ended = reservation("cancelled", in_line("withdrawn"), called_off=True)
    assert standing(ended, DAY_BEFORE) == "called_off"
