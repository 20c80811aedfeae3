"""The envelope on the wire: what goes in comes out, and nothing that comes in is a surprise."""

import json
import string
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.envelope import ATTRIBUTE_MAX, Event, Unreadable, decoded, encoded, traceparent
from bus.tests import shop
from bus.times import written

printable = st.text(
    st.characters(exclude_categories=["C", "Z"], codec="utf-8"), min_size=1, max_size=ATTRIBUTE_MAX
).filter(str.isprintable)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(codec="utf-8")),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)
events = st.builds(
    Event,
    id=st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=64),
    source=printable.filter(lambda text: len(text) < 200),
    type=printable,
    time=st.datetimes(timezones=st.just(UTC)).map(written),
    subject=printable,
    sequence=st.integers(0, (1 << 63) - 1),
    data=st.dictionaries(st.text(max_size=10), json_values, max_size=4),
    correlationid=printable,
    causationid=st.none() | printable,
    partner=st.none() | printable,
)


@given(events)
def test_an_event_comes_out_as_it_went_in(event: Event) -> None:
    assert decoded(encoded(event)) == event


@given(st.text(max_size=200) | json_values.map(json.dumps))
def test_anything_else_is_unreadable_and_nothing_worse(body: str) -> None:
    with pytest.raises(Unreadable):
        decoded(body)


@given(st.sampled_from(sorted(json.loads(encoded(shop.an_event())))), json_values)
def test_an_envelope_with_any_value_in_a_field_is_read_or_unreadable(name: str, value: Any) -> None:
    try:
        event = decoded(shop.body_of(shop.an_event(), **{name: value}).decode())
    except Unreadable:
        return
    assert decoded(encoded(event)) == event


def test_fields_that_are_not_known_are_ignored() -> None:
    event = shop.an_event()
    assert decoded(shop.body_of(event, invented="yes").decode()) == event


def test_sequences_sort_as_text() -> None:
    bodies = [json.loads(encoded(shop.an_event(sequence=sequence))) for sequence in (9, 10, (1 << 63) - 1)]
    sequences = [body["sequence"] for body in bodies]
    assert sequences == sorted(sequences)


def test_a_time_without_a_zone_is_unreadable() -> None:
    """RFC 3339 section 5.6: the offset is not optional."""
    with pytest.raises(Unreadable):
        decoded(shop.body_of(shop.an_event(), time="2026-12-01T16:00:00").decode())


def test_the_trace_of_an_event_is_its_correlation() -> None:
    """W3C Trace Context, section 3.2.2."""
    correlation, event = "01a20614-0d5c-7c3e-9a63-0123456789ab", "01a20614-0d5c-7c3e-8a63-abcdef012345"
    assert traceparent(correlation, event) == "00-01a206140d5c7c3e9a630123456789ab-8a63abcdef012345-01"


@pytest.mark.parametrize("correlation", ["", "a-correlation", "0" * 32, "è" * 32])
def test_a_correlation_of_another_form_has_no_trace(correlation: str) -> None:
    assert traceparent(correlation, "01a20614-0d5c-7c3e-8a63-abcdef012345") is None
