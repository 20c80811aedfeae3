"""The database as the migrations make it: what it forbids, and that each query has its index."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Select, event, insert, text, update
from sqlalchemy.exc import IntegrityError

from bus.database import Database
from services.booking import store
from services.booking.domain import Partner, State
from services.booking.store.calendars import due_at, listing
from services.booking.store.purging import ended, reservations_in
from services.booking.tables import calendars, feedback, metadata, reservations, sessions, staff_actions
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, a_reservation, a_session


def test_the_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    with database.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"include_name": _is_ours})
        assert compare_metadata(context, metadata) == []


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    return kind != "table" or name in metadata.tables


def test_the_database_refuses_a_second_live_reservation_of_one_person(desk: Desk) -> None:
    session = a_session(id=desk.publish())
    with pytest.raises(IntegrityError), desk.database.transaction() as tx:
        store.insert_unreachable(tx, [a_reservation(session), a_reservation(session, State.WAITING, ticket=2)])


def test_the_database_allows_another_after_a_cancelled_one(desk: Desk) -> None:
    session = a_session(id=desk.publish())
    with desk.database.transaction() as tx:
        store.insert_unreachable(tx, [a_reservation(session, State.CANCELLED), a_reservation(session, ticket=2)])


@pytest.mark.parametrize("seats", [{"taken": 3}, {"taken": -1}, {"taken": 2, "held": 1}, {"held": -1}, {"waiting": -1}])
def test_the_database_refuses_seats_that_cannot_be(desk: Desk, seats: dict[str, int]) -> None:
    desk.publish(capacity=2)
    with pytest.raises(IntegrityError), desk.database.transaction() as tx:
        tx.connection.execute(update(sessions).values(**seats))


def test_the_database_refuses_a_state_that_it_does_not_know(desk: Desk) -> None:
    desk.book(desk.publish())
    with pytest.raises(IntegrityError), desk.database.transaction() as tx:
        tx.connection.execute(update(reservations).values(state="lost"))


MANY_SESSIONS = 5_000
MANY_RESERVATIONS = 50_000
MANY_CALENDARS = 2_000
ONE = uuid4()
SIGNS = store.Signs("p", "ferrero giulia", "+39333")
WAITING = a_reservation(a_session(id=ONE), State.WAITING, ticket=30)
PLACE = store.Place(NOW, uuid4())
QUERIES: list[tuple[str, Select[Any], str]] = [
    ("sessions to come", store.listing(store.Filter(NOW + 9 * DAY), None, 20), "sessions_by_start"),
    (
        "the next page",
        store.listing(store.Filter(NOW), store.Place(NOW + 9 * DAY, uuid4()), 20),
        "sessions_by_start",
    ),
    ("called off", store.listing(store.Filter(NOW, called_off_until=NOW), None, 20), "sessions_called_off"),
    ("by language", store.listing(store.Filter(NOW, language="en"), None, 20), "sessions_by_language"),
    ("by partner", store.listing(store.Filter(NOW, partner="small"), None, 20), "sessions_by_partner"),
    ("a person's own", store.LIVE_OF_PERSON.params(session=ONE, person="p"), "reservations_live"),
    ("all who are in", store.live_in(ONE), "reservations_by_session"),
    ("who is next", store.waiting_in(ONE), "in_line"),  # one of two that are as good, by their statistics
    ("offers that ended", store.offers_until(NOW).limit(100), "reservations_offers"),
    ("the attendance sheet", store.seated_in(ONE, after=2).limit(201), "reservations_by_session"),
    ("who stands in line", store.line_of(ONE, after=2).limit(101), "reservations_standing_in_line"),
    ("how many found it useful", store.counts_in(ONE), "feedback_by_session"),
    ("what people wrote", store.words_in(ONE, uuid4()).limit(51), "feedback_in_words"),
    ("which words to forget", store.words_before(NOW - 90 * DAY).limit(500), "feedback_in_words"),
    ("what a person has to come", store.own_to_come("one of many", NOW, PLACE).limit(21), "reservations_by_person"),
    ("what is over for a person", store.own_over("one of many", NOW, PLACE).limit(21), "reservations_by_person"),
    ("how many are ahead", store.ahead_of(WAITING), "in_line"),
    ("who is known by a number", store.LIVE_WITH_NUMBER.params(session=ONE, phone="+39333"), "reservations_by_phone"),
    ("the booked by one", store.booked_by(ONE, None, None).limit(21), "reservations_for_somebody"),
    ("the next booked", store.booked_by(ONE, None, store.Place(NOW, ONE)).limit(21), "reservations_for_somebody"),
    ("alike by address", store.alike_in({ONE, uuid4()}, SIGNS)[0].limit(10), "reservations_live"),
    ("alike by name", store.alike_in({ONE, uuid4()}, SIGNS)[1].limit(10), "reservations_by_name"),
    ("alike by number", store.alike_in({ONE, uuid4()}, SIGNS)[2].limit(10), "reservations_by_phone"),
    ("names of a sheet", store.with_names(ONE, {"a", "b"}).limit(10), "reservations_by_name"),
    ("numbers of a sheet", store.with_phones(ONE, {"1", "2"}).limit(10), "reservations_by_phone"),
    ("calendars that are due", due_at(NOW), "calendars_due"),
    ("calendars of a partner", listing("orso", ("", "")).limit(51), "calendars_by_partner"),
    ("calendars of all", listing(None, ("orso", "b")).limit(51), "calendars_by_partner"),
    ("what all the staff did", store.actions_of(store.Wanted(), None).limit(21), "staff_actions_by_time"),
    ("the next of it", store.actions_of(store.Wanted(), (NOW, 9)).limit(21), "staff_actions_by_time"),
    ("for a partner", store.actions_of(store.Wanted(partner="small"), (NOW, 9)).limit(21), "staff_actions_by_partner"),
    ("what one of them did", store.actions_of(store.Wanted(staff_id=ONE), None).limit(21), "staff_actions_by_staff"),
    ("what was done here", store.actions_of(store.Wanted(session_id=ONE), None).limit(21), "staff_actions_by_session"),
    ("what was done long ago", store.done_before(NOW - 730 * DAY).limit(500), "staff_actions_by_time"),
    ("sheets that nobody closed", store.left_open(NOW), "sessions_with_open_sheets"),
    ("sessions long over", ended(NOW - 730 * DAY), "sessions_by_end"),
    ("who was in them", reservations_in([ONE]).limit(500), "reservations_by_session"),
    ("whom to forget", store.known_before(NOW - 90 * DAY).limit(500), "reservations_known"),
]


def test_every_query_finds_its_rows_by_an_index(desk: Desk) -> None:
    _fill(desk)
    for what, query, index in QUERIES:
        plan = _plan(desk.database, query)
        if desk.database.dialect == "sqlite":  # PostgreSQL chooses by its statistics, among those that do
            assert index in plan, f"{what}:\n{plan}"
        assert "Index" in plan or "INDEX" in plan, f"{what}:\n{plan}"
        assert not re.search(
            r"(Seq Scan on|SCAN) (sessions|reservations|feedback|calendars|staff_actions)(?! USING)", plan
        ), f"{what}:\n{plan}"


def _fill(desk: Desk) -> None:
    """Many sessions, one in a hundred in English and of another partner, each with ten reservations."""
    shape = a_session()
    rows = [_session_row(shape, number) for number in range(MANY_SESSIONS)]
    with desk.database.transaction() as tx:
        store.save_partner(tx, Partner("small", "Small"))
        tx.connection.execute(insert(sessions), rows)
        each = range(MANY_RESERVATIONS // MANY_SESSIONS)
        booked = [
            _reservation_row(row["id"], ticket, known=number >= MANY_SESSIONS - 100)
            for number, row in enumerate(rows)
            for ticket in each
        ]
        tx.connection.execute(insert(reservations), booked)
        tx.connection.execute(insert(calendars), [_calendar_row(number) for number in range(MANY_CALENDARS)])
        tx.connection.execute(insert(staff_actions), [_action_row(row, n) for n, row in enumerate(rows)])
        tx.connection.execute(insert(feedback), [_feedback_row(row, number) for number, row in enumerate(booked[::10])])
    with desk.database.transaction() as tx:
        tx.connection.execute(text("ANALYZE"))
    desk.database.engine.dispose()  # a connection of SQLite that is open already would not know of it


def _action_row(session: dict[str, Any], number: int) -> dict[str, Any]:
    about = {"partner_id": session["partner_id"], "session_id": session["id"]}
    return {"at": NOW + number * DAY / 10, "staff_id": uuid4(), "action": "publish", **about}


def _calendar_row(number: int) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "partner_id": "small",
        "name": f"number-{number}",
        "url": "https://example.org/",
        "language": "it",
        "capacity": 2,
        "state": "following",
        "followed_at": NOW,
        "next_at": NOW + number * DAY,
    }


def _reservation_row(session_id: UUID, ticket: int, known: bool) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "session_id": session_id,
        "person_id": str(ticket) if known else None,
        "state": "waiting" if ticket > 5 else "confirmed",
        "ticket": ticket,
        "revision": 0,
        "booked_at": NOW,
    }


def _feedback_row(reservation: dict[str, Any], number: int) -> dict[str, Any]:
    """One in ten wrote something."""
    words = "Bene." if number % 10 == 0 else None
    about = {"reservation_id": reservation["id"], "session_id": reservation["session_id"]}
    return {**about, "useful": "yes", "words": words, "shown_as": uuid4()}


def _session_row(shape: Any, number: int) -> dict[str, Any]:
    start = NOW - 300 * DAY + number * DAY / 10
    rare = number % 100 == 0
    return {
        **{name: getattr(shape, name) for name in ("title", "description", "capacity", "room_url", "tickets")},
        "id": uuid4(),
        "partner_id": "small" if rare else "orso",
        "language": "en" if rare else "it",
        "starts_at": start,
        "ends_at": start + DAY / 24,
        "opens_at": start - DAY,
        "closes_at": start,
        "taken": shape.capacity,
        "waiting": 4,
    }


def _plan(database: Database, query: Select[Any]) -> str:
    """The plan for the statement exactly as the service sends it."""
    explain = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"

    def ask_for_the_plan(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
        return f"{explain} {statement}", parameters

    with database.reading() as tx:
        event.listen(tx.connection, "before_cursor_execute", ask_for_the_plan, retval=True)
        rows = tx.connection.execute(query).cursor.fetchall()
    return "\n".join(str(row[-1]) for row in rows)
