"""Mails fetched from a real Dovecot: each once, whatever happens in between, and the mailbox stays as it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bus.database import Database
from services.needs.config import MIGRATIONS, imap_uri
from services.needs.imap import Postbox
from services.needs.tables import arrivals
from services.needs.tests.inbox import Inbox
from services.needs.tests.mails import mail
from tests.databases import Templates
from tests.servers.dovecot import Dovecot

SEEN = r"(\Seen)"


@dataclass
class Account:
    """A mailbox of the test's own."""

    server: Dovecot
    user: str
    inbox: Inbox

    def put(self, raw: bytes = mail(), flags: str = "") -> None:
        self.server.put(self.user, raw, flags)

    def postbox(self) -> Postbox:
        return Postbox(imap_uri(self.server.uri(self.user)), self.inbox.database)

    def _look(self, postbox: Postbox) -> bool:
        return postbox.fetch(self.inbox.now)

    def fetch(self, *postboxes: Postbox) -> list[bytes]:
        """All that there is, as each of them in turn looks again and again; answers what is stored then."""
        more = True
        while more:
            more = any(list(map(self._look, postboxes)))
        return self.inbox.raw_mails()


@pytest.fixture
def inbox(templates: Templates, tmp_path: Path) -> Iterator[Inbox]:
    database = Database(templates.copy(MIGRATIONS, tmp_path / "needs.db"))
    yield Inbox(database)
    database.close()


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot(idle=False) as server:
        yield server


@pytest.fixture
def account(inbox: Inbox, dovecot: Dovecot, request: pytest.FixtureRequest) -> Account:
    return Account(dovecot, f"box{abs(hash(request.node.name))}", inbox)


@pytest.fixture
def postbox(account: Account) -> Iterator[Postbox]:
    box = account.postbox()
    yield box
    box.close()


def test_an_unread_mail_is_stored_as_it_is_and_left_unread(account: Account, postbox: Postbox) -> None:
    account.put(mail("Ciao"))
    assert account.fetch(postbox) == [mail("Ciao")]
    assert account.server.unread(account.user) == 1


def test_what_was_read_before_the_first_look_is_the_past(account: Account, postbox: Postbox) -> None:
    account.put(mail("letta"), SEEN)
    account.put(mail("nuova"))
    account.put(mail("letta"), SEEN)
    assert account.fetch(postbox) == [mail("nuova")]


def test_a_mail_that_comes_later_is_stored_even_if_somebody_read_it_first(account: Account, postbox: Postbox) -> None:
    account.fetch(postbox)
    account.put(mail(), SEEN)
    assert account.fetch(postbox) == [mail()]


def test_two_processes_and_one_that_starts_anew_store_each_mail_once(account: Account, postbox: Postbox) -> None:
    other, again = account.postbox(), account.postbox()
    for number in range(3):
        account.put(mail(str(number)))
    account.fetch(postbox, other)
    assert len(account.fetch(again)) == 3
    for each in (other, again):
        each.close()


def test_a_server_that_tells_of_new_mails_is_listened_to(inbox: Inbox) -> None:
    with Dovecot() as dovecot:
        account = Account(dovecot, "idle", inbox)
        postbox = account.postbox()
        account.put()
        assert postbox.fetch(inbox.now)
        put = 1
        with ThreadPoolExecutor(1) as threads:
            listening = threads.submit(postbox.fetch, inbox.now)
            while not listening.done():  # one that comes before it listens is told of at the next look
                account.put()
                put += 1
        while inbox.count(arrivals) < put:
            assert postbox.fetch(inbox.now)
        postbox.close()


@pytest.mark.parametrize("uri", ["http://a:b@c", "imaps://host/INBOX", "imap://a:b@mail.example.org", "imaps://a:b@[x"])
def test_an_address_that_is_none_is_refused_without_its_password(uri: str) -> None:
    with pytest.raises(ValueError, match="imaps://") as refused:
        imap_uri(uri)
    assert "a:b" not in str(refused.value)
