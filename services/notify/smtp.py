"""Mails over SMTP (RFC 5321): one connection for a run of messages, and what each refusal means for a message."""

import smtplib
import ssl
from uuid import UUID

from services.notify.config import SmtpServer
from services.notify.errors import NotDelivered, Outage, TryLater, Undeliverable
from services.notify.mail import Mail

TIMEOUT = 60.0  # seconds for each step; a server may take its time over a mail before it says that it took it
_INTERNATIONAL = ("SMTPUTF8", "BODY=8BITMIME")  # RFC 6531
CLOSING = 421  # "Service not available, closing transmission channel": about the server, not about the message


class SmtpChannel:
    """Hands mails to one server. The connection is made when the first mail is sent, and kept until ``close``."""

    def __init__(self, server: SmtpServer, sender: str) -> None:
        self._server = server
        self._sender = sender
        self._connection: smtplib.SMTP | None = None

    def send(self, key: UUID, mail: Mail) -> None:
        """Send to the mail's one recipient. Raises TryLater, Outage or Undeliverable.

        When the connection breaks before the server's answer, nobody can know whether it took the mail.
        """
        connection = self._connected()
        options = () if mail.recipient.isascii() else _INTERNATIONAL
        try:
            connection.sendmail(mail.sender or self._sender, [mail.recipient], mail.content, options)
        except (smtplib.SMTPException, OSError) as error:
            refusal = _meaning(error)
            if isinstance(refusal, Outage):
                self.close()
            raise refusal from None  # what the server said, and smtplib repeats, holds the address

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except smtplib.SMTPResponseException as error:
                raise Outage(f"smtp_{error.smtp_code}") from None
            except (smtplib.SMTPException, OSError) as error:
                raise Outage(_reason(error)) from None
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.implicit_tls:
            tls = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=tls)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        try:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


def _meaning(error: Exception) -> NotDelivered:
    """A refusal of this recipient or this mail concerns the message; all else concerns every message."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Undeliverable("smtputf8_not_offered")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
    elif isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
    else:
        return Outage(_reason(error))
    if code == CLOSING:
        return Outage(f"smtp_{code}")
    return Undeliverable(f"smtp_{code}") if code >= 500 else TryLater(f"smtp_{code}")


def _reason(error: Exception) -> str:
    """For the log: the code of the answer, or the kind of the error."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"smtp_{error.smtp_code}"
    return f"smtp_{type(error).__name__}"[:40]
