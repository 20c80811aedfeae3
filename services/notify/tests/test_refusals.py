"""Who was promised a mail and is refused later reads what did not work, why, and what to do."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts import booking, notify
from contracts.booking import LANGUAGES
from services.notify import usecases
from services.notify.errors import Outage
from services.notify.tests.examples import CANCELLED, MEMBER, STAFF_ID, WAITING, a_letter, person, session_changed
from services.notify.tests.office import Office
from services.notify.tests.sending import GIULIA, recipients
from services.notify.tests.test_letters import Page

SESSION = UUID(a_letter()["session"]["id"])
CANCEL = {"asked_for": "cancel_reservation", "code": "session_started"}


def refuse(office: Office, reservation: UUID | None = None, code: str = "session_closed", **changes: Any) -> None:
    """Of a seat, unless there is a ``reservation``."""
    about: dict[str, Any] = {"asked_for": "reserve_seat", "code": code, "person_id": person(GIULIA)}
    about |= {"session_id": SESSION, "reservation_id": reservation, "booked_by": None, "reachable": True, **changes}
    with office.database.transaction() as tx:
        usecases.tell_refusal(tx, office.now, **about)


def send(office: Office) -> list[Any]:
    while office.deliver():
        pass
    return office.mails()


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def test_who_asked_for_a_seat_reads_that_there_is_none_and_the_way_to_others(office: Office) -> None:
    office.remember(GIULIA)
    refuse(office)
    (mail,) = send(office)
    assert mail["Subject"] == "Il posto non è prenotato: Orientarsi dopo il diploma, martedì 1 dicembre alle 17:00"
    text = text_of(mail)
    assert "Non abbiamo potuto prenotare il posto. Le prenotazioni per questa sessione sono chiuse." in text
    assert "https://arlo.example.org/sessioni\n" in text
    assert "/gestisci/" not in text


def test_who_holds_a_reservation_reads_that_it_is_as_it_was_and_gets_its_link(office: Office) -> None:
    office.remember(GIULIA, language="en")
    reservation = uuid4()
    refuse(office, reservation, **CANCEL)
    (mail,) = send(office)
    assert mail["Subject"].startswith("Your reservation is not cancelled: ")
    assert "We could not cancel the reservation. The session had begun already." in text_of(mail)
    assert "The reservation is as it was." in text_of(mail)
    assert f"/gestisci/{reservation}/" in text_of(mail)


def test_who_asked_for_another_date_reads_which(office: Office) -> None:
    office.remember(GIULIA)
    there = uuid4()
    week = {"starts_at": "2026-12-08T16:00:00+00:00", "ends_at": "2026-12-08T17:30:00+00:00"}
    office.sessions[there] = {**a_letter()["session"], **week}
    refuse(office, uuid4(), asked_for="move_reservation", session_id=there)
    (mail,) = send(office)
    assert "Non abbiamo potuto spostare la prenotazione a martedì 8 dicembre alle 17:00. In quella data" in text_of(
        mail
    )


def test_of_a_session_that_is_gone_the_mail_says_that(office: Office) -> None:
    office.remember(GIULIA)
    office.sessions[SESSION] = None
    refuse(office, code="not_found")
    (mail,) = send(office)
    assert (mail["Subject"], "La sessione non c’è più." in text_of(mail)) == ("Il posto non è prenotato", True)


def test_who_is_not_known_yet_is_written_to_once_they_are(office: Office) -> None:
    refuse(office)
    assert send(office) == []
    office.remember(GIULIA)
    assert len(send(office)) == 1


def test_the_same_that_is_refused_again_within_the_hour_is_told_once(office: Office) -> None:
    office.remember(GIULIA)
    for _ in range(3):
        refuse(office)
    refuse(office, code="deadline_passed")
    office.pass_time(timedelta(hours=1))
    refuse(office)
    assert len(send(office)) == 3


def test_who_booked_for_somebody_is_told_too_and_alone_where_the_person_cannot_be_reached(office: Office) -> None:
    office.remember(GIULIA)
    refuse(office, uuid4(), **CANCEL, booked_by=STAFF_ID)
    refuse(office, uuid4(), **CANCEL, booked_by=STAFF_ID, reachable=False)
    mails = send(office)
    assert recipients(office) == [MEMBER.address, MEMBER.address, GIULIA]
    assert sum("richiesta non riuscita" in mail["Subject"] for mail in mails) == 2


@pytest.mark.parametrize(
    ("asked_for", "now"),
    [
        ("cancel_reservation", CANCELLED),
        ("decline_offer", CANCELLED),
        ("accept_offer", {}),
        ("move_reservation", {**CANCELLED, "moved_to": str(uuid4())}),
    ],
)
def test_what_came_about_in_another_way_meanwhile_is_not_told(
    office: Office, asked_for: str, now: dict[str, Any]
) -> None:
    office.remember(GIULIA)
    reservation = uuid4()
    office.letters[reservation] = a_letter(**now)
    refuse(office, reservation, "deadline_passed", asked_for=asked_for)
    assert send(office) == []
    assert office.states() == [("refused", "dropped", "came_about")]


def test_who_was_refused_a_seat_is_not_told_what_changes_about_the_session(office: Office) -> None:
    refuse(office)
    office.tell_of_change(session_changed("title", session_id=str(SESSION)))
    assert [row["kind"] for row in office.rows()] == ["refused"]


def test_a_refusal_is_told_when_booking_answers_again_and_forgotten_in_a_week(office: Office) -> None:
    office.remember(GIULIA)
    refuse(office)
    office.session = silent  # type: ignore[method-assign,assignment]  # booking is down
    assert send(office) == []
    del office.session
    office.pass_time(timedelta(minutes=5))
    assert len(send(office)) == 1
    office.pass_time(timedelta(days=8))
    office.purge()
    assert office.rows() == []


def silent(_session: UUID) -> Any:
    raise Outage("booking_no_answer")


CODES = {
    command.name: [*command.refusals, "deadline_passed", "no_such_code_yet"]
    for command in booking.REQUESTS
    if command.name in notify.ASKED_FOR
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_reads_well(office: Office, language: str) -> None:
    """In one test: what differs is a sentence or two."""
    office.remember(GIULIA, language=language)
    for asked_for, codes in CODES.items():
        for code in codes:
            reservation = None if asked_for == "reserve_seat" else uuid4()
            if reservation:
                office.letters[reservation] = a_letter(**WAITING)
            refuse(office, reservation, code, asked_for=asked_for)
    mails = send(office)
    assert len(mails) == sum(map(len, CODES.values()))
    for mail in mails:
        text, page = text_of(mail), Page(mail.get_body(("html",)).get_content())
        assert (page.open, page.loads, page.attributes["html"]) == ([], [], {"lang": language})
        assert not any(sign in text for sign in ("{", "}", "\n\n\n", " \n", "None", "  "))
        assert text.split("\n\n")[1].replace("\n", " ") in " ".join(page.words.split())
