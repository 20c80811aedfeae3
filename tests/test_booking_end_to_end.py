"""A person books a seat, over HTTP, on both set-ups: what they read, and what reaches their mailbox."""

import secrets
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.error import HTTPError

import pytest
from icalendar import Calendar

from tests.platform import Platform
from tests.servers import MailServer
from tests.waiting import wait_until


def an_address() -> str:
    return f"giulia-{secrets.token_hex(4)}@example.org"


def manage_link(mail: MailServer, address: str) -> str:
    message = mail.wait_for(address)[0]
    body = message.get_body(("plain",))
    assert body is not None
    words: list[str] = body.get_content().split()
    return next(word for word in words if "/gestisci/" in word)


def token_headers(link: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {link.rsplit('/', 1)[1]}"}


def test_a_booking_is_confirmed_by_mail_with_a_calendar_entry(platform: Platform, mails: MailServer) -> None:
    session, address = platform.publish_session(capacity=3), an_address()
    reservation = platform.reserve(session, address)
    assert reservation["state"] == "confirmed"
    (message,) = mails.wait_for(address)
    (attached,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(attached.get_content())
    assert calendar["METHOD"] == "PUBLISH"
    assert str(calendar.events[0]["UID"]) == f"{reservation['id']}@bottega"
    assert "ATTENDEE" not in calendar.events[0]


def test_a_seat_given_back_is_offered_to_who_waits_first_who_takes_it(platform: Platform, mails: MailServer) -> None:
    session = platform.publish_session(capacity=1)
    first, second, third = an_address(), an_address(), an_address()
    booked, waiting, _ = (platform.reserve(session, who) for who in (first, second, third))
    link = manage_link(mails, first)
    for each in (second, third):
        mails.wait_for(each, 1)  # one that is not sent yet gives way to the offer
    path = f"/api/v1/reservations/{booked['id']}"
    for _ in range(2):  # the second time changes nothing
        assert platform._json("DELETE", path, None, token_headers(link))["state"] == "cancelled"
    mails.wait_for(second, 2)
    shown = platform.get(f"/api/v1/sessions/{session}")
    assert (shown["seats_left"], shown["waiting"]) == (0, 1)
    offer = f"/api/v1/reservations/{waiting['id']}/offer"
    taken = platform._json("PUT", offer, None, token_headers(manage_link(mails, second)))
    assert (taken["state"], taken["waiting_list"]["state"]) == ("confirmed", "accepted")
    assert len(mails.wait_for(second, 3)) == 3
    assert len(mails.wait_for(first, 2)) == 2
    assert len(mails.messages(third)) == 1


def test_booking_twice_looks_like_booking_once_and_a_mail_tells_the_person(
    platform: Platform, mails: MailServer
) -> None:
    session, address = platform.publish_session(capacity=5), an_address()
    first, again = platform.reserve(session, address), platform.reserve(session, address)
    assert first.keys() == again.keys()
    assert first["state"] == again["state"] == "confirmed"
    assert platform.get(f"/api/v1/sessions/{session}")["seats_left"] == 4
    assert len(mails.wait_for(address, 2)) == 2


def test_a_repeated_request_gets_the_same_answer_and_another_body_an_error(platform: Platform) -> None:
    session, address, key = platform.publish_session(capacity=5), an_address(), secrets.token_hex(8)
    assert platform.reserve(session, address, key=key) == platform.reserve(session, address, key=key)
    with pytest.raises(HTTPError) as refused:
        platform.reserve(session, an_address(), key=key)
    assert refused.value.code == 422


def test_everybody_is_told_once_when_a_session_is_cancelled(platform: Platform, mails: MailServer) -> None:
    session = platform.publish_session(capacity=1)
    people = [an_address() for _ in range(3)]
    for person in people:
        platform.reserve(session, person)
    platform.command("session", "cancel", session, "--yes")
    for person in people:
        subjects = [message["Subject"] for message in mails.wait_for(person, 2)]
        assert len(subjects) == 2
    assert platform.get(f"/api/v1/sessions/{session}")["cancelled"]


def test_everybody_is_told_once_when_a_session_moves(platform: Platform, mails: MailServer) -> None:
    session = platform.publish_session(capacity=1)
    people = [an_address() for _ in range(2)]
    for person in people:
        platform.reserve(session, person)
        mails.wait_for(person)
    platform.move_session(session, datetime(2030, 1, 15, 18, 30))  # noqa: DTZ001 (on the wall clocks)
    for person in people:
        told = mails.wait_for(person, 2)[1].get_body(("plain",))
        assert told is not None
        assert "18:30" in told.get_content()
    assert [len(mails.messages(person)) for person in people] == [2, 2]


@pytest.mark.parametrize("platform", ["services"], indirect=True)  # in one process, the gateway goes with booking
def test_who_is_refused_once_booking_is_back_is_told_by_one_mail(platform: Platform, mails: MailServer) -> None:
    session, address = platform.publish_session(capacity=3), an_address()
    platform.stop("booking", signal.SIGKILL)
    try:
        taken = platform.request_seat(session, address)
        platform.call_off(session)
    finally:
        platform.start_again("booking")
    (mail,) = mails.wait_for(address)
    assert mail["Subject"].startswith("Il posto non è prenotato: ")
    assert platform.get(taken["status_url"])["problem"]["code"] == "session_closed"
    assert len(mails.messages(address)) == 1


def test_200_people_at_once_for_20_seats_get_20_seats_and_one_mail_each(platform: Platform, mails: MailServer) -> None:
    session = platform.publish_session(capacity=20)
    people = [an_address() for _ in range(200)]
    with ThreadPoolExecutor(200) as crowd:
        answers = list(crowd.map(lambda person: platform.reserve(session, person), people))
    assert sum(answer["state"] == "confirmed" for answer in answers) == 20
    assert sorted(answer["position"] for answer in answers if answer["state"] == "waiting") == list(range(1, 181))
    seen = wait_until(lambda: _all_arrived(mails, people), "a mail for each of 200 people", timeout=60, every=0.2)
    assert all(count == 1 for count in seen.values())


def _all_arrived(mails: MailServer, people: list[str]) -> dict[str, int]:
    counts = dict.fromkeys(people, 0)
    for message in mails.messages():
        for recipient in message["X-RcptTo"].split(", "):
            if recipient in counts:
                counts[recipient] += 1
    return counts if all(counts.values()) else {}
