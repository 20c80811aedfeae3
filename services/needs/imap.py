"""Mails fetched from a mailbox over IMAP (RFC 9051), where the centre's mail server cannot hand them over.

The mailbox is left as it is: nothing is marked, moved or deleted. How far it was read is a row, written in the same
transaction as the mail, so that a mail is stored once whenever a process dies. The first time what is unread is taken;
the rest is the past.
"""

import ssl
from datetime import datetime
from typing import Any

import structlog
from imapclient import IMAPClient
from uuid_utils.compat import uuid7

from bus.database import Database
from services.needs import store
from services.needs.config import ImapMailbox
from services.needs.domain import Outcome, Retention
from services.needs.intake import BYTES_MAX

log = structlog.get_logger(__name__)

PATIENCE = 30.0  # seconds for each answer of the server
AT_ONCE = 20  # mails stored before it is asked whether to go on
KEPT_OF_HUGE = 1024 * 1024  # bytes of a mail that is larger than the intake takes: the staff sees whose it is
REST = 5.0  # seconds that it waits to be told of more, and that who stops the service waits at most


class Postbox:
    """A mailbox that is looked at again and again, over one connection."""

    def __init__(self, mailbox: ImapMailbox, database: Database) -> None:
        self._mailbox = mailbox
        self._database = database
        self._client: IMAPClient | None = None

    def fetch(self, now: datetime) -> bool:
        """Store what is new, or wait for it. Answers whether to look again at once. Raises OSError, IMAPClientError."""
        try:
            client = self._connected()
            return self._store_new(client, now) > 0 or _rest(client)
        except Exception:
            self.close()
            raise

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.shutdown()

    def _connected(self) -> IMAPClient:
        if self._client:
            self._client.noop()  # some servers search among the mails that they have told of
        else:
            self._client = self._connect()
        return self._client

    def _connect(self) -> IMAPClient:
        box = self._mailbox
        context = ssl.create_default_context() if box.tls else None
        client = IMAPClient(box.host, box.port, use_uid=True, ssl=box.tls, ssl_context=context, timeout=PATIENCE)
        try:
            client.login(box.user, box.password)
            selected = client.select_folder(box.folder, readonly=True)
            with self._database.transaction() as tx:
                store.begin_mailbox(tx, box.name, int(selected[b"UIDVALIDITY"]), int(selected[b"UIDNEXT"]) - 1)
        except Exception:
            client.shutdown()
            raise
        return client

    def _store_new(self, client: IMAPClient, now: datetime) -> int:
        """How many were new; at most ``AT_ONCE`` are stored."""
        numbers = self._new(client)
        for number in numbers[:AT_ONCE]:
            raw, problem = _fetched(client, number)
            if raw is not None:  # else it was deleted meanwhile
                self._store(number, raw, problem, now)
        return len(numbers)

    def _new(self, client: IMAPClient) -> list[int]:
        """The numbers of the mails that are to be stored, the oldest first."""
        with self._database.reading() as tx:
            place = store.place_in(tx, self._mailbox.name)
        since = max(place.last, place.past)
        unread = client.search(f"UNSEEN UID {place.last + 1}:{place.past}") if place.last < place.past else []
        # "n:*" has the last mail always, even where its number is below n.
        fresh = [number for number in client.search(f"UID {since + 1}:*") if number > since]
        return sorted([*unread, *fresh])

    def _store(self, number: int, raw: bytes, problem: str | None, now: datetime) -> None:
        with self._database.transaction() as tx:
            if not store.advance(tx, self._mailbox.name, number):
                return  # another process was faster
            arrival_id = uuid7()
            store.insert_mail(tx, arrival_id, raw, now, now)
            if problem:
                store.settle(tx, arrival_id, Outcome.QUARANTINED, problem=problem, retention=Retention.QUARANTINE)


def _rest(client: IMAPClient) -> bool:
    """Wait to be told of more, where the server tells (RFC 2177). False where it does not: look again later."""
    if not client.has_capability("IDLE"):
        return False
    client.idle()
    client.idle_check(timeout=REST)
    client.idle_done()
    return True


def _fetched(client: IMAPClient, number: int) -> tuple[bytes | None, str | None]:
    """A mail as it is, and what is wrong with it: of one that is too big only the beginning."""
    size = _part(client, number, "RFC822.SIZE")
    if size is None:
        return None, None
    if size > BYTES_MAX:
        return _part(client, number, f"BODY.PEEK[]<0.{KEPT_OF_HUGE}>"), "too_big"
    return _part(client, number, "BODY.PEEK[]"), None


def _part(client: IMAPClient, number: int, item: str) -> Any:
    """None when there is no such mail."""
    found = client.fetch([number], [item]).get(number, {})
    return next((value for key, value in found.items() if key.startswith((b"RFC822.SIZE", b"BODY["))), None)
