"""When sending fails, takes too long, or is done by many at once: nobody is held up, nothing is sent twice or told."""

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from bus.database import Database
from contracts import booking
from services.notify.config import smtp_uri
from services.notify.delivery import FRESH, Letters
from services.notify.domain import Kind
from services.notify.errors import NotDelivered, Outage, TryLater, Undeliverable
from services.notify.folder import FolderChannel
from services.notify.mail import Mail
from services.notify.smtp import SmtpChannel
from services.notify.tests.examples import CANCELLED, DAY, a_letter, about, person
from services.notify.tests.office import Office
from services.notify.tests.sending import GIULIA, MARCO, confirm, failing, recipients, refusing
from tests.servers import MailServer, free_port

LEASE = timedelta(seconds=300)


# What fails


def test_a_passing_refusal_is_tried_again_and_holds_up_nobody(office: Office) -> None:
    office.remember(GIULIA)
    office.remember(MARCO)
    confirm(office, GIULIA, MARCO)
    office.deliver(refusing(office, GIULIA, TryLater("smtp_450")))
    assert recipients(office) == [MARCO]
    assert not office.deliver()
    office.pass_time(timedelta(seconds=2))
    assert office.deliver()
    assert recipients(office) == [GIULIA, MARCO]


def test_a_refusal_for_good_fails_with_its_code_alone(office: Office) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    office.deliver(refusing(office, GIULIA, Undeliverable("smtp_550")))
    office.pass_time(30 * DAY)
    assert not office.deliver()
    assert office.states() == [("confirmed", "failed", "smtp_550")]


def test_an_address_that_cannot_be_written_fails(office: Office) -> None:
    office.remember("giulia@@example.org")
    office.tell(Kind.CONFIRMED, about(booking.RESERVATION_CONFIRMED, "giulia@@example.org"))
    office.deliver()
    assert office.states() == [("confirmed", "failed", "bad_address")]


def test_an_outage_is_noticed_once_and_puts_the_whole_run_off(office: Office) -> None:
    people = [f"person{index}@example.org" for index in range(5)]
    for address in people:
        office.remember(address)
    confirm(office, *people)
    channel = Down()
    assert office.deliver(channel)
    assert office.states() == [("confirmed", "queued", "smtp_421")] * 5
    assert channel.tried == 1
    assert not office.deliver(channel)


class Down:
    """A channel to a server that is closing."""

    tried = 0

    def send(self, _key: UUID, _mail: Mail) -> None:
        self.tried += 1
        raise Outage("smtp_421")

    def close(self) -> None:
        pass


def test_booking_is_asked_about_a_run_at_once(office: Office) -> None:
    people = [f"person{index}@example.org" for index in range(5)]
    for address in people:
        office.remember(address)
    reservations = confirm(office, *people)
    questions: list[set[UUID]] = []

    def describe(wanted: Sequence[UUID]) -> Letters:
        questions.append(set(wanted))
        return office.describe(wanted)

    office.deliver(describe=describe)
    assert questions == [set(reservations)]


def test_after_an_outage_of_hours_all_are_sent_within_minutes(office: Office, mail_server: MailServer) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    office.use(NOTIFY_SMTP_URI=f"smtp://localhost:{free_port()}")
    for _ in range(30):
        office.deliver()
        office.pass_time(timedelta(minutes=5))
    office.use(NOTIFY_SMTP_URI=mail_server.uri)
    office.deliver()
    assert len(mail_server.messages(GIULIA)) == 1


def test_when_booking_does_not_answer_the_run_is_put_off(office: Office) -> None:
    office.remember(GIULIA)
    office.remember(MARCO)
    confirm(office, GIULIA, MARCO)
    office.deliver(describe=failing(Outage("booking_no_answer")))
    assert office.states() == [("confirmed", "queued", "booking_no_answer")] * 2
    office.pass_time(timedelta(seconds=2))
    office.deliver()
    assert recipients(office) == [GIULIA, MARCO]


def test_a_server_that_refuses_for_now_gets_the_mail_later(office: Office, mail_server: MailServer) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    office.use(NOTIFY_SMTP_URI=mail_server.uri)
    with mail_server.refusing("451 4.3.0 Try again later"):
        office.deliver()
    assert office.states() == [("confirmed", "queued", "smtp_451")]
    office.pass_time(timedelta(seconds=2))
    office.deliver()
    assert len(mail_server.messages(GIULIA)) == 1


