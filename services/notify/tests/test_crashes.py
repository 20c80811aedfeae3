"""A sender that dies, with SIGKILL, at each point: no message is lost, and the second mail is known for the first."""

import signal
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts import booking
from services.notify.domain import NOT_AT_ONCE, Kind
from services.notify.tests.examples import STAFF_ID, STARTS, about
from services.notify.tests.office import Office
from services.notify.tests.sender import start
from tests.servers import MailServer

PEOPLE = [f"person{index}@example.org" for index in range(4)]
LEASE = timedelta(seconds=300)


@pytest.fixture
def waiting(office: Office) -> Office:
    """Four messages wait to be sent."""
    for address in PEOPLE:
        office.remember(address)
        office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, address, uuid4()))
    return office


def kill(office: Office, death: str, smtp_uri: str = "") -> None:
    """A sender sends the first of four, and dies at the second."""
    assert start(office, death, smtp_uri).wait() == -signal.SIGKILL
    assert Counter(row["state"] for row in office.rows()) == {"sent": 1, "claimed": 3}


def recover(office: Office) -> None:
    office.pass_time(LEASE + timedelta(seconds=1))
    while office.deliver():
        pass
    assert {row["state"] for row in office.rows()} == {"sent"}


def test_what_a_dead_sender_had_claimed_is_nobodys_until_the_lease_ends(waiting: Office) -> None:
    kill(waiting, "after")
    waiting.pass_time(LEASE - timedelta(seconds=1))
    assert not waiting.deliver()


def test_a_sender_that_dies_among_reminders_loses_none_and_repeats_none(office: Office) -> None:
    for address in PEOPLE:
        office.remember(address)
        office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, address, uuid4()))
    while office.deliver():
        pass
    office.now = STARTS - timedelta(hours=48)
    assert start(office, "after").wait() == -signal.SIGKILL
    office.pass_time(LEASE + timedelta(seconds=1))
    while office.deliver():
        pass
    assert len(office.mails()) == 2 * len(PEOPLE)
    reminded = [row["state"] for row in office.rows() if row["kind"] == "reminder"]
    assert sorted(reminded) == ["queued"] * 4 + ["sent"] * 4


@pytest.mark.parametrize(
    "facts",
    [{"moved_from": str(uuid4())}, {"booked_by": str(STAFF_ID), "reachable": False}],
    ids=["moved", "booked for"],
)
def test_a_sender_that_dies_loses_no_move_and_no_word_to_who_booked(office: Office, facts: dict[str, Any]) -> None:
    for address in PEOPLE:
        office.remember(address)
        office.tell_of_seat(about(booking.RESERVATION_CONFIRMED, address, uuid4(), **facts))
    assert start(office, "after").wait() == -signal.SIGKILL
    office.pass_time(LEASE + timedelta(seconds=1))
    while office.deliver():
        pass
    assert len(office.mails()) == len(PEOPLE)
    assert {row["state"] for row in office.rows() if row["kind"] != "reminder"} == {"sent"}


@pytest.mark.parametrize("death", ["before", "half", "after"])
def test_in_the_folder_each_mail_is_there_once_whenever_the_sender_died(waiting: Office, death: str) -> None:
    kill(waiting, death)
    assert len(waiting.mails()) == (2 if death == "after" else 1)
    recover(waiting)
    assert sorted(mail["To"].addresses[0].addr_spec for mail in waiting.mails()) == PEOPLE
    assert [path.suffix for path in waiting.folder.iterdir()] == [".eml"] * 4


def test_a_sender_that_dies_before_it_sends_sends_nothing_twice(waiting: Office, mail_server: MailServer) -> None:
    kill(waiting, "before", mail_server.uri)
    waiting.use(NOTIFY_SMTP_URI=mail_server.uri)
    recover(waiting)
    assert sorted(mail["X-RcptTo"] for mail in mail_server.messages()) == PEOPLE


def test_a_sender_that_dies_before_it_marks_repeats_one_mail_with_the_same_identity(
    waiting: Office, mail_server: MailServer
) -> None:
    kill(waiting, "after", mail_server.uri)
    waiting.use(NOTIFY_SMTP_URI=mail_server.uri)
    recover(waiting)
    received = Counter(mail["X-RcptTo"] for mail in mail_server.messages())
    assert sorted(received) == PEOPLE
    assert sorted(received.values()) == [1, 1, 1, 2]
    assert len({mail["Message-ID"] for mail in mail_server.messages()}) == 4


def test_two_processes_at_once_send_each_message_once(office: Office, mail_server: MailServer) -> None:
    people = [f"person{index:02}@example.org" for index in range(40)]
    for address in people:
        office.remember(address)
        office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, address, uuid4()))
    senders = [start(office, smtp_uri=mail_server.uri) for _ in range(2)]
    assert [sender.wait() for sender in senders] == [0, 0]
    assert sorted(mail["X-RcptTo"] for mail in mail_server.messages()) == people


def test_the_mail_with_a_link_comes_once_though_a_sender_dies_before_it(office: Office) -> None:
    for address in PEOPLE:
        office.remember(address)
        office.ask_for_link(address)
    office.pass_time(NOT_AT_ONCE)
    kill(office, "before")
    recover(office)
    assert sorted(mail["To"].addresses[0].addr_spec for mail in office.mails()) == PEOPLE
