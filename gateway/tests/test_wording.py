"""How facts read on a page."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bus.embedded import EmbeddedBus
from bus.node import Node
from gateway import wording
from gateway.config import Settings
from gateway.tests.websites import website

SESSION: dict[str, Any] = {
    "starts_at": "2026-12-01T16:00:00+00:00",
    "ends_at": "2026-12-01T17:30:00+00:00",
    "capacity": 20,
    "seats_left": 7,
    "waiting": 0,
    "bookable": True,
    "cancelled": False,
}


@pytest.fixture(params=[{}])
def _page(request: pytest.FixtureRequest) -> Any:
    app = website(Node("gateway", EmbeddedBus()).client, Settings(secret_key=bytes(32)))
    with app.test_request_context(headers=request.param):
        yield


english = pytest.mark.parametrize("_page", [{"Accept-Language": "en"}], indirect=True)
pytestmark = pytest.mark.usefixtures("_page")


def test_hours_are_those_of_turin() -> None:
    assert wording.hours(SESSION) == "dalle 17:00 alle 18:30"


def test_hours_follow_summer_time() -> None:
    assert wording.clock("2026-07-01T16:00:00+00:00") == "18:00"


def test_a_day_has_its_weekday_and_its_year_when_it_is_another() -> None:
    assert wording.day("2031-12-02T16:00:00+00:00") == "martedì 2 dicembre 2031"


def test_a_day_begins_at_midnight_in_turin() -> None:
    assert wording.day("2031-12-01T23:30:00+00:00") == "martedì 2 dicembre 2031"


@english
def test_a_day_in_english() -> None:
    assert wording.day("2031-12-02T16:00:00+00:00") == "Tuesday 2 December 2031"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "7 posti liberi su 20"),
        ({"seats_left": 3}, "Ultimi 3 posti"),
        ({"seats_left": 1}, "Ultimo posto"),
        ({"seats_left": 0}, "Al completo: c’è la lista d’attesa"),
        ({"seats_left": 0, "waiting": 1}, "Al completo, una persona in attesa"),
        ({"seats_left": 0, "waiting": 4}, "Al completo, 4 persone in attesa"),
        ({"bookable": False}, "Prenotazioni non aperte"),
        ({"cancelled": True, "bookable": False}, "Sessione annullata"),
    ],
)
def test_seats_are_told_in_words(changes: dict[str, Any], words: str) -> None:
    assert wording.seats(SESSION | changes) == words


@english
def test_seats_are_told_in_english_too() -> None:
    assert wording.seats(SESSION | {"seats_left": 1}) == "Last seat"


@pytest.mark.parametrize(
    ("capacity", "left", "taken", "free"),
    [(20, 7, 13, 7), (8, 8, 0, 8), (100, 1, 19, 1), (100, 0, 20, 0), (100, 100, 0, 20), (40, 21, 9, 11)],
)
def test_pegs_are_drawn_to_scale(capacity: int, left: int, taken: int, free: int) -> None:
    assert wording.pegs(SESSION | {"capacity": capacity, "seats_left": left}) == (taken, free)


def test_a_reference_is_short_enough_for_the_telephone() -> None:
    assert wording.reference("018f6f2e-9a40-7d11-8c2f-6f1f0e5d4c22") == "0E5D 4C22"


def test_a_day_that_is_near_is_one_word() -> None:
    now = datetime.now(UTC)
    assert [wording.day_near(now), wording.day_near(now + timedelta(days=1))] == ["oggi", "domani"]