def test_a_defect_in_one_message_does_not_stop_the_others_nor_show_the_person(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    for address in (GIULIA, MARCO):
        office.remember(address, address)
    broken, _ = confirm(office, GIULIA, MARCO)

    def describe(reservations: Sequence[UUID]) -> Letters:
        if broken in reservations:
            raise KeyError(f"nothing about {GIULIA}")
        return {key: a_letter(id=str(key)) for key in reservations}

    office.deliver(describe=describe)
    assert recipients(office) == [MARCO]
    assert ("confirmed", "queued", "defect") in office.states()
    logged = "".join(capfd.readouterr())
    assert ("KeyError" in logged, GIULIA in logged) == (True, False)


def test_the_channel_is_closed_after_each_run(office: Office) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    channel = refusing(office, GIULIA, Outage("smtp_421"))
    office.deliver(channel)
    assert channel.closed == 1


# Leases


class Slow:
    """A channel on which each mail takes as long as ``time``."""

    def __init__(self, office: Office, time: timedelta) -> None:
        self._office, self._time, self._channel = office, time, FolderChannel(office.folder)

    def send(self, key: UUID, mail: Mail) -> None:
        self._channel.send(key, mail)
        self._office.pass_time(self._time)

    def close(self) -> None:
        pass


def test_a_slow_sender_hands_back_what_it_cannot_send_within_its_lease(office: Office) -> None:
    for address in (GIULIA, MARCO, "anna@example.org"):
        office.remember(address)
    confirm(office, GIULIA, MARCO, "anna@example.org")
    office.use(NOTIFY_LEASE_SECONDS="10")
    assert office.deliver(Slow(office, timedelta(seconds=3)))
    assert Counter(row["state"] for row in office.rows()) == {"sent": 2, "queued": 1}
    (left,) = (row for row in office.rows() if row["state"] == "queued")
    assert (left["attempts"], left["due_at"] <= office.now) == (0, True)


def test_a_slow_sender_asks_again_how_a_reservation_stands_before_it_writes(office: Office) -> None:
    office.remember(GIULIA)
    office.remember(MARCO)
    confirm(office, GIULIA)
    office.pass_time(timedelta(seconds=1))  # of two that are due at one moment, either may be the first
    (last,) = confirm(office, MARCO)
    office.deliver(Slow(office, FRESH))
    assert recipients(office) == [GIULIA]
    office.letters[last] = a_letter(**CANCELLED)
    office.deliver()
    assert ("confirmed", "dropped", "state_changed") in office.states()


def test_who_lost_the_claim_while_sending_does_not_undo_the_work_of_the_other(office: Office) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    channel = Overtaken(office)
    office.deliver(channel)
    (row,) = office.rows()
    assert (row["state"], row["attempts"]) == ("sent", 2)
    assert row["settled_at"] == channel.settled_at


class Overtaken:
    """A channel that is so slow that the lease runs out and another sender does the work meanwhile."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def send(self, key: UUID, mail: Mail) -> None:
        self._office.pass_time(LEASE * 2)
        assert self._office.deliver()
        (row,) = self._office.rows()
        self.settled_at = row["settled_at"]
        self._office.pass_time(timedelta(seconds=5))

    def close(self) -> None:
        pass


def test_many_senders_at_once_send_each_message_once(office: Office, mail_server: MailServer) -> None:
    people = [f"person{index}@example.org" for index in range(60)]
    for address in people:
        office.remember(address)
    confirm(office, *people)
    server = smtp_uri(mail_server.uri)
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        while office.deliver(SmtpChannel(server, "info@example.org")):
            pass

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail["X-RcptTo"] for mail in mail_server.messages()) == sorted(people)
    assert {row["state"] for row in office.rows()} == {"sent"}


# What is written down


@pytest.mark.parametrize("refusal", [TryLater("smtp_450"), Undeliverable("smtp_550"), Outage("smtp_421")])
def test_no_address_and_no_name_is_logged(
    office: Office, capfd: pytest.CaptureFixture[str], refusal: NotDelivered
) -> None:
    office.remember(GIULIA)
    office.remember(MARCO, "Marco")
    confirm(office, MARCO, GIULIA)
    office.deliver(refusing(office, GIULIA, refusal))
    logged = "".join(capfd.readouterr())
    assert refusal.reason in logged
    for personal in ("giulia", "Giulia", "Ferrero", "marco", "Marco", person(GIULIA)):
        assert personal not in logged


def test_half_a_mail_is_never_in_the_folder(office: Office, database: Database, tmp_path: Path) -> None:
    office.remember(GIULIA)
    confirm(office, GIULIA)
    office.deliver()
    assert [path.suffix for path in office.folder.iterdir()] == [".eml"]
