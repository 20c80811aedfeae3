"""The rules of accounts and of guessing, on plain values."""

from datetime import timedelta

import pytest

from services.staff.domain import Attempts, Role, legible_name, partner_of
from services.staff.errors import InvalidArguments
from services.staff.tests.office import NOW


def after(failures: int) -> Attempts:
    tried = Attempts(0, NOW)
    for _ in range(failures):
        tried = tried.failed(NOW)
    return tried


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (10, 480), (11, 900), (1000, 900)]
)
def test_each_failure_from_the_fifth_on_doubles_the_wait_up_to_a_quarter_of_an_hour(
    failures: int, seconds: int
) -> None:
    assert after(failures).wait(NOW) == seconds


def test_a_part_of_a_second_is_waited_for_too() -> None:
    assert after(5).wait(NOW + timedelta(seconds=14.5)) == 1


def test_after_the_wait_there_is_none() -> None:
    assert after(5).wait(NOW + timedelta(seconds=15)) == 0


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER])
@pytest.mark.parametrize("partner", [None, "", "Orso", "a b", "x" * 41, "-"])
def test_who_is_no_coordinator_works_for_a_partner(role: Role, partner: str | None) -> None:
    with pytest.raises(InvalidArguments):
        partner_of(role, partner)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRESCRIBER])
def test_a_coordinator_and_a_prescriber_work_for_no_partner_alone(role: Role) -> None:
    assert partner_of(role, None) is None
    with pytest.raises(InvalidArguments):
        partner_of(role, "orso")


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 121])
def test_a_name_is_one_line_that_can_be_read(name: str) -> None:
    with pytest.raises(InvalidArguments):
        legible_name(name)
