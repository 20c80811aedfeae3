"""Who booked for somebody is told what became of it, once for each occasion, and in place of who cannot be reached."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import booking
from contracts.wire import EventType
from services.notify.domain import Kind
from services.notify.errors import TryLater
from services.notify.letters import TEMPLATES, Letter, write_letter
from services.notify.tests.examples import (
    ACCEPTED,
    CANCELLED,
    DAY,
    MEMBER,
    NOW,
    OFFERED,
    STAFF_ID,
    STARTS,
    WAITING,
    a_letter,
    a_message,
    about,
    left_the_list,
    session_cancelled,
    session_changed,
    settings,
)
from services.notify.tests.office import Office
from services.notify.tests.sending import GIULIA, recipients

PERSON = "somebody@example.org"  # where no address is known, only the pseudonym made of it comes along


def said(event: EventType, reservation: UUID, *, reachable: bool = False, **changes: Any) -> Any:
    return about(event, PERSON, reservation, booked_by=str(STAFF_ID), reachable=reachable, **changes)


def seat(office: Office, *, reachable: bool = False, **changes: Any) -> UUID:
    reservation = uuid4()
    office.tell_of_seat(said(booking.RESERVATION_CONFIRMED, reservation, reachable=reachable, **changes))
    return reservation


def send(office: Office) -> list[str]:
    """Send what is due; answers what each subject says became of the reservation, in the order of the alphabet."""
    while office.deliver():
        pass
    return sorted(re.sub(r"^Prenotazione .{9}, |:.*", "", mail["Subject"]) for mail in office.mails())


# Who is told


def test_who_booked_for_somebody_that_cannot_be_reached_is_told_alone(office: Office) -> None:
    seat(office)
    assert send(office) == ["posto confermato"]
    assert recipients(office) == [MEMBER.address]
    assert {row["staff_id"] for row in office.rows()} == {STAFF_ID}


def test_who_can_be_reached_is_told_too(office: Office) -> None:
    office.remember(PERSON)
    seat(office, reachable=True)
    assert send(office) == ["Il tuo posto è confermato", "posto confermato"]
    assert recipients(office) == [MEMBER.address, PERSON]


def test_nobody_else_is_told_of_what_a_person_booked_alone(office: Office) -> None:
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA))
    assert {row["staff_id"] for row in office.rows()} == {None}


def test_an_event_that_comes_twice_is_told_once(office: Office) -> None:
    event = said(booking.RESERVATION_WAITLISTED, uuid4())
    for _ in range(2):
        office.hear(event)
    assert office.states() == [("waitlisted", "queued", None)]


def test_who_works_here_no_more_is_not_written_to(office: Office) -> None:
    gone = about(booking.RESERVATION_CANCELLED, PERSON, booked_by=str(uuid4()), reachable=False)
    office.hear(gone)
    office.letters[UUID(gone.data["reservation_id"])] = a_letter(**CANCELLED)
    assert send(office) == []
    assert office.states() == [("cancelled", "dropped", "member_gone")]


def test_while_staff_does_not_answer_the_message_waits_and_those_to_people_go(office: Office) -> None:
    office.remember(PERSON)
    office.reach = silent  # type: ignore[method-assign,assignment]  # staff is down
    seat(office, reachable=True)
    assert send(office) == ["Il tuo posto è confermato"]
    assert ("confirmed", "queued", "staff_no_answer") in office.states()


def silent(_account: UUID) -> Any:
    raise TryLater("staff_no_answer")


# What became of it


def test_what_becomes_of_a_reservation_is_told_step_by_step(office: Office) -> None:
    reservation = uuid4()
    steps: list[tuple[Any, dict[str, Any]]] = [
        (office.hear, {"event": booking.RESERVATION_WAITLISTED, **WAITING}),
        (lambda event: office.tell(Kind.OFFERED, event), {"event": booking.RESERVATION_OFFERED, **OFFERED}),
        (office.tell_of_seat, {"event": booking.RESERVATION_CONFIRMED, **ACCEPTED}),
        (lambda event: office.tell(Kind.ATTENDED, event), {"event": booking.RESERVATION_ATTENDED, **ACCEPTED}),
    ]
    for hear, facts in steps:
        event = said(facts.pop("event"), reservation)
        office.letters[reservation] = a_letter(**facts)
        hear(event)
        send(office)
    assert send(office) == ["ha partecipato", "in lista d’attesa", "posto confermato", "un posto da accettare"]


def test_what_was_not_sent_when_the_next_came_is_not_sent(office: Office) -> None:
    reservation = uuid4()
    office.hear(said(booking.RESERVATION_WAITLISTED, reservation))
    office.tell_of_seat(said(booking.RESERVATION_CONFIRMED, reservation, promoted=True))
    office.letters[reservation] = a_letter(**ACCEPTED)
    assert send(office) == ["posto confermato"]


@pytest.mark.parametrize(
    ("event", "changes", "facts", "outcome"),
    [
        (booking.RESERVATION_LAPSED, {"because": "expired"}, left_the_list("expired"), "tempo scaduto"),
        (booking.RESERVATION_LAPSED, {"because": "declined"}, left_the_list("declined"), "posto rifiutato"),
        (booking.RESERVATION_CANCELLED, {}, CANCELLED, "annullata"),
        (booking.RESERVATION_CANCELLED, {"cancelled_by": "session"}, CANCELLED, "la sessione è annullata"),
        (booking.RESERVATION_MISSED, {}, {}, "non ha partecipato"),
    ],
)
def test_every_end_is_told(
    office: Office, event: EventType, changes: dict[str, Any], facts: dict[str, Any], outcome: str
) -> None:
    reservation = uuid4()
    office.letters[reservation] = a_letter(**facts)
    office.hear(said(event, reservation, **changes))
    assert send(office) == [outcome]


def test_notices_have_no_limit_for_who_booked(office: Office) -> None:
    for _ in range(5):
        office.tell(Kind.OFFERED, said(booking.RESERVATION_OFFERED, uuid4()))
    assert len(office.rows()) == 5


def test_what_who_booked_is_told_does_not_count_as_a_notice_to_the_person(office: Office) -> None:
    for _ in range(5):
        office.tell(Kind.OFFERED, said(booking.RESERVATION_OFFERED, uuid4(), reachable=True))
    assert sum(row["staff_id"] is None for row in office.rows()) == 3


# The session


def test_who_booked_is_told_that_the_session_is_called_off_and_the_person_is_not(office: Office) -> None:
    reservation = seat(office)
    send(office)
    office.letters[reservation] = a_letter(**CANCELLED)
    office.tell_everybody(session_cancelled())
    office.hear(said(booking.RESERVATION_CANCELLED, reservation, cancelled_by="session"))
    assert send(office) == ["la sessione è annullata", "posto confermato"]
    assert {row["staff_id"] for row in office.rows()} == {STAFF_ID}


def test_who_booked_is_told_of_a_change_and_the_second_overtakes_the_first(office: Office) -> None:
    seat(office)
    send(office)
    for sequence, word in enumerate(("title", "room")):
        office.tell_of_change(session_changed(word, sequence=sequence))
    assert send(office) == ["la sessione è cambiata", "posto confermato"]
    changes = [(row["state"], row["changed"]) for row in office.rows() if row["kind"] == "session_changed"]
    assert sorted(changes) == [("dropped", "title"), ("sent", "title room")]


# Reminders


def due(office: Office) -> list[tuple[bool, datetime]]:
    """Whether each reminder is to the person, and when it is due."""
    rows = [row for row in office.rows() if row["kind"] == "reminder"]
    return sorted((row["staff_id"] is None, row["due_at"]) for row in rows)


def test_who_booked_is_reminded_two_days_before_in_place_of_who_cannot_be_reached(office: Office) -> None:
    seat(office)
    assert due(office) == [(False, STARTS - 2 * DAY)]


def test_who_can_be_reached_is_reminded_and_who_booked_is_not(office: Office) -> None:
    seat(office, reachable=True)
    assert due(office) == [(True, STARTS - 2 * DAY), (True, STARTS - timedelta(hours=2))]


@pytest.mark.parametrize("reachable", [False, True])
def test_reminders_move_with_the_session(office: Office, reachable: bool) -> None:
    seat(office, reachable=reachable)
    before = due(office)
    later: dict[str, Any] = {name: (STARTS + DAY).isoformat() for name in ("starts_at", "ends_at")}
    office.tell_of_change(session_changed("times", was_starts_at=STARTS.isoformat(), **later))
    assert due(office) == [(to_person, moment + DAY) for to_person, moment in before]


# The words


def write(kind: Kind, language: str = "it", **changes: Any) -> Letter:
    message = a_message(kind, staff_id=STAFF_ID, changed=changes.pop("changed", None))
    elsewhere = {"id": str(uuid4())}
    to, before = (
        replace(MEMBER, language=language),
        a_letter(session=elsewhere, **CANCELLED) if "moved" in kind else None,
    )
    reservation = a_letter(**{"name": "Giulia Ferrero", "reachable": False, **changes})
    return write_letter(message, to, reservation, settings(TEMPLATES), NOW, before=before)


EVERY = [kind for kind in Kind if kind is not Kind.REPEATED]


@pytest.mark.parametrize("kind", EVERY)
def test_every_message_says_for_whom_and_has_no_calendar_entry(kind: Kind) -> None:
    letter = write(kind)
    for words in (letter.text, letter.html):
        assert "Anna Bruno" in words
        assert "Giulia Ferrero" in words
        assert "0E5D 4C22" in words
    assert "Giulia" not in letter.subject
    assert letter.calendar is None
    assert "\n\n\n" not in letter.text
    assert not re.search(r"[{}<>%]|[ \t]$", letter.text, re.MULTILINE)


def test_who_booked_can_accept_the_offer() -> None:
    letter = write(Kind.OFFERED, **OFFERED)
    assert letter.text.index("/gestisci/") < letter.text.index("Che cosa:")
    assert "riservato fino a martedì 24 novembre 2026 alle 09:00" in letter.text


def test_whose_name_is_forgotten_is_known_by_the_code() -> None:
    letter = write(Kind.CANCELLED, "en", name=None, **CANCELLED)
    assert "The reservation for a person (code 0E5D 4C22) is cancelled." in letter.text
    assert "/gestisci/" not in letter.text


def test_who_cannot_be_reached_hears_it_from_who_booked() -> None:
    told = [write(Kind.CONFIRMED, reachable=reachable).text for reachable in (False, True)]
    assert ["lo riceve solo da te" in text for text in told] == [True, False]
    assert all("/entra/" in text for text in told)


def test_an_absence_that_was_excused_is_said_to_be() -> None:
    assert "l’assenza è giustificata" in write(Kind.MISSED, changed="excused").text
