"""From the queue to the mail: sent once, of what is still so, whatever is missing or out of order."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from contracts import booking
from services.notify.domain import Kind
from services.notify.errors import TryLater
from services.notify.tests.examples import ACCEPTED, CANCELLED, DAY, NOW, STARTS, WAITING, a_letter, about
from services.notify.tests.office import Office
from services.notify.tests.sending import GIULIA, MARCO, confirm, recipients, refusing
from tests.servers import MailServer

# Sent


def test_a_message_becomes_one_mail_to_one_person(office: Office) -> None:
    office.remember(GIULIA, language="en")
    (reservation,) = confirm(office, GIULIA)
    assert office.deliver()
    (mail,) = office.mails()
    assert mail["To"] == f"Giulia Ferrero <{GIULIA}>"
    assert mail["Subject"].startswith("Your seat is confirmed")
    assert office.states() == [("confirmed", "sent", None)]
    assert office.asked == [reservation]


def test_what_is_sent_is_not_sent_again(office: Office) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    assert [office.deliver(), office.deliver()] == [True, False]
    office.pass_time(30 * DAY)
    assert not office.deliver()
    assert len(office.asked) == 1


def test_a_run_sends_to_each_person_alone(office: Office, mail_server: MailServer) -> None:
    people = [f"person{index}@example.org" for index in range(5)]
    for address in people:
        office.remember(address)
    confirm(office, *people)
    office.use(NOTIFY_SMTP_URI=mail_server.uri)
    office.deliver()
    assert sorted(mail["X-RcptTo"] for mail in mail_server.messages()) == people


def test_the_message_id_comes_from_the_message(office: Office) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    office.deliver()
    (mail,), (row,) = office.mails(), office.rows()
    assert mail["Message-ID"] == f"<{row['id']}@example.org>"


# What is so at the moment of sending


def test_a_confirmation_of_what_is_cancelled_by_now_is_dropped(office: Office) -> None:
    office.remember(GIULIA)
    (reservation,) = confirm(office, GIULIA)
    office.letters[reservation] = a_letter(**CANCELLED)
    office.tell(Kind.CANCELLED, about(booking.RESERVATION_CANCELLED, GIULIA, reservation))
    office.deliver()
    assert office.states() == [("cancelled", "sent", None), ("confirmed", "dropped", "state_changed")]
    assert [mail["Subject"][:33] for mail in office.mails()] == ["La tua prenotazione è annullata: "]


def test_the_position_is_that_of_the_moment_of_sending(office: Office) -> None:
    office.remember(GIULIA)
    reservation = uuid4()
    office.tell(Kind.WAITLISTED, about(booking.RESERVATION_WAITLISTED, GIULIA, reservation, position=3))
    office.letters[reservation] = a_letter(**{**WAITING, "position": 2})
    office.deliver()
    (mail,) = office.mails()
    body = mail.get_body(("plain",))
    assert body is not None
    assert "il tuo numero è 2" in body.get_content()


def test_an_offer_that_was_accepted_before_it_was_announced_is_not_announced(office: Office) -> None:
    office.remember(GIULIA)
    reservation = uuid4()
    office.tell(Kind.OFFERED, about(booking.RESERVATION_OFFERED, GIULIA, reservation))
    office.tell(Kind.PROMOTED, about(booking.RESERVATION_CONFIRMED, GIULIA, reservation, promoted=True))
    office.letters[reservation] = a_letter(**ACCEPTED)
    office.deliver()
    assert office.states() == [("offered", "dropped", "state_changed"), ("promoted", "sent", None)]


def test_who_did_not_consent_gets_no_mail(office: Office) -> None:
    office.remember(GIULIA, consent=False)
    confirm(office, GIULIA)
    office.deliver()
    assert office.states() == [("confirmed", "dropped", "no_consent")]
    assert office.mails() == []


def test_a_reservation_that_booking_does_not_know_is_dropped(office: Office) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    office.deliver(describe=lambda _reservations: {})
    assert office.states() == [("confirmed", "dropped", "reservation_not_found")]


# What is missing


def test_a_message_waits_for_the_contact_that_comes_after_it(office: Office) -> None:
    confirm(office, GIULIA)
    office.deliver()
    assert office.states() == [("confirmed", "queued", "contact_missing")]
    office.remember(GIULIA)
    assert office.deliver()
    assert recipients(office) == [GIULIA]


def test_nobody_is_asked_about_a_person_who_is_not_known_yet(office: Office) -> None:
    confirm(office, GIULIA)
    office.deliver()
    assert office.asked == []


def test_a_contact_that_does_not_come_is_looked_for_less_and_less_often(office: Office) -> None:
    confirm(office, GIULIA)
    waits = []
    for _ in range(12):
        assert office.deliver()
        (row,) = office.rows()
        waits.append(row["due_at"] - office.now)
        office.now = row["due_at"]
    assert waits == sorted(waits[:10]) + waits[10:]
    assert waits[0] <= timedelta(seconds=2)
    assert all(DAY * 0.75 <= wait <= DAY for wait in waits[10:])


def test_after_thirty_days_a_message_is_given_up(office: Office) -> None:
    confirm(office, GIULIA)
    office.deliver()
    office.pass_time(30 * DAY)
    office.deliver()
    assert office.states() == [("confirmed", "failed", "contact_missing")]


def test_the_contact_of_one_does_not_wake_the_message_of_another(office: Office) -> None:
    confirm(office, GIULIA)
    office.deliver()
    office.remember(MARCO)
    assert not office.deliver()


# Reminders


@pytest.fixture
def seated(office: Office) -> UUID:
    """Giulia has a seat, and was told so."""
    reservation = uuid4()
    office.remember(GIULIA)
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, reservation))
    office.deliver()
    return reservation


@pytest.mark.usefixtures("seated")
def test_each_reminder_is_sent_once_when_its_time_has_come(office: Office) -> None:
    sent = []
    for left in (timedelta(hours=48, seconds=1), timedelta(hours=48), timedelta(hours=2), timedelta(hours=1)):
        office.now = STARTS - left
        while office.deliver():
            pass
        sent.append(sum(row["kind"] == "reminder" and row["state"] == "sent" for row in office.rows()))
    assert sent == [0, 1, 2, 2]
    assert len(office.mails()) == 3


def test_a_seat_that_was_given_back_is_not_reminded(office: Office, seated: UUID) -> None:
    office.letters[seated] = a_letter(**CANCELLED)
    office.now = STARTS - timedelta(hours=48)
    office.deliver()
    assert ("reminder", "dropped", "state_changed") in office.states()


@pytest.mark.usefixtures("seated")
def test_a_reminder_that_comes_once_the_session_has_begun_is_not_sent(office: Office) -> None:
    office.now = STARTS
    office.deliver()
    assert office.states()[1:] == [("reminder", "dropped", "session_begun")] * 2


@pytest.mark.usefixtures("seated")
def test_after_an_outage_of_days_a_person_is_reminded_once(office: Office) -> None:
    office.now = STARTS - timedelta(hours=1)
    office.deliver()
    assert sorted(office.states()[1:]) == [("reminder", "dropped", "overtaken"), ("reminder", "sent", None)]


@pytest.mark.usefixtures("seated")
def test_a_new_contact_does_not_hurry_a_reminder(office: Office) -> None:
    office.remember(GIULIA, language="en")
    assert not office.deliver()


def test_a_reminder_of_a_session_booked_months_before_survives_an_outage(office: Office) -> None:
    starts = NOW + 60 * DAY
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    reservation = uuid4()
    office.letters[reservation] = a_letter(session=times)
    office.remember(GIULIA)
    office.use(NOTIFY_REMINDERS="48")
    office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, GIULIA, reservation, **times))
    office.deliver()
    office.now = starts - timedelta(hours=48)
    office.deliver(refusing(office, GIULIA, TryLater("smtp_450")))
    assert ("reminder", "queued", "smtp_450") in office.states()


def test_who_took_part_is_thanked_after_the_session(office: Office) -> None:
    office.now = STARTS + DAY
    office.remember(GIULIA)
    office.tell(Kind.ATTENDED, about(booking.RESERVATION_ATTENDED, GIULIA))
    office.deliver()
    (mail,) = office.mails()
    assert mail["Subject"] == "Grazie di aver partecipato: Orientarsi dopo il diploma"
