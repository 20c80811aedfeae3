"""The dates of a series, on plain values."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.errors import InvalidArguments
from services.booking.recurrence import DATES_MAX, LONGEST, ROME, dates

FIRST = datetime.fromisoformat("2027-03-16T17:00")  # a Tuesday; summer time begins on 28 March


def test_a_series_has_the_dates_of_its_rule() -> None:
    found = dates("FREQ=WEEKLY;COUNT=3", FIRST)
    assert [day.date() for day in found] == [date(2027, 3, 16), date(2027, 3, 23), date(2027, 3, 30)]


@pytest.mark.parametrize(
    "first", [FIRST, datetime.fromisoformat("2026-10-20T17:00")], ids=["to summer time", "from summer time"]
)
def test_the_hour_on_the_wall_stays_when_the_clocks_change(first: datetime) -> None:
    before, *_, after = dates("FREQ=WEEKLY;COUNT=3", first)
    assert (before.hour, after.hour) == (17, 17)
    assert before.utcoffset() != after.utcoffset()


def test_a_day_that_is_left_out_has_no_date_and_makes_the_series_no_longer() -> None:
    found = dates("FREQ=WEEKLY;COUNT=3", FIRST, [date(2027, 3, 23)])
    assert [day.date() for day in found] == [date(2027, 3, 16), date(2027, 3, 30)]


@pytest.mark.parametrize("until", ["20270330", "20270330T170000", "20270330T150000Z"])
def test_the_last_day_is_one_of_them(until: str) -> None:
    assert dates(f"FREQ=WEEKLY;UNTIL={until}", FIRST)[-1] == datetime(2027, 3, 30, 17, 0, tzinfo=ROME)


def test_the_name_before_the_rule_may_stay() -> None:
    assert len(dates("RRULE:FREQ=MONTHLY;BYDAY=1TU;COUNT=2", FIRST)) == 2


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;COUNT=2;UNTIL=20270330",
        "FREQ=WEEKLY;UNTIL=20990101",
        "FREQ=DAILY;COUNT=101",
        "FREQ=DAILY;COUNT=99999999999999999999",
        "FREQ=DAILY;COUNT=0",
        "FREQ=SECONDLY;COUNT=3",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=DAILY;BYHOUR=1,2,3;COUNT=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=3",
        "FREQ=MONTHLY;COUNT=20",
        "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=4;COUNT=3",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=1MO;COUNT=3",
        "FREQ=DAILY;INTERVAL=-5;COUNT=3",
        "FREQ=DAILY;INTERVAL=0;COUNT=3",
        "FREQ=DAILY;INTERVAL=x;COUNT=3",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
        "FREQ=WEEKLY;COUNT=3;COUNT=4",
        "FREQ=WEEKLY;UNTIL=tomorrow",
        "FREQ=WEEKLY;COUNT=",
        "every Tuesday",
        "",
        "FREQ=WEEKLY;COUNT=3;" + "BYDAY=TU," * 100,
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_words(rule: str) -> None:
    with pytest.raises(InvalidArguments) as refusal:
        dates(rule, FIRST)
    ((words,),) = refusal.value.details["fields"].values()
    assert words.endswith(".")


NUMBERS = st.integers(-400, 400).map(str)
PARTS = st.one_of(
    st.tuples(st.sampled_from(["INTERVAL", "COUNT", "BYMONTHDAY", "BYMONTH", "BYSETPOS"]), NUMBERS),
    st.tuples(st.sampled_from(["BYDAY", "WKST"]), st.sampled_from(["MO", "2TU", "-1FR", "XX", "SU"])),
    st.tuples(st.just("UNTIL"), st.sampled_from(["20270401", "20271231T235959Z", "99991231", "20270230"])),
    st.tuples(st.text(max_size=8), st.text(max_size=8)),
)


@given(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), st.lists(PARTS, max_size=4))
def test_whatever_is_written_is_refused_or_gives_a_bounded_number_of_dates_in_order(
    frequency: str, parts: list[tuple[str, str]]
) -> None:
    rule = ";".join(f"{name}={value}" for name, value in [("FREQ", frequency), *parts])
    try:
        found = dates(rule, FIRST)
    except InvalidArguments:
        return
    assert 1 <= len(found) <= DATES_MAX
    assert found == sorted(set(found))
    assert found[-1].replace(tzinfo=None) <= FIRST + LONGEST + timedelta(days=1)
