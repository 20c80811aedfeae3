"""The pass to a person's own page: it says whose it is, until when, and cannot be made or changed without the key."""

from datetime import timedelta

import pytest

from contracts.booking.examples import PERSON_ID
from contracts.person import PASS_MAX, personal_pass, read_pass
from services.booking.tests.examples import NOW

KEY = bytes(range(32))
PASS = personal_pass(KEY, PERSON_ID, NOW + timedelta(hours=1))


def test_a_pass_says_whose_it_is_until_its_time_is_over() -> None:
    assert len(PASS) <= PASS_MAX
    assert read_pass(KEY, PASS, NOW) == PERSON_ID
    assert read_pass(KEY, PASS, NOW + timedelta(minutes=59, seconds=59)) == PERSON_ID
    assert read_pass(KEY, PASS, NOW + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    "forged",
    [
        PASS[:-1],
        PASS[1:],
        PASS.replace("9f86", "0f86", 1),
        PASS.rpartition(".")[0],
        personal_pass(bytes(32), PERSON_ID, NOW + timedelta(hours=1)),
        "",
        "..",
        "\ud800.è.1",
    ],
)
def test_a_pass_that_was_cut_changed_or_made_without_the_key_is_none(forged: str) -> None:
    assert read_pass(KEY, forged, NOW) is None


def test_a_pass_cannot_be_made_to_last_longer() -> None:
    person, until, signature = PASS.split(".")
    assert read_pass(KEY, f"{person}.{int(until) + 3600}.{signature}", NOW) is None
