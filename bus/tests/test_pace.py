"""Batches that come in quick succession are gathered."""

import threading

import pytest

from bus.pace import ENOUGH, SPACING, Pace


class Clockwork(threading.Event):
    """Says for how long somebody wanted to wait, and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        return False


@pytest.fixture
def clockwork() -> Clockwork:
    return Clockwork()


def test_what_comes_alone_goes_at_once(clockwork: Clockwork) -> None:
    Pace(clockwork).wait()
    assert clockwork.waits == []


def test_after_a_small_batch_there_is_a_pause(clockwork: Clockwork) -> None:
    pace = Pace(clockwork)
    pace.worked(1)
    pace.wait()
    assert len(clockwork.waits) == 1
    assert 0 < clockwork.waits[0] <= SPACING


def test_after_a_batch_that_is_large_enough_there_is_none(clockwork: Clockwork) -> None:
    pace = Pace(clockwork)
    pace.worked(ENOUGH)
    pace.wait()
    assert clockwork.waits == []


def test_after_an_empty_batch_there_is_none(clockwork: Clockwork) -> None:
    pace = Pace(clockwork)
    pace.worked(0)
    pace.wait()
    assert clockwork.waits == []
