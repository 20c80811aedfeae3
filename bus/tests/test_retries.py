"""How long a failed event waits, and which failures are whose."""

from datetime import timedelta

import pytest
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, TimeoutError

from bus.failures import (
    ATTEMPTS_MAX,
    DELAY_MAX,
    Permanent,
    TransactionLost,
    delay,
    is_infrastructure,
    is_permanent,
    summary,
)
from bus.tests.shop import SoldOut

DRIVER = Exception("of the driver, quoting giulia@example.org")


def _bounds(attempts: int) -> tuple[timedelta, timedelta]:
    drawn = [delay(attempts) for _ in range(200)]
    return min(drawn), max(drawn)


def test_delays_grow_from_attempt_to_attempt() -> None:
    for attempts in range(1, 8):
        assert _bounds(attempts)[1] < _bounds(attempts + 1)[0]


def test_delays_differ_so_that_not_all_come_back_at_once() -> None:
    shortest, longest = _bounds(4)
    assert shortest < longest


def test_no_delay_is_longer_than_an_hour() -> None:
    assert _bounds(ATTEMPTS_MAX)[1] <= timedelta(seconds=DELAY_MAX)


def test_an_event_is_tried_for_hours_before_it_is_parked() -> None:
    assert sum((delay(attempts) for attempts in range(1, ATTEMPTS_MAX)), timedelta()) > timedelta(hours=4)


@pytest.mark.parametrize("error", [Permanent("no"), ValidationError("no")])
def test_what_will_never_work_is_permanent(error: Exception) -> None:
    assert is_permanent(error)


@pytest.mark.parametrize("error", [ZeroDivisionError(), OperationalError("", {}, DRIVER), SoldOut()])
def test_everything_else_is_tried_again(error: Exception) -> None:
    assert not is_permanent(error)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("", {}, DRIVER),
        InterfaceError("", {}, DRIVER),
        TimeoutError("no connection is free"),
        TransactionLost(),
    ],
)
def test_a_database_that_is_not_there_is_no_fault_of_the_event(error: Exception) -> None:
    assert is_infrastructure(error)


@pytest.mark.parametrize("error", [ZeroDivisionError(), IntegrityError("", {}, DRIVER)])
def test_other_failures_are_the_fault_of_the_event(error: Exception) -> None:
    assert not is_infrastructure(error)


@pytest.mark.parametrize("error", [IntegrityError("INSERT giulia", {}, DRIVER), ValueError("giulia")])
def test_what_is_kept_of_an_error_quotes_no_message(error: Exception) -> None:
    assert "giulia" not in summary(error)


def test_the_stable_code_of_a_refusal_is_kept() -> None:
    assert summary(SoldOut("giulia")) == "SoldOut (sold_out)"
