"""A reservation moves to another date: one mail says from when to when, and one calendar entry is right."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar, Component

from contracts import booking
from services.notify.domain import Kind
from services.notify.tests.examples import (
    CANCELLED,
    DAY,
    STARTS,
    WAITING,
    a_letter,
    about,
    session_cancelled,
    session_changed,
)
from services.notify.tests.office import Office
from services.notify.tests.sending import GIULIA

HERE, THERE = str(uuid4()), str(uuid4())
WAS = {
    "starts_at": (STARTS - 7 * DAY).isoformat(),
    "ends_at": (STARTS - 7 * DAY + timedelta(hours=1)).isoformat(),
}


def move(office: Office, *, seat: bool = True, had_seat: bool = True) -> tuple[UUID, UUID]:
    """Giulia, who was told of a reservation in the session ``HERE``, moves to ``THERE``, a week later."""
    old, new = uuid4(), uuid4()
    office.remember(GIULIA)
    if had_seat:
        office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, old, session_id=HERE, **WAS))
    else:
        office.hear(about(booking.RESERVATION_WAITLISTED, GIULIA, old, session_id=HERE, **WAS))
    office.letters[old] = a_letter(session={**WAS, "id": HERE}, **({} if had_seat else WAITING))
    office.deliver()
    calendar: dict[str, Any] = {"calendar_id": str(old)}
    ended = {**CANCELLED, "moved_to": str(new), "was_confirmed": had_seat, **calendar}
    office.letters[old] = a_letter(session={**WAS, "id": HERE}, **ended)
    office.letters[new] = a_letter(session={"id": THERE}, **({} if seat else WAITING), revision=2, **calendar)
    office.hear(about(booking.RESERVATION_CANCELLED, GIULIA, old, session_id=HERE, moved_to=str(new), **WAS))
    came: dict[str, Any] = {"session_id": THERE, "moved_from": str(old)}
    if seat:
        office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, new, **came))
    else:
        office.hear(about(booking.RESERVATION_WAITLISTED, GIULIA, new, **came))
    return old, new


def move_on(office: Office, before: UUID, session_id: str, **times: str) -> None:
    """Who moved from ``before`` moves on, to another date, before anything about that was sent."""
    new, between = uuid4(), office.letters[before]
    office.letters[before] = {**between, **CANCELLED, "moved_to": str(new), "was_confirmed": True}
    office.letters[new] = a_letter(session={"id": session_id, **times}, revision=3, calendar_id=between["calendar_id"])
    came: dict[str, Any] = {"session_id": session_id, "moved_from": str(before), **times}
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, new, **came))


def sent(office: Office) -> list[Any]:
    """The mail about the move, and no other after the first."""
    while office.deliver():
        pass
    mails = [mail for mail in office.mails() if "Prenotazione" in mail["Subject"]]
    assert len(office.mails()) == 1 + len(mails)
    return mails


def entry(mail: Any) -> Component | None:
    calendars = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return Calendar.from_ical(calendars[0]).walk("VEVENT")[0] if calendars else None


def test_a_move_is_one_mail_that_says_from_when_to_when(office: Office) -> None:
    move(office)
    (mail,) = sent(office)
    assert mail["Subject"] == "Prenotazione spostata: Orientarsi dopo il diploma, martedì 1 dicembre alle 17:00"
    text = mail.get_body(("plain",)).get_content()
    assert "è passata da martedì 24 novembre alle 17:00 a martedì 1 dicembre alle 17:00" in text


def test_who_moves_twice_before_the_first_mail_reads_the_date_that_they_knew(office: Office) -> None:
    _, between = move(office)
    ends = (STARTS + 7 * DAY + timedelta(hours=1)).isoformat()
    move_on(office, between, str(uuid4()), starts_at=(STARTS + 7 * DAY).isoformat(), ends_at=ends)
    (mail,) = sent(office)
    text = mail.get_body(("plain",)).get_content()
    assert "è passata da martedì 24 novembre alle 17:00 a martedì 8 dicembre alle 17:00" in text


def test_who_moves_back_before_the_first_mail_reads_that_and_gets_the_links_that_hold(office: Office) -> None:
    _, between = move(office)
    move_on(office, between, HERE, **WAS)
    (mail,) = sent(office)
    assert mail["Subject"].startswith("Prenotazione tornata alla data di prima: ")
    text = mail.get_body(("plain",)).get_content()
    assert "è di nuovo per martedì 24 novembre alle 17:00, e il posto è confermato" in text
    assert "Da adesso valgono i link di questa e-mail" in text
    assert "Prima era" not in text


def test_who_was_told_of_the_first_move_reads_of_the_second_alone(office: Office) -> None:
    _, between = move(office)
    sent(office)
    ends = (STARTS + 7 * DAY + timedelta(hours=1)).isoformat()
    move_on(office, between, str(uuid4()), starts_at=(STARTS + 7 * DAY).isoformat(), ends_at=ends)
    texts = [mail.get_body(("plain",)).get_content() for mail in sent(office)]
    assert sum("è passata da martedì 1 dicembre alle 17:00 a martedì 8 dicembre" in text for text in texts) == 1


def test_the_entry_in_the_calendar_moves_with_the_reservation(office: Office) -> None:
    old, _ = move(office)
    (mail,) = sent(office)
    event = entry(mail)
    assert event is not None
    start: Any = event["dtstart"]
    assert (event["uid"], event["sequence"], event["status"]) == (f"{old}@bottega", 2, "CONFIRMED")
    assert start.dt == STARTS


def test_who_moves_to_a_waiting_list_takes_the_seat_out_of_the_calendar(office: Office) -> None:
    old, _ = move(office, seat=False)
    (mail,) = sent(office)
    event = entry(mail)
    assert event is not None
    assert (event["uid"], event["sequence"], event["status"]) == (f"{old}@bottega", 1, "CANCELLED")
    assert "il tuo numero è 3" in mail.get_body(("plain",)).get_content()


def test_who_waited_and_waits_again_gets_no_calendar_entry(office: Office) -> None:
    move(office, seat=False, had_seat=False)
    (mail,) = sent(office)
    assert entry(mail) is None
    assert "allegato" not in mail.get_body(("plain",)).get_content()


def test_who_waited_and_moves_to_a_seat_adds_it_to_the_calendar(office: Office) -> None:
    move(office, had_seat=False)
    (mail,) = sent(office)
    assert "Metti la sessione in calendario" in mail.get_body(("plain",)).get_content()


def test_a_move_that_is_heard_twice_is_told_once(office: Office) -> None:
    old, new = move(office)
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, new, session_id=THERE, moved_from=str(old)))
    assert len(sent(office)) == 1


def test_who_moves_is_reminded_of_the_new_date_alone(office: Office) -> None:
    old, new = move(office)
    for hours in (7 * 24 + 2, 2):
        office.now = STARTS - timedelta(hours=hours)
        while office.deliver():
            pass
    reminders = [row for row in office.rows() if row["kind"] == "reminder"]
    assert {row["reservation_id"] for row in reminders if row["state"] == "sent"} == {new}
    assert {row["reason"] for row in reminders if row["reservation_id"] == old} == {"state_changed"}


def test_who_moved_away_is_not_told_that_the_session_is_called_off(office: Office) -> None:
    move(office)
    sent(office)
    office.tell_everybody(session_cancelled(session_id=HERE))
    assert len(sent(office)) == 1
    assert ("session_cancelled", "dropped", "moved") in office.states()


def test_the_reminders_of_who_moved_follow_the_new_date_when_that_changes(office: Office) -> None:
    _, new = move(office)
    sent(office)
    later: dict[str, Any] = {
        "starts_at": (STARTS + DAY).isoformat(),
        "ends_at": (STARTS + DAY + timedelta(hours=1)).isoformat(),
        "was_starts_at": STARTS.isoformat(),
    }
    office.tell_of_change(session_changed("times", session_id=THERE, **later))
    due = [row["due_at"] for row in office.rows() if row["kind"] == "reminder" and row["reservation_id"] == new]
    assert sorted(due) == [STARTS + DAY - timedelta(hours=hours) for hours in (48, 2)]


@pytest.mark.parametrize(("kind", "reason"), [(Kind.CANCELLED, "moved"), (Kind.SESSION_CANCELLED, "moved")])
def test_a_cancellation_that_was_a_move_is_dropped_whoever_queued_it(office: Office, kind: Kind, reason: str) -> None:
    old, _ = move(office)
    office.tell(kind, about(booking.RESERVATION_CANCELLED, GIULIA, old, session_id=HERE))
    sent(office)
    assert (kind.value, "dropped", reason) in office.states()
