"""Mails handed over by LMTP, by the client of the standard library."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator

import pytest

from services.needs.lmtp import Storing, listen
from services.needs.tests.inbox import DESK, Inbox
from services.needs.tests.mails import mail
from tests.servers import free_port
from tests.servers.ports import accepts_connections
from tests.waiting import wait_until

MARIO, ORSO, STRANGER = "mario@example.org", "sportello+lavoro@orso.example", "nobody@centre.example"


class Client(smtplib.LMTP):
    def deliver(self, recipients: list[str], raw: bytes) -> list[int]:
        """The codes of the answers: for each recipient, and for the mail once for each that was accepted."""
        self.lhlo("localhost")
        self.mail(MARIO)
        codes = [self.rcpt(each)[0] for each in recipients]
        first = self.data(raw)[0]
        return [*codes, first, *(self.getreply()[0] for _ in range(codes.count(250) - 1))]

    def lhlo(self, name: str) -> None:
        assert self.docmd("lhlo", name)[0] == 250


@pytest.fixture
def client(inbox: Inbox) -> Iterator[Client]:
    """A connection to a server in a thread of its own."""
    loop, until, port = asyncio.new_event_loop(), asyncio.Event(), free_port()
    storing = Storing(inbox.database, inbox.settings.mailboxes)
    thread = threading.Thread(target=loop.run_until_complete, args=(listen(storing, "127.0.0.1", port, until),))
    thread.start()
    try:
        wait_until(lambda: accepts_connections(port), "the LMTP server")
        with Client("127.0.0.1", port) as connection:
            yield connection
    finally:
        loop.call_soon_threadsafe(until.set)
        thread.join()
        loop.close()


def test_a_mail_is_stored_as_it_is_below_how_it_came(inbox: Inbox, client: Client) -> None:
    raw = mail(b"." + b"a" * 100_000 + b"\xff\r\n")
    assert client.deliver([DESK, ORSO], raw) == [250, 250, 250, 250]
    came = f"Return-Path: <{MARIO}>\r\nDelivered-To: {DESK}\r\nDelivered-To: {ORSO}\r\n".encode()
    assert inbox.raw_mails() == [came + raw]


def test_who_has_no_mailbox_is_refused_and_the_others_get_the_mail(inbox: Inbox, client: Client) -> None:
    assert client.deliver([STRANGER, DESK], mail()) == [550, 250, 250]
    assert len(inbox.raw_mails()) == 1


def test_a_mail_that_cannot_be_stored_is_left_to_the_mail_server_for_each_recipient(
    inbox: Inbox, client: Client
) -> None:
    with inbox.database.transaction() as tx:
        tx.connection.exec_driver_sql("ALTER TABLE arrivals RENAME TO elsewhere")
    assert client.deliver([DESK, ORSO], mail()) == [250, 250, 451, 451]
    with inbox.database.transaction() as tx:
        tx.connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO arrivals")
    assert client.deliver([DESK], mail()) == [250, 250]
