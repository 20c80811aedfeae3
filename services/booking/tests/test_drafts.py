"""What makes a session that can be published."""

from datetime import datetime, timedelta

import pytest

from services.booking.drafts import session_from
from services.booking.errors import InvalidArguments
from services.booking.tests.examples import DAY, NOW, ORSO, a_draft


def test_a_session_can_be_booked_from_now_until_it_starts_unless_said_otherwise() -> None:
    session = session_from(a_draft(), ORSO, NOW)
    assert (session.opens_at, session.closes_at) == (NOW, session.starts_at)


@pytest.mark.parametrize("description", ["", "Uno.\n\nDue."])
def test_a_description_may_have_paragraphs_or_be_left_out(description: str) -> None:
    assert session_from(a_draft(description=description), ORSO, NOW).description == description


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("title", "Due\nrighe"),
        ("title", "x" * 201),
        ("description", "x" * 5001),
        ("description", "nul \x00"),
        ("language", "fr"),
        ("capacity", 0),
        ("capacity", 10_001),
        ("room_url", "javascript:alert(1)"),
        ("room_url", "http://meet.example.org/x"),
        ("room_url", "https://"),
        ("room_url", "https://[bad/"),
        ("starts_at", NOW),
        ("starts_at", datetime(2026, 12, 1, 9)),  # noqa: DTZ001 (that is what is refused)
        ("ends_at", NOW + DAY),
        ("ends_at", NOW + DAY + timedelta(hours=13)),
        ("opens_at", NOW + DAY),
        ("closes_at", NOW + DAY + timedelta(seconds=1)),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused_with_the_field_that_is_wrong(field: str, value: object) -> None:
    with pytest.raises(InvalidArguments) as refusal:
        session_from(a_draft(**{field: value}), ORSO, NOW)
    assert field in refusal.value.details["fields"]
