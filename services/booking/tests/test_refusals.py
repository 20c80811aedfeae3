"""A request that is refused when nobody waits: its person is told, in the transaction that remembers the refusal."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from bus.requests import carry_out
from bus.times import now, written
from contracts import booking
from contracts.person import person_id
from contracts.wire import Command, Refusal
from services.booking import moving, refusals, usecases, waiting
from services.booking.people import manage_token
from services.booking.tests.desk import Desk
from services.booking.tests.examples import OPERATOR, PERSON_KEY, SECRET_KEY

GIULIA: dict[str, Any] = {"name": "Giulia", "email": "giulia@example.org", "language": "en", "consent": True}
DO: dict[str, Any] = {
    "reserve_seat": usecases.reserve_seat,
    "cancel_reservation": usecases.cancel_reservation,
    "accept_offer": waiting.accept_offer,
    "decline_offer": waiting.decline_offer,
    "move_reservation": moving.move_reservation,
}


def ask(desk: Desk, command: Command, *, later: bool = True, **arguments: Any) -> str:
    """The code with which it is refused."""
    known = {name: str(value) if isinstance(value, UUID) else value for name, value in arguments.items()}
    asked = {"idempotency_key": "one", "deadline": written(now() + timedelta(days=1)), "later": later, **known}

    def do(tx: Any, **loaded: Any) -> dict[str, Any]:
        key = PERSON_KEY if command is booking.RESERVE_SEAT else SECRET_KEY
        return dict(DO[command.name](tx, desk.now, key, **loaded))

    tell = partial(refusals.tell, person_key=PERSON_KEY, secret_key=SECRET_KEY)
    with pytest.raises(Refusal) as refused:
        carry_out(desk.database, command, asked, do, lambda tx, what: tell(tx, desk.now, refused=what))
    return str(refused.value.code)


def held(reservation: dict[str, Any]) -> dict[str, Any]:
    return {"reservation_id": reservation["id"], "token": manage_token(SECRET_KEY, reservation["id"])}


def test_who_asked_for_a_seat_gets_known_to_notify_and_is_written_to(desk: Desk) -> None:
    session = desk.publish()
    desk.call_off(session)
    assert ask(desk, booking.RESERVE_SEAT, session_id=session, **GIULIA) == "session_closed"
    contact, told = (said["data"] for said in desk.said("notify."))
    assert {name: contact[name] for name in GIULIA} == GIULIA
    assert (told["asked_for"], told["code"]) == ("reserve_seat", "session_closed")
    assert (told["session_id"], told["person_id"]) == (str(session), person_id(PERSON_KEY, GIULIA["email"]))


def test_what_says_that_somebody_was_refused_does_not_say_who(desk: Desk) -> None:
    session = desk.publish()
    desk.call_off(session)
    ask(desk, booking.RESERVE_SEAT, session_id=session, **GIULIA)
    (told,) = desk.said("notify.tell_refusal")
    assert not any(word in str(told).casefold() for word in ("giulia", "example.org"))


def test_who_still_waits_for_the_answer_is_not_written_to(desk: Desk) -> None:
    session = desk.publish()
    desk.call_off(session)
    ask(desk, booking.RESERVE_SEAT, later=False, session_id=session, **GIULIA)
    assert desk.said("notify.") == []


def test_a_refusal_that_comes_again_has_the_key_that_it_had(desk: Desk) -> None:
    session = desk.publish()
    desk.call_off(session)
    for _ in range(2):
        ask(desk, booking.RESERVE_SEAT, session_id=session, **GIULIA)
    assert len({said["data"]["idempotency_key"] for said in desk.said("notify.tell_refusal")}) == 1


@pytest.mark.parametrize("changes", [{"consent": False}, {"email": "giulia@"}])
def test_who_did_not_agree_or_has_no_address_is_not_written_to(desk: Desk, changes: dict[str, Any]) -> None:
    ask(desk, booking.RESERVE_SEAT, session_id=desk.publish(), **{**GIULIA, **changes})
    assert desk.said("notify.") == []


def test_a_name_that_cannot_be_read_is_not_handed_on(desk: Desk) -> None:
    assert ask(desk, booking.RESERVE_SEAT, session_id=desk.publish(), **{**GIULIA, "name": "\u202e1"}) == (
        "invalid_arguments"
    )
    (contact,) = desk.said("notify.remember_contact")
    assert contact["data"]["name"] == GIULIA["email"]


def test_who_holds_a_reservation_is_written_to_and_who_booked_it_for_them(desk: Desk) -> None:
    session = desk.publish()
    booked = desk.book_for(session, "Mario Conti")
    desk.now = desk.session(session)["starts_at"]
    assert ask(desk, booking.CANCEL_RESERVATION, **held(booked)) == "session_started"
    (told,) = desk.said("notify.tell_refusal")
    assert told["data"]["reservation_id"] == str(booked["id"])
    assert (told["data"]["booked_by"], told["data"]["reachable"]) == (str(OPERATOR["id"]), False)


def test_who_asked_at_the_desk_is_written_to_and_the_person_is_not(desk: Desk) -> None:
    session = desk.publish()
    booked = desk.book_for(session, "Mario Conti", email="mario@example.org")
    desk.now = desk.session(session)["starts_at"]
    for key, by in (("one", None), ("two", OPERATOR["id"])):
        ask(desk, booking.CANCEL_RESERVATION, by=by, idempotency_key=key, **held(booked))
    assert [told["data"]["reachable"] for told in desk.said("notify.tell_refusal")] == [True, False]


@pytest.mark.parametrize(("command", "code"), [(booking.ACCEPT_OFFER, "no_offer"), (booking.DECLINE_OFFER, "no_offer")])
def test_who_answers_an_offer_that_is_none_is_written_to(desk: Desk, command: Command, code: str) -> None:
    session = desk.publish(capacity=1)
    desk.book(session)
    waits = desk.book(session, "marco")
    assert ask(desk, command, **held(waits)) == code
    (told,) = desk.said("notify.tell_refusal")
    assert (told["data"]["asked_for"], told["data"]["code"]) == (command.name, code)


def test_who_wanted_another_date_is_told_of_that_date(desk: Desk) -> None:
    here, there = desk.publish(), desk.publish()
    assert ask(desk, booking.MOVE_RESERVATION, session_id=there, **held(desk.book(here))) == "not_this_series"
    (told,) = desk.said("notify.tell_refusal")
    assert told["data"]["session_id"] == str(there)


def test_who_has_a_wrong_token_has_nobody_written_to(desk: Desk) -> None:
    mine = {**held(desk.book(desk.publish())), "token": "x"}
    assert ask(desk, booking.CANCEL_RESERVATION, **mine) == "not_found"
    assert desk.said("notify.tell_refusal") == []
