"""What anybody sees: lists page by page, one session, the partners; on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts import booking
from services.booking import usecases
from services.booking.domain import Partner
from services.booking.errors import InvalidArguments, NotFound
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, a_session

HOUR = timedelta(hours=1)


def at(start: datetime, **more: Any) -> dict[str, Any]:
    return {"starts_at": start, "ends_at": start + HOUR, **more}


def listed(desk: Desk, **arguments: Any) -> list[UUID]:
    return [item["id"] for item in desk.sessions(**arguments)["items"]]


def test_the_earliest_session_comes_first(desk: Desk) -> None:
    later, sooner = desk.publish(**at(NOW + 2 * DAY)), desk.publish(**at(NOW + DAY))
    assert listed(desk) == [sooner, later]


def test_the_page_is_what_the_contract_says(desk: Desk) -> None:
    session = desk.publish()
    (item,) = booking.LIST_SESSIONS.result().dump(desk.sessions())["items"]
    assert item == {
        "id": str(session),
        "title": "Orientarsi dopo il diploma",
        "description": "Lavoro, ITS, università, servizio civile.",
        "language": "it",
        "partner": "orso",
        "partner_name": "Cooperativa Orso",
        "starts_at": "2026-11-24T09:00:00+00:00",
        "ends_at": "2026-11-24T10:00:00+00:00",
        "capacity": 2,
        "taken": 0,
        "seats_left": 2,
        "waiting": 0,
        "bookable": True,
        "cancelled": False,
        "series_id": None,
        "stories": [],
        "revision": 0,
    }


def test_nobody_sees_the_room_before_having_a_seat(desk: Desk) -> None:
    session = desk.publish()
    assert "meet.example.org" not in str(desk.session(session)) + str(desk.sessions())


def test_sessions_that_have_begun_are_not_listed(desk: Desk) -> None:
    desk.publish()
    desk.now = NOW + DAY + timedelta(seconds=1)
    assert listed(desk) == []


def test_sessions_that_were_called_off_are_not_listed_but_still_found(desk: Desk) -> None:
    session = desk.publish()
    desk.call_off(session)
    assert listed(desk) == []
    assert desk.session(session)["cancelled"] is True


def test_those_called_off_are_listed_by_themselves_until_they_would_have_ended(desk: Desk) -> None:
    desk.publish(starts_at=NOW + DAY / 24, ends_at=NOW + DAY / 12)
    called_off = desk.publish()
    desk.call_off(called_off)
    desk.now = NOW + DAY + DAY / 48
    (item,) = desk.sessions(called_off=True)["items"]
    assert (item["id"], item["cancelled"], item["revision"]) == (called_off, True, 1)
    desk.now = NOW + DAY + DAY / 24
    assert desk.sessions(called_off=True)["items"] == []


def test_pages_follow_each_other_without_gap_or_repetition_though_many_start_together(desk: Desk) -> None:
    published = {desk.publish(**at(NOW + DAY + (number // 5) * HOUR)) for number in range(23)}
    seen: list[UUID] = []
    after = None
    while True:
        page = desk.sessions(after=after, limit=4)
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 23
    assert set(seen) == published


def test_the_last_page_has_no_next_even_when_it_is_full(desk: Desk) -> None:
    for _ in range(2):
        desk.publish()
    assert desk.sessions(limit=2)["next"] is None


def test_a_session_published_between_two_pages_moves_nothing(desk: Desk) -> None:
    first, second = desk.publish(**at(NOW + DAY)), desk.publish(**at(NOW + 2 * DAY))
    after = desk.sessions(limit=1)["next"]
    desk.publish(**at(NOW + DAY / 2))
    assert listed(desk, after=after) == [second]
    assert first not in listed(desk, after=after)


@pytest.mark.parametrize(
    "cursor", ["x", "é", "", "AAAA", "\x00", "MjAyNi0xMS0yM1QwOTowMDowMCA5", "OTk5OS0xMi0zMVQyMzo1OTo1OS0xMjowMCAw"]
)
def test_a_cursor_that_is_not_ours_is_refused(desk: Desk, cursor: str) -> None:
    if cursor == "":
        assert listed(desk, after=cursor) == []
        return
    with pytest.raises(InvalidArguments) as refusal:
        desk.sessions(after=cursor)
    assert list(refusal.value.details["fields"]) == ["after"]


def test_sessions_are_found_by_language_partner_and_time(desk: Desk) -> None:
    with desk.database.transaction() as tx:
        usecases.add_partner(tx, Partner("altra", "L'altra"))
    italian = desk.publish(**at(NOW + DAY))
    english = desk.publish(**at(NOW + 2 * DAY, language="en"))
    others = desk.publish(**at(NOW + 3 * DAY, partner="altra"))
    assert listed(desk, language="en") == [english]
    assert listed(desk, partner="altra") == [others]
    assert listed(desk, partner="altra", language="en") == []
    assert listed(desk, starts_from=NOW + 2 * DAY) == [english, others]
    assert listed(desk, starts_before=NOW + 2 * DAY) == [italian]


def test_a_time_in_any_zone_is_the_same_moment(desk: Desk) -> None:
    session = desk.publish()
    assert listed(desk, starts_from=datetime.fromisoformat("2026-11-24T10:00:00+01:00")) == [session]
    assert listed(desk, starts_from=datetime.fromisoformat("2026-11-24T10:00:01+01:00")) == []


def test_a_partner_that_nobody_knows_has_no_sessions(desk: Desk) -> None:
    assert listed(desk, partner="nobody") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("partner", "\x00"),
        ("partner", "Or so"),
        (
            "starts_from",
            datetime.max.replace(tzinfo=UTC).replace(tzinfo=datetime.fromisoformat("2026-01-01T00:00-12:00").tzinfo),
        ),
        ("starts_before", datetime.fromisoformat("0001-01-01T00:00:00+14:00")),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_with_its_name(desk: Desk, field: str, value: Any) -> None:
    with pytest.raises(InvalidArguments) as refusal:
        desk.sessions(**{field: value})
    assert list(refusal.value.details["fields"]) == [field]


def test_listing_takes_one_query_however_many_reservations_there_are(desk: Desk, statements: list[str]) -> None:
    for _ in range(3):
        desk.crowd(desk.publish(), 5)
    statements.clear()
    assert len(desk.sessions()["items"]) == 3
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_an_unknown_session_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.session(a_session().id)


def test_partners_are_listed_by_name(desk: Desk) -> None:
    with desk.database.transaction() as tx:
        usecases.add_partner(tx, Partner("altra", "Altra"))
        assert usecases.list_partners(tx) == {
            "items": [{"id": "altra", "name": "Altra"}, {"id": "orso", "name": "Cooperativa Orso"}]
        }


def test_adding_a_partner_again_renames_it(desk: Desk) -> None:
    with desk.database.transaction() as tx:
        usecases.add_partner(tx, Partner("orso", "Orso"))
        assert usecases.list_partners(tx) == {"items": [{"id": "orso", "name": "Orso"}]}


@pytest.mark.parametrize("partner", [Partner("Or so", "Orso"), Partner("orso", " "), Partner("o" * 41, "Orso")])
def test_a_partner_needs_a_slug_and_a_name(desk: Desk, partner: Partner) -> None:
    with desk.database.transaction() as tx, pytest.raises(InvalidArguments):
        usecases.add_partner(tx, partner)


def test_publishing_is_told_with_what_a_reader_needs(desk: Desk) -> None:
    session = desk.publish()
    (event,) = desk.said("session.published")
    assert event == {
        "type": "session.published.v1",
        "subject": f"session/{session}",
        "partner": "orso",
        "data": {
            "session_id": str(session),
            "partner": "orso",
            "title": "Orientarsi dopo il diploma",
            "language": "it",
            "starts_at": "2026-11-24T09:00:00+00:00",
            "ends_at": "2026-11-24T10:00:00+00:00",
            "capacity": 2,
        },
    }


@pytest.mark.parametrize("partner", ["nobody", "\x00"])
def test_a_session_of_a_partner_that_is_not_known_is_not_published(desk: Desk, partner: str) -> None:
    with pytest.raises(InvalidArguments):
        desk.publish(partner=partner)
