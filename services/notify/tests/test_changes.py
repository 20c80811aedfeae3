"""A session changes: who is told of what, once, and what becomes of the reminders, whichever event comes first."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import booking
from services.notify import store
from services.notify.domain import Kind
from services.notify.errors import TryLater
from services.notify.tests.examples import (
    CANCELLED,
    DAY,
    NOW,
    STARTS,
    a_letter,
    about,
    person,
    session_cancelled,
    session_changed,
)
from services.notify.tests.office import Office
from services.notify.tests.sending import GIULIA, MARCO, refusing

HOUR = timedelta(hours=1)
LATER, SOONER = STARTS + 7 * DAY, STARTS - 4 * DAY


def times(starts_at: datetime) -> dict[str, Any]:
    return {"starts_at": starts_at.isoformat(), "ends_at": (starts_at + HOUR).isoformat()}


def move(office: Office, to: datetime, *, was: datetime = STARTS, sequence: int = 1) -> None:
    """The session moves, and booking says so to who asks."""
    office.tell_of_change(session_changed("times", sequence=sequence, was_starts_at=was.isoformat(), **times(to)))
    office.letters = {row["reservation_id"]: a_letter(session=times(to)) for row in office.rows()}


def book(office: Office, address: str = GIULIA, starts_at: datetime = STARTS) -> UUID:
    """A person gets a seat in the session, which is at ``starts_at`` at that moment."""
    reservation = uuid4()
    office.remember(address)
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, address, reservation, **times(starts_at)))
    return reservation


def told(office: Office) -> list[tuple[str, str | None]]:
    """State and what is said of each message about a change, the first one first."""
    rows = [row for row in office.rows() if row["kind"] == "session_changed"]
    return [(row["state"], row["changed"]) for row in sorted(rows, key=lambda row: row["created_at"])]


def reminded(office: Office) -> list[datetime]:
    """When reminders are to be sent."""
    return sorted(row["due_at"] for row in office.rows() if row["kind"] == "reminder" and row["state"] == "queued")


def before(starts_at: datetime, *hours: int) -> list[datetime]:
    return [starts_at - timedelta(hours=each) for each in hours]


def send_all(office: Office) -> list[str]:
    """Send what is due; answers the first word or two of each subject that there is."""
    while office.deliver():
        pass
    return sorted(mail["Subject"].split(":")[0] for mail in office.mails())


# Who is told


def test_everybody_in_a_session_is_told_of_its_change_and_nobody_else(office: Office) -> None:
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, GIULIA))
    office.tell(Kind.WAITLISTED, about(booking.RESERVATION_WAITLISTED, MARCO))
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, "anna@example.org", session_id=str(uuid4())))
    office.tell_of_change(session_changed("room"))
    reached = [row["person_id"] for row in office.rows() if row["kind"] == "session_changed"]
    assert sorted(reached) == sorted([person(GIULIA), person(MARCO)])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (["times"], "times"),
        (["description", "room"], "room"),
        (["title", "room", "times"], "times title room"),
    ],
)
def test_what_changed_is_kept_for_the_mail(office: Office, changed: list[str], expected: str) -> None:
    book(office)
    office.tell_of_change(session_changed(*changed))
    assert told(office) == [("queued", expected)]


def test_a_change_of_the_description_is_told_to_nobody(office: Office) -> None:
    book(office)
    office.tell_of_change(session_changed("description"))
    assert told(office) == []


def test_a_change_that_is_heard_twice_is_told_once(office: Office) -> None:
    book(office)
    for _ in range(2):
        office.tell_of_change(session_changed("room"))
    assert told(office) == [("queued", "room")]


def test_who_gave_the_seat_back_is_not_told_of_a_change(office: Office) -> None:
    reservation = book(office)
    send_all(office)
    office.tell_of_change(session_changed("room"))
    office.letters[reservation] = a_letter(**CANCELLED)
    send_all(office)
    assert ("session_changed", "dropped", "state_changed") in office.states()


def test_who_is_told_that_a_session_is_called_off_is_not_told_of_its_change(office: Office) -> None:
    reservation = book(office)
    send_all(office)
    office.tell_of_change(session_changed("room"))
    office.tell_everybody(session_cancelled())
    office.letters[reservation] = a_letter(**CANCELLED)
    assert send_all(office) == ["Il tuo posto è confermato", "Sessione annullata"]


def test_the_mail_says_the_new_time_and_the_old_one_and_has_the_calendar_entry(office: Office) -> None:
    reservation = book(office)
    send_all(office)
    move(office, LATER)
    office.letters[reservation] = a_letter(session=times(LATER), revision=1)
    office.deliver()
    (mail,) = [mail for mail in office.mails() if mail["Subject"].startswith("Sessione spostata")]
    said = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    text, calendar = said[0], said[-1] if isinstance(said[-1], str) else said[-1].decode()
    assert "Comincia martedì 8 dicembre alle 17:00, e non più martedì 1 dicembre alle 17:00." in text
    assert "SEQUENCE:1" in calendar
    assert "DTSTART:20261208T160000Z" in calendar


# Changes that follow each other


def test_two_changes_before_the_first_was_told_are_one_message(office: Office) -> None:
    book(office)
    send_all(office)
    move(office, LATER, sequence=1)
    office.pass_time(HOUR)
    office.tell_of_change(session_changed("room", sequence=2, was_starts_at=LATER.isoformat(), **times(LATER)))
    assert told(office) == [("dropped", "times"), ("queued", "times room")]


def test_the_one_message_says_how_it_was_before_the_first_change(office: Office) -> None:
    book(office)
    send_all(office)
    move(office, SOONER, sequence=1)
    move(office, LATER, was=SOONER, sequence=2)
    assert send_all(office) == ["Il tuo posto è confermato", "Sessione spostata"]
    (row,) = [row for row in office.rows() if row["kind"] == "session_changed" and row["state"] == "sent"]
    assert row["known_start"] == STARTS


def test_a_change_after_the_first_was_told_is_told_too(office: Office) -> None:
    book(office)
    send_all(office)
    for sequence, (was, to) in enumerate(((STARTS, SOONER), (SOONER, LATER))):
        move(office, to, was=was, sequence=sequence)
        send_all(office)
        office.pass_time(HOUR)
    assert told(office) == [("sent", "times"), ("sent", "times")]


def test_a_change_that_comes_again_after_a_later_one_overtakes_nothing(office: Office) -> None:
    book(office)
    for sequence in (1, 2, 1, 2):
        office.tell_of_change(session_changed("room", sequence=sequence))
    assert sorted(told(office)) == [("dropped", "room"), ("queued", "room")]


def test_a_message_that_is_being_sent_when_the_next_change_comes_is_not_tried_again(office: Office) -> None:
    book(office)
    send_all(office)
    office.tell_of_change(session_changed("room", sequence=1))
    with office.database.transaction() as tx:
        (message,) = store.claim(tx, office.now, timedelta(minutes=5), 1)
    office.pass_time(timedelta(seconds=1))
    office.tell_of_change(session_changed("title", sequence=2))
    with office.database.transaction() as tx:
        assert not store.put_off(tx, message, office.now, "smtp_450")
    assert told(office) == [("dropped", "room"), ("queued", "title room")]


def test_a_message_that_was_put_off_is_overtaken_by_the_next_change(office: Office) -> None:
    book(office)
    send_all(office)
    office.tell_of_change(session_changed("room", sequence=1))
    office.deliver(refusing(office, GIULIA, TryLater("smtp_450")))
    office.pass_time(timedelta(seconds=1))
    office.tell_of_change(session_changed("title", sequence=2))
    assert told(office) == [("dropped", "room"), ("queued", "title room")]


# Reminders


@pytest.mark.parametrize("to", [SOONER, LATER])
def test_reminders_move_with_the_session(office: Office, to: datetime) -> None:
    book(office)
    move(office, to)
    assert reminded(office) == before(to, 48, 2)


def test_reminders_whose_new_moment_is_past_go(office: Office) -> None:
    book(office)
    move(office, NOW + 3 * HOUR)
    assert reminded(office) == before(NOW + 3 * HOUR, 2)


def test_reminders_whose_moment_was_past_come_back_when_the_session_is_later(office: Office) -> None:
    book(office, starts_at=NOW + HOUR)
    assert reminded(office) == []
    move(office, LATER, was=NOW + HOUR)
    assert reminded(office) == before(LATER, 48, 2)


def test_reminders_are_as_they_were_when_a_session_moves_back(office: Office) -> None:
    book(office)
    move(office, LATER, sequence=1)
    move(office, STARTS, was=LATER, sequence=2)
    assert reminded(office) == before(STARTS, 48, 2)


def test_who_was_reminded_of_the_old_time_is_reminded_of_the_new_one(office: Office) -> None:
    book(office)
    office.now = STARTS - 48 * HOUR
    send_all(office)
    move(office, LATER)
    assert reminded(office) == before(LATER, 48, 2)


def test_a_session_that_only_ends_at_another_time_keeps_a_reminder_that_was_put_off(office: Office) -> None:
    book(office)
    office.now = STARTS - 48 * HOUR
    office.deliver(refusing(office, GIULIA, TryLater("smtp_450")))
    kept = reminded(office)
    office.tell_of_change(session_changed("times", was_starts_at=STARTS.isoformat(), **times(STARTS)))
    assert reminded(office) == kept


def test_a_change_of_the_room_moves_no_reminder(office: Office) -> None:
    book(office)
    office.tell_of_change(session_changed("room", **times(LATER)))
    assert reminded(office) == before(STARTS, 48, 2)


def test_who_waits_is_not_reminded_of_a_session_that_moved(office: Office) -> None:
    office.tell(Kind.WAITLISTED, about(booking.RESERVATION_WAITLISTED, GIULIA))
    move(office, LATER)
    assert reminded(office) == []


def test_a_reminder_that_is_being_sent_when_the_session_moves_is_not_sent_for_the_old_time(office: Office) -> None:
    reservation = book(office)
    send_all(office)
    office.now = STARTS - 48 * HOUR
    office.letters[reservation] = a_letter(session=times(LATER))  # what booking says before notify has heard of it
    assert send_all(office) == ["Il tuo posto è confermato"]
    assert reminded(office) == before(LATER, 48, 2)


# Events in another order


def test_who_booked_after_the_change_and_is_heard_of_after_it_is_reminded_of_the_new_time(office: Office) -> None:
    move(office, LATER)
    book(office, starts_at=LATER)
    assert reminded(office) == before(LATER, 48, 2)


def test_who_booked_after_the_change_and_is_heard_of_before_it_is_reminded_of_the_new_time(office: Office) -> None:
    book(office, starts_at=LATER)
    move(office, LATER)
    assert reminded(office) == before(LATER, 48, 2)


def test_who_booked_between_two_changes_and_is_heard_of_before_both_is_reminded_of_the_last_time(
    office: Office,
) -> None:
    book(office, starts_at=SOONER)
    move(office, SOONER, sequence=1)
    move(office, LATER, was=SOONER, sequence=2)
    assert reminded(office) == before(LATER, 48, 2)


@pytest.mark.parametrize("to", [SOONER, LATER])
def test_who_booked_before_the_change_and_is_heard_of_after_it_is_reminded_of_the_new_time(
    office: Office, to: datetime
) -> None:
    move(office, to)
    reservation = book(office)
    office.letters[reservation] = a_letter(session=times(to))
    send_all(office)
    assert reminded(office) == before(to, 48, 2)


def test_who_is_heard_of_after_the_change_reads_in_the_confirmation_that_it_moved(office: Office) -> None:
    reservation = book(office)
    office.letters[reservation] = a_letter(session=times(LATER))
    office.deliver()
    (mail,) = office.mails()
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Prima era: martedì 1 dicembre 2026 alle 17:00" in body.get_content()


def test_the_reminders_of_one_who_is_heard_of_late_follow_and_those_of_others_stay(office: Office) -> None:
    others = book(office, MARCO, starts_at=LATER)
    reservation = book(office)
    office.letters = {reservation: a_letter(session=times(SOONER)), others: a_letter(session=times(LATER))}
    send_all(office)
    assert reminded(office) == before(SOONER, 48, 2) + before(LATER, 48, 2)


def test_reminders_follow_what_booking_says_now_and_not_what_it_said_of_the_run(office: Office) -> None:
    reservation = book(office)
    answers = iter([a_letter(session=times(LATER)), a_letter(session=times(SOONER))])
    office.deliver(describe=lambda _reservations: {reservation: next(answers)})
    assert reminded(office) == before(SOONER, 48, 2)


# Kept for


def test_messages_are_kept_until_ninety_days_after_the_new_end(office: Office) -> None:
    book(office)
    move(office, LATER)
    assert {row["session_ends_at"] for row in office.rows()} == {LATER + HOUR}
