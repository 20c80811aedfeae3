"""Mails handed over by LMTP (RFC 2033), by a mail server on this machine or nearby.

A server of its own, on asyncio, which does not go together with the green threads of the services. A mail is accepted
when it is stored; the service takes it up.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import AnyStr

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from bus.database import Database
from bus.times import now
from services.needs.config import Mailboxes
from services.needs.errors import TooBig
from services.needs.intake import BYTES_MAX, store_mail

log = structlog.get_logger(__name__)

RECIPIENTS_MAX = 100
AT_ONCE = 4  # mails that are being stored
logging.getLogger("mail").setLevel(logging.ERROR)  # it logs who writes to whom


class Storing:
    """What aiosmtpd asks: whether a recipient is ours, and what becomes of a mail."""

    def __init__(self, database: Database, mailboxes: Mailboxes) -> None:
        self._database = database
        self._mailboxes = mailboxes
        self._threads = ThreadPoolExecutor(AT_ONCE)

    async def handle_RCPT(  # noqa: N802 (its name)
        self, server: LMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._mailboxes.partners and not self._mailboxes.of(address):
            return "550 5.1.1 No such mailbox"
        if len(envelope.rcpt_tos) >= RECIPIENTS_MAX:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: LMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name)
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, store_mail, self._database, _delivered(envelope), now())
        except TooBig:
            return "552 5.3.4 Too big"
        except Exception as error:  # noqa: BLE001 (whatever it is, the mail server keeps the mail)
            log.error("mail not stored", error=type(error).__name__)  # noqa: TRY400 (its words may quote the mail)
            return "451 4.3.0 Not stored, try again later"
        return "250 2.0.0 Stored"

    def close(self) -> None:
        """Wait for what is being stored."""
        self._threads.shutdown()


class Server(LMTP):
    """One connection. What is said of a mail is said once for each recipient (RFC 2033, 4.2)."""

    line_length_limit = BYTES_MAX  # there are programs that write long lines: a mail is not lost for that
    _answers = 1

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (its name)
        self._answers = max(1, len(self.envelope.rcpt_tos)) if self.envelope else 1
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 1

    async def push(self, status: AnyStr) -> None:
        go_on = str(status).startswith("354")
        for _ in range(1 if go_on else self._answers):
            await super().push(status)


async def listen(storing: Storing, host: str, port: int, until: asyncio.Event) -> None:
    """Serve until the event is set. Raises OSError when the port is taken."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _connection(storing, loop), host, port)
    await until.wait()
    server.close()
    storing.close()


def _connection(storing: Storing, loop: asyncio.AbstractEventLoop) -> Server:
    return Server(storing, data_size_limit=BYTES_MAX, enable_SMTPUTF8=True, hostname="bottega", ident="LMTP", loop=loop)


def _delivered(envelope: Envelope) -> bytes:
    """The mail below the lines that say how it came, as who delivers a mail adds them (RFC 5321, 4.4)."""
    lines = [f"Return-Path: <{envelope.mail_from or ''}>", *(f"Delivered-To: {each}" for each in envelope.rcpt_tos)]
    head = "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")
    return head + bytes(envelope.original_content or b"")
