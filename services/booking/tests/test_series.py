"""Publishing, changing and calling off sessions as the staff does it, one and many, on both databases."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from services.booking import series, usecases
from services.booking.errors import InvalidArguments, NotFound, NotPermitted, SessionStarted
from services.booking.recurrence import ROME
from services.booking.series import Rooms
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, OPERATOR, ORSO, SECRET_KEY
from services.booking.tests.test_concurrency import at_once

FIRST = datetime.fromisoformat("2026-12-01T17:00")
ROOMS = Rooms("https://meet.example.org/{room}", SECRET_KEY)
WEEKLY = "FREQ=WEEKLY;COUNT=4"


class Office:
    """A member of the staff, at the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        with desk.database.transaction() as tx:
            usecases.add_partner(tx, ORSO)

    def publish(self, rooms: Rooms = ROOMS, **changes: Any) -> list[dict[str, Any]]:
        asked = {
            "actor": OPERATOR,
            "partner": ORSO.id,
            "title": "Orientarsi dopo il diploma",
            "description": "",
            "language": "it",
            "starts_at": FIRST,
            "minutes": 90,
            "capacity": 2,
            **changes,
        }
        with self.desk.database.transaction() as tx:
            return list(series.publish_sessions(tx, self.desk.now, rooms, **asked)["items"])

    def change(self, session_id: UUID, scope: str = "one", **changes: Any) -> list[dict[str, Any]]:
        asked = {"actor": OPERATOR, "session_id": session_id, "scope": scope, **changes}
        with self.desk.database.transaction() as tx:
            return list(series.change_sessions(tx, self.desk.now, **asked)["items"])

    def call_off(self, session_id: UUID, scope: str = "one") -> list[dict[str, Any]]:
        with self.desk.database.transaction() as tx:
            done = series.call_off_sessions(tx, self.desk.now, actor=OPERATOR, session_id=session_id, scope=scope)
        return list(done["items"])

    def starts(self, published: list[dict[str, Any]]) -> list[str]:
        """Day and hour on the wall clocks, as they are now."""
        found = [self.desk.session(session["id"])["starts_at"] for session in published]
        return [f"{start.astimezone(ROME):%d.%m. %H:%M}" for start in found]


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def test_a_series_is_published_date_by_date(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    assert office.starts(published) == ["01.12. 17:00", "08.12. 17:00", "15.12. 17:00", "22.12. 17:00"]
    assert len(office.desk.said("session.published")) == 4


def test_a_session_without_an_address_gets_a_room_that_nobody_guesses(office: Office) -> None:
    sessions = office.publish(rule="FREQ=WEEKLY;COUNT=2")
    rooms = []
    for session in sessions:
        mine = office.desk.book(session["id"])["id"]
        office.desk.now = session["starts_at"]
        rooms.append(office.desk.enter(mine)["room_url"])
        office.desk.now = NOW
    assert len(set(rooms)) == 2
    assert all(room.startswith("https://meet.example.org/") and len(room) > 40 for room in rooms)


def test_without_an_address_and_without_a_template_the_address_is_asked_for(office: Office) -> None:
    with pytest.raises(InvalidArguments) as refusal:
        office.publish(Rooms(None, SECRET_KEY))
    assert list(refusal.value.details["fields"]) == ["room_url"]


def test_one_date_that_makes_no_sense_publishes_none(office: Office) -> None:
    with pytest.raises(InvalidArguments):
        office.publish(rule=WEEKLY, starts_at=FIRST - 14 * DAY)
    assert office.desk.said("") == []


def test_nobody_publishes_for_another_partner(office: Office) -> None:
    with pytest.raises(NotPermitted):
        office.publish(actor={**OPERATOR, "partner": "other"})
    with pytest.raises(NotFound):
        office.publish(partner="unknown")


def test_one_date_is_changed_alone(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    office.change(published[1]["id"], starts_at=datetime.fromisoformat("2026-12-09T10:30"), title="Un altro titolo")
    assert office.starts(published) == ["01.12. 17:00", "09.12. 10:30", "15.12. 17:00", "22.12. 17:00"]
    (told,) = office.desk.said("session.changed")
    assert (told["subject"], told["data"]["changed"]) == (f"session/{published[1]['id']}", ["title", "times"])


def test_this_one_and_those_after_it_move_by_as_many_days_to_the_same_hour(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    office.change(published[2]["id"], "following", starts_at=datetime.fromisoformat("2026-12-16T09:00"), minutes=60)
    assert office.starts(published) == ["01.12. 17:00", "08.12. 17:00", "16.12. 09:00", "23.12. 09:00"]


def test_all_that_are_to_come_are_changed_and_what_is_over_stays(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    office.desk.now = published[1]["ends_at"]
    office.change(published[3]["id"], "all", title="Nuovo")
    titles = [office.desk.session(session["id"])["title"] for session in published]
    assert titles == ["Orientarsi dopo il diploma"] * 2 + ["Nuovo"] * 2


def test_moving_a_series_over_the_change_of_the_clocks_keeps_the_hour(office: Office) -> None:
    published = office.publish(rule=WEEKLY, starts_at=datetime.fromisoformat("2027-03-16T17:00"))
    office.change(published[0]["id"], "all", starts_at=datetime.fromisoformat("2027-03-17T18:00"))
    assert [start[-5:] for start in office.starts(published)] == ["18:00"] * 4


def test_the_same_again_is_nothing_to_tell(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    for _ in range(2):
        office.change(published[0]["id"], "all", title="Nuovo", starts_at=FIRST)
    assert len(office.desk.said("session.changed")) == 4


def test_a_change_raises_the_revision_of_every_calendar_entry(office: Office) -> None:
    (session,) = office.publish()
    mine = office.desk.book(session["id"])["id"]
    office.change(session["id"], minutes=60)
    assert office.desk.reservation(mine)["revision"] == 1


def test_a_session_that_has_begun_is_not_changed(office: Office) -> None:
    (session,) = office.publish()
    office.desk.now = session["starts_at"]
    with pytest.raises(SessionStarted):
        office.change(session["id"], title="Nuovo")


def test_a_session_is_not_moved_into_the_past_and_nothing_of_it_is_kept(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    with pytest.raises(InvalidArguments):
        office.change(published[0]["id"], "all", starts_at=FIRST - 30 * DAY)
    assert office.starts(published)[0] == "01.12. 17:00"


def test_an_offer_does_not_outlast_a_session_that_is_moved_forward(office: Office) -> None:
    (session,) = office.publish(capacity=1)
    first, second = (office.desk.book(session["id"], person)["id"] for person in ("giulia", "omar"))
    office.desk.cancel(first)
    office.change(session["id"], starts_at=datetime.fromisoformat("2026-11-23T16:00"))
    offer = office.desk.reservation(second)["waiting_list"]["offer_expires_at"]
    assert offer == datetime(2026, 11, 23, 14, 0, tzinfo=ROME)


def test_calling_off_what_follows_leaves_what_comes_before(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    for session in published:
        office.desk.book(session["id"])
    office.call_off(published[2]["id"], "following")
    cancelled = [office.desk.session(session["id"])["cancelled"] for session in published]
    assert cancelled == [False, False, True, True]
    assert len(office.desk.said("reservation.cancelled")) == 2


def test_changing_a_series_twice_as_long_as_a_year_is_not_possible_at_once(office: Office) -> None:
    with pytest.raises(InvalidArguments):
        office.publish(rule=f"FREQ=WEEKLY;UNTIL={FIRST + timedelta(days=700):%Y%m%d}")


def test_two_who_choose_a_start_at_once_end_at_one_that_was_chosen(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    chosen = [datetime.fromisoformat(f"2026-12-{day:02}T17:00") for day in (2, 3, 4, 5)]
    at_once([partial(_moved, office, published[0]["id"], start) for start in chosen])
    assert office.starts(published[:1])[0] in {f"{start:%d.%m. %H:%M}" for start in chosen}


def _moved(office: Office, session_id: UUID, start: datetime) -> dict[str, Any]:
    return office.change(session_id, "all", starts_at=start)[0]


def test_calling_off_this_one_and_what_follows_calls_off_one_that_has_begun(office: Office) -> None:
    published = office.publish(rule=WEEKLY)
    office.desk.now = published[2]["starts_at"]
    called_off = office.call_off(published[2]["id"], "following")
    assert [session["id"] for session in called_off] == [session["id"] for session in published[2:]]


def test_a_seat_that_was_free_for_all_is_held_again_when_the_session_moves_away(office: Office) -> None:
    (session,) = office.publish(capacity=1)
    first, second = (office.desk.book(session["id"], person)["id"] for person in ("giulia", "omar"))
    office.desk.now = session["starts_at"] - timedelta(hours=1)
    office.desk.cancel(first)
    office.change(session["id"], starts_at=FIRST + 7 * DAY)
    assert office.desk.line(second)[0] == "offered"
