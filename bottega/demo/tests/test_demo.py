"""The demonstration content: believable, harmless, and the same however often it is loaded."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from bottega.demo import load
from bottega.demo.topics import TIMETABLE, TOPICS
from bus.database import Database
from bus.tables import outbox
from services.booking import usecases
from services.booking.config import MIGRATIONS
from services.booking.tables import reservations
from tests.databases import Templates

MONDAY = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ROME = ZoneInfo("Europe/Rome")


@pytest.fixture
def database(templates: Templates, tmp_path: Path) -> Iterator[Database]:
    database = Database(templates.copy(MIGRATIONS, tmp_path / "booking.db"))
    yield database
    database.close()


def sessions(database: Database, now: datetime = MONDAY) -> list[dict[str, Any]]:
    with database.reading() as tx:
        return list(usecases.list_sessions(tx, now, limit=100)["items"])


def said(database: Database) -> list[str]:
    with database.reading() as tx:
        return list(tx.connection.execute(select(outbox.c.routing_key)).scalars())


def test_the_next_two_weeks_have_every_session_of_the_timetable(database: Database) -> None:
    load(database, MONDAY)
    assert len(sessions(database)) == len(TIMETABLE)
    assert all(MONDAY < item["starts_at"] < MONDAY + 14 * DAY for item in sessions(database))


def test_four_partners_hold_sessions_in_italian_and_english(database: Database) -> None:
    load(database, MONDAY)
    assert len({item["partner"] for item in sessions(database)}) == 4
    assert {item["language"] for item in sessions(database)} == {"it", "en"}


def test_some_are_full_with_people_waiting_and_some_are_free(database: Database) -> None:
    load(database, MONDAY)
    shown = sessions(database)
    assert any(item["seats_left"] == 0 and item["waiting"] for item in shown)
    assert any(item["seats_left"] == 1 for item in shown)
    assert sum(item["seats_left"] > 0 and item["bookable"] for item in shown) > len(shown) / 2


@pytest.mark.parametrize("start", [MONDAY, datetime(2026, 10, 20, 6, 0, tzinfo=UTC)])  # the clocks change on 25 October
def test_sessions_are_held_when_people_in_turin_are_awake(database: Database, start: datetime) -> None:
    load(database, start)
    for item in sessions(database, start):
        begins, ends = item["starts_at"].astimezone(ROME), item["ends_at"].astimezone(ROME)
        assert (begins.hour, ends.hour) >= (9, 10)
        assert ends.hour < 21
        assert begins.minute in (0, 30)


def test_loading_again_changes_nothing(database: Database) -> None:
    load(database, MONDAY)
    before = (sessions(database), said(database))
    load(database, MONDAY)
    assert (sessions(database), said(database)) == before


def test_a_day_later_only_the_new_day_is_added(database: Database) -> None:
    load(database, MONDAY)
    before = {item["id"] for item in sessions(database)}
    load(database, MONDAY + DAY)
    new = [item for item in sessions(database) if item["id"] not in before]
    assert {item["starts_at"].astimezone(ROME).date() for item in new} == {(MONDAY + 14 * DAY).date()}


@pytest.mark.parametrize("days", range(14))
def test_whatever_the_day_there_is_something_to_book(database: Database, days: int) -> None:
    now = datetime(2026, 12, 24, 21, 0, tzinfo=UTC) + days * DAY
    load(database, now)
    assert sum(item["bookable"] for item in sessions(database, now)) >= len(TIMETABLE) - 6


def test_the_bus_hears_of_the_sessions_and_of_no_reservation(database: Database) -> None:
    load(database, MONDAY)
    assert said(database) == ["session.published.v1"] * len(TIMETABLE)


def test_the_people_who_fill_the_sessions_have_a_name_and_no_address(database: Database) -> None:
    load(database, MONDAY)
    with database.reading() as tx:
        odd = select(func.count()).where(reservations.c.name.is_(None) | reservations.c.email.is_not(None))
        assert tx.connection.execute(odd).scalar_one() == 0


def test_a_session_that_was_called_off_does_not_come_back(database: Database) -> None:
    load(database, MONDAY)
    gone = sessions(database)[0]["id"]
    with database.transaction() as tx:
        usecases.cancel_session(tx, MONDAY, session_id=gone)
    load(database, MONDAY)
    assert gone not in {item["id"] for item in sessions(database)}


def test_every_topic_is_in_the_timetable() -> None:
    assert {slot.topic for slot in TIMETABLE} == TOPICS.keys()


def test_published_titles_are_whole(database: Database) -> None:
    load(database, MONDAY)
    with database.reading() as tx:
        titles = {json.loads(data)["title"] for data in tx.connection.execute(select(outbox.c.data)).scalars()}
    assert titles == {topic.title for topic in TOPICS.values()}
