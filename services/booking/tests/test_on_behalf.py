"""Booking for somebody: by whom, with what, what they see of it; and who may be the same person. On both databases."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from services.booking import feedback, line, moving, series, usecases
from services.booking.errors import (
    BookedAlready,
    ConsentMissing,
    InvalidArguments,
    NotFound,
    NotPermitted,
    SessionClosed,
)
from services.booking.people import folded, manage_token, usable_number
from services.booking.tables import reservations
from services.booking.tests.desk import Desk
from services.booking.tests.examples import DAY, NOW, OPERATOR, PERSON_KEY, PRESCRIBER, SECRET_KEY
from services.booking.tests.test_concurrency import at_once
from services.booking.tests.test_series import WEEKLY, Office
from services.booking.tests.test_staff import COORDINATOR, STRANGER, VIEWER, actions

PHONE = "333 123 4567"
OTHER_PRESCRIBER = {**PRESCRIBER, "id": uuid4()}


@pytest.fixture
def session(desk: Desk) -> UUID:
    return desk.publish(capacity=2)


@pytest.fixture
def dates(desk: Desk) -> list[UUID]:
    """Four dates of a series, with two seats each."""
    return [session["id"] for session in Office(desk).publish(rule=WEEKLY, capacity=2)]


def kept(desk: Desk, reservation_id: UUID) -> tuple[Any, ...]:
    columns = (reservations.c.name, reservations.c.email, reservations.c.phone, reservations.c.folded_name)
    with desk.database.reading() as tx:
        return tuple(tx.connection.execute(select(*columns).where(reservations.c.id == reservation_id)).one())


# Booking


@pytest.mark.parametrize("actor", [OPERATOR, COORDINATOR, PRESCRIBER], ids=["operator", "coordinator", "prescriber"])
def test_a_seat_is_taken_for_who_has_nothing_but_a_name(desk: Desk, session: UUID, actor: dict[str, Any]) -> None:
    booked = desk.book_for(session, "Giulia Ferrero", actor)
    assert (booked["state"], desk.session(session)["taken"]) == ("confirmed", 1)
    (told,) = desk.said("reservation.confirmed")
    assert (told["data"]["booked_by"], told["data"]["reachable"]) == (str(actor["id"]), False)
    assert desk.said("notify.") == []
    assert [line["name"] for line in desk.sheet(session)["items"]] == ["Giulia Ferrero"]


def test_who_has_an_address_is_told_by_mail_as_anybody(desk: Desk, session: UUID) -> None:
    desk.book_for(session, "Giulia", email="giulia@example.org", phone=PHONE, language="en")
    (contact,) = desk.said("notify.remember_contact")
    assert contact["data"]["email"] == "giulia@example.org"
    assert contact["data"]["language"] == "en"
    assert PHONE[-4:] not in repr(desk.said(""))


def test_when_the_session_is_full_they_wait_in_line(desk: Desk) -> None:
    full = desk.publish(capacity=1)
    desk.book(full)
    assert desk.book_for(full, "Omar", PRESCRIBER)["position"] == 1


@pytest.mark.parametrize("actor", [STRANGER, VIEWER], ids=["another partner's", "viewer"])
def test_who_may_not_book_for_others_neither_books_nor_asks_who_is_alike(
    desk: Desk, session: UUID, actor: dict[str, Any]
) -> None:
    for ask in (desk.book_for, desk.alike):
        with pytest.raises(NotPermitted):
            ask(session, "Giulia", actor)
    assert desk.session(session)["taken"] == 0


def test_a_prescriber_may_do_nothing_else_at_the_desk(desk: Desk, session: UUID) -> None:
    mine = desk.book_for(session, "Giulia", PRESCRIBER)["id"]
    for ask in (
        partial(desk.sheet, session),
        partial(desk.resize, session, 9),
        partial(desk.overbook, session, "omar"),
        partial(desk.mark, session, mine, "present"),
        partial(desk.close_sheet, session),
    ):
        with pytest.raises(NotPermitted):
            ask(actor=PRESCRIBER)
    about: dict[str, Any] = {"actor": PRESCRIBER, "session_id": session}
    for change in (series.change_sessions, series.call_off_sessions):
        with desk.database.transaction() as tx, pytest.raises(NotPermitted):
            change(tx, desk.now, scope="one", **about)
    for look in (partial(line.get_waiting, now=desk.now), feedback.get_feedback):
        with desk.database.reading() as tx, pytest.raises(NotPermitted):
            look(tx, **about)


def test_without_consent_nobody_is_booked_for(desk: Desk, session: UUID) -> None:
    with pytest.raises(ConsentMissing):
        desk.book_for(session, "Giulia", consent=False)


def test_a_session_that_never_was_or_is_closed_takes_nobody(desk: Desk, session: UUID) -> None:
    with pytest.raises(NotFound):
        desk.book_for(uuid4(), "Giulia")
    desk.call_off(session)
    with pytest.raises(SessionClosed):
        desk.book_for(session, "Giulia")


def test_two_people_of_one_name_are_two_people(desk: Desk, session: UUID) -> None:
    for _ in range(2):
        desk.book_for(session, "Giulia", PRESCRIBER)
    told = [event["data"]["person_id"] for event in desk.said("reservation.confirmed")]
    assert len(set(told)) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"email": "giulia@example.org"}, {"email": " Giulia@Example.ORG", "phone": PHONE}),
        ({"phone": PHONE}, {"phone": "+39 333-1234567"}),
        ({"email": "giulia@example.org", "phone": PHONE}, {"phone": PHONE}),
    ],
    ids=["address", "number", "number beside an address"],
)
def test_who_is_known_to_have_a_place_is_told_openly(
    desk: Desk, session: UUID, first: dict[str, Any], second: dict[str, Any]
) -> None:
    desk.book_for(session, "Giulia", **first)
    with pytest.raises(BookedAlready):
        desk.book_for(session, "Giulia Ferrero", PRESCRIBER, **second)
    assert desk.session(session)["taken"] == 1


def test_another_address_is_another_person_though_the_family_has_one_telephone(desk: Desk, session: UUID) -> None:
    for name in ("giulia", "omar"):
        desk.book_for(session, name, email=f"{name}@example.org", phone=PHONE)
    assert desk.session(session)["taken"] == 2


def test_who_booked_for_themselves_has_a_place_already(desk: Desk, session: UUID) -> None:
    desk.book(session, "giulia")
    with pytest.raises(BookedAlready):
        desk.book_for(session, "Giulia", email="giulia@example.org")


def test_of_many_at_once_for_one_number_one_is_booked(desk: Desk) -> None:
    session = desk.publish(capacity=9)

    def try_it() -> dict[str, Any]:
        try:
            return desk.book_for(session, "Giulia", PRESCRIBER, phone=PHONE)
        except BookedAlready:
            return {}

    assert len([answer for answer in at_once([try_it] * 6) if answer]) == 1
    assert desk.session(session)["taken"] == 1


def test_the_audit_notes_who_booked(desk: Desk, session: UUID) -> None:
    desk.book_for(session, "Giulia", PRESCRIBER)
    assert actions(desk) == [(PRESCRIBER["id"], "reserve_for", None)]


def test_a_seat_beyond_the_capacity_needs_no_address_either(desk: Desk) -> None:
    full = desk.publish(capacity=1)
    desk.book(full)
    waiting = desk.book_for(full, "Omar", phone=PHONE)["id"]
    assert desk.overbook(full, "Omar", email=None, phone=PHONE)["id"] == waiting
    desk.now += timedelta(minutes=1)
    desk.overbook(full, "Lin", email=None)
    assert [item["name"] for item in desk.booked_for()["items"]] == ["Lin", "Omar"]


# Telephone numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("333 123 4567", "+393331234567"),
        ("0039 011.123.4567", "+390111234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("(+33) 6-12-34-56-78", "+33612345678"),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, number: str) -> None:
    assert usable_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["112", "giulia", "333 13", "+999 123456789", "333 123 4567 ext. 5", "1" * 40, "\x00"]
)
def test_what_is_no_number_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(InvalidArguments) as refusal:
        usable_number(typed)
    assert list(refusal.value.details["fields"]) == ["phone"]
    assert typed not in repr(refusal.value.details)


# What who booked sees of it


def test_they_see_their_own_bookings_alone_the_newest_first(desk: Desk, session: UUID) -> None:
    desk.book(session, "giulia")
    for name in ("Omar", "Lin"):
        desk.now += timedelta(minutes=1)
        desk.book_for(session, name, PRESCRIBER, phone=PHONE if name == "Lin" else None)
    shown = desk.booked_for(PRESCRIBER)["items"]
    assert [(item["name"], item["phone"], item["state"]) for item in shown] == [
        ("Lin", "+393331234567", "waiting"),
        ("Omar", None, "confirmed"),
    ]
    assert desk.booked_for(OTHER_PRESCRIBER)["items"] == []


def test_their_list_has_pages(desk: Desk) -> None:
    session = desk.publish(capacity=9)
    booked = [desk.book_for(session, f"Person {number}x", PRESCRIBER)["id"] for number in range(5)]
    first = desk.booked_for(PRESCRIBER, limit=3)
    rest = desk.booked_for(PRESCRIBER, limit=3, after=first["next"])
    assert {item["id"] for page in (first, rest) for item in page["items"]} == set(booked)
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 2, None)


def test_the_token_manages_the_reservation_as_the_person_would(desk: Desk, session: UUID) -> None:
    mine = desk.book_for(session, "Giulia", PRESCRIBER)["id"]
    (item,) = desk.booked_for(PRESCRIBER, reservation_id=mine)["items"]
    assert item["join_token"]
    desk.cancel(mine, item["token"])
    assert desk.booked_for(PRESCRIBER)["items"][0]["state"] == "cancelled"


def test_one_of_somebody_elses_is_not_shown(desk: Desk, session: UUID) -> None:
    mine = desk.book_for(session, "Giulia", PRESCRIBER)["id"]
    assert desk.booked_for(OTHER_PRESCRIBER, reservation_id=mine)["items"] == []


def test_a_viewer_and_who_went_to_another_partner_see_none(desk: Desk, session: UUID) -> None:
    desk.book_for(session, "Giulia")
    assert desk.booked_for(STRANGER)["items"] == []
    with pytest.raises(NotPermitted):
        desk.booked_for(VIEWER)


def test_who_came_is_told_once_the_sheet_is_closed(desk: Desk, session: UUID) -> None:
    mine = desk.book_for(session, "Giulia", PRESCRIBER)["id"]
    desk.now = NOW + DAY
    desk.enter(mine)
    assert desk.booked_for(PRESCRIBER)["items"][0]["attendance"] is None
    desk.now += timedelta(hours=2)
    desk.close_sheet(session)
    assert desk.booked_for(PRESCRIBER)["items"][0]["attendance"] == "present"


def test_a_reservation_that_moved_is_shown_on_its_new_date_alone(desk: Desk, dates: list[UUID]) -> None:
    mine = desk.book_for(dates[0], "Giulia", PRESCRIBER, phone=PHONE)["id"]
    token = manage_token(SECRET_KEY, mine)
    with desk.database.transaction() as tx:
        to: dict[str, Any] = {"reservation_id": mine, "token": token, "session_id": dates[1]}
        moved = moving.move_reservation(tx, desk.now, SECRET_KEY, **to)["id"]
    (item,) = desk.booked_for(PRESCRIBER)["items"]
    assert (item["id"], item["name"], item["phone"]) == (moved, "Giulia", "+393331234567")
    assert kept(desk, mine) == (None, None, None, None)


# What is kept


def test_name_and_number_stay_for_who_booked_when_the_place_is_given_back(desk: Desk, session: UUID) -> None:
    mine = desk.book_for(session, "Giulia", email="giulia@example.org", phone=PHONE)["id"]
    desk.cancel(mine)
    assert kept(desk, mine) == ("Giulia", None, "+393331234567", None)


def test_and_when_the_session_is_called_off_while_others_are_forgotten(desk: Desk, session: UUID) -> None:
    mine = desk.book_for(session, "Giulia", phone=PHONE)["id"]
    other = desk.book(session, "omar")["id"]
    desk.call_off(session)
    assert kept(desk, mine) == ("Giulia", None, "+393331234567", None)
    assert kept(desk, other) == (None, None, None, None)


def test_in_the_end_they_are_forgotten_as_everybody(desk: Desk, session: UUID) -> None:
    mine = desk.book_for(session, "Giulia", phone=PHONE)["id"]
    desk.now = NOW + 200 * DAY
    with desk.database.transaction() as tx:
        usecases.forget_people(tx, desk.now, keep_days=90)
    assert kept(desk, mine) == (None, None, None, None)
    assert desk.booked_for()["items"] == []


# Who may be the same person


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Giulia Ferrero", "FERRERO  giulia"),
        ("Niccolò D’Alò", "d'alo niccolo"),
        ("Łukasz Żak", "Zak Lukasz"),
        ("Anna-Maria Strauß", "Anna Maria STRAUSS"),
        ("Nguye\u0302\u0303n An", "Nguyen An"),
        ("王 小明", "小明 王"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_a_name_is_folded_by_case_accents_order_and_spaces(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Anna Rossi", "Anna Russo"), ("किरण", "करण"), ("李", "王")])
def test_other_names_stay_other_names(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_reservations_that_may_be_the_same_persons_are_suggested_with_the_reasons(
    desk: Desk, dates: list[UUID]
) -> None:
    named = desk.book(dates[0], "giulia", name="Ferrero Giulia")["id"]
    numbered = desk.book_for(dates[1], "Mamma di Omar", phone=PHONE)["id"]
    addressed = desk.book(dates[2], "gf")["id"]
    desk.book(dates[0], "omar")
    found = desk.alike(dates[3], "Giulia Ferrero", email="gf@example.org", phone=PHONE)
    assert [(item["id"], item["because"]) for item in found] == [
        (named, ["same_name"]),
        (numbered, ["same_phone"]),
        (addressed, ["same_address"]),
    ]
    assert [item["token"] for item in found] == [None, manage_token(SECRET_KEY, numbered), None]


def test_those_in_other_series_and_those_that_are_over_are_not_suggested(desk: Desk, dates: list[UUID]) -> None:
    desk.book(desk.publish(), "giulia")
    desk.cancel(desk.book(dates[0], "giulia")["id"])
    assert desk.alike(dates[0], "giulia") == []


def test_a_prescriber_is_suggested_only_whom_they_booked_for(desk: Desk, session: UUID) -> None:
    desk.book(session, "giulia")
    mine = desk.book_for(session, "Giulia", PRESCRIBER)["id"]
    found = desk.alike(session, "giulia", PRESCRIBER, email="giulia@example.org")
    assert [item["id"] for item in found] == [mine]
    assert desk.alike(session, "giulia", OTHER_PRESCRIBER) == []


def test_of_very_many_alike_only_some_are_suggested(desk: Desk) -> None:
    session = desk.publish(capacity=30)
    for number in range(15):
        desk.book(session, f"p{number}", name="Giulia")
    assert len(desk.alike(session, "Giulia")) == 10


def test_looking_for_who_is_alike_takes_as_many_statements_however_many_there_are(
    desk: Desk, dates: list[UUID], statements: list[str]
) -> None:
    sent = []
    for people in (0, 4):
        for number in range(people):
            desk.book(dates[0], f"p{number}", name="Giulia")
        statements.clear()
        desk.alike(dates[0], "Giulia", phone=PHONE)
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_the_sheet_says_of_each_line_which_others_may_be_the_same_person(desk: Desk) -> None:
    session = desk.publish(capacity=5)
    one, two, three, alone = (
        desk.book(session, "a", name="Giulia Ferrero")["id"],
        desk.book_for(session, "ferrero giulia", phone=PHONE)["id"],
        desk.book_for(session, "Mamma", email="m@example.org", phone=PHONE)["id"],
        desk.book(session, "b", name="Omar")["id"],
    )
    lines = {line["reservation_id"]: set(line["alike"]) for line in desk.sheet(session)["items"]}
    assert lines == {one: {two}, two: {one, three}, three: {two}, alone: set()}


def test_the_pseudonym_of_a_number_is_stable_and_no_addresss(desk: Desk, session: UUID) -> None:
    desk.book_for(session, "Giulia", phone=PHONE)
    desk.book_for(desk.publish(), "Giulia", phone="+39 3331234567")
    one, other = (event["data"]["person_id"] for event in desk.said("reservation.confirmed"))
    assert one == other
    assert PERSON_KEY.hex() not in one
