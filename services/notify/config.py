"""The settings of notify, read once from the environment."""

# ruff: noqa: RUF009  # setting() declares a field, as dataclasses.field() does

from dataclasses import dataclass
from email.headerregistry import Address, HeaderRegistry
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from bus.config import SettingError, amqp_uri, base_url, database_uri, folder, secret, setting, whole_number

MIGRATIONS = Path(__file__).parent / "migrations"

REMINDERS_MAX = 4
REMINDER_HOURS_MAX = 14 * 24

_PORTS = {"smtp": 25, "smtps": 465}
_SUBMISSION_PORT = 587  # RFC 6409
_HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, repr=False)
class SmtpServer:
    """Where mails are handed in: encrypted from the start (``smtps``), after STARTTLS, or not at all."""

    host: str
    port: int
    implicit_tls: bool
    starttls: bool
    user: str | None
    password: str | None


def smtp_uri(text: str) -> SmtpServer:
    """``smtp://host:port``, ``smtp://user:password@host?starttls=1`` or ``smtps://user:password@host``."""
    parts, port = _split(text)
    starttls = _starttls(parts)
    implicit = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and not (implicit or starttls or parts.hostname in _HERE):
        raise ValueError("would send the password in the clear: add ?starttls=1, or use smtps://")
    port = port or (_SUBMISSION_PORT if starttls else _PORTS[parts.scheme])
    return SmtpServer(parts.hostname or "", port, implicit, starttls, user or None, password or None)


def _split(text: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(text)
        if parts.scheme in _PORTS and parts.hostname and parts.path in ("", "/"):
            return parts, parts.port
    except ValueError:
        pass  # its words quote the setting, which may hold a password
    raise ValueError("must be smtp://host:port or smtps://user:password@host:port")


def _starttls(parts: SplitResult) -> bool:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if options.keys() - {"starttls"} or options.get("starttls", "1") not in ("0", "1"):
        raise ValueError("knows one option, starttls=1")
    return options.get("starttls") == "1"


def mailbox(text: str) -> Address:
    """One address, with or without a name: ``Città dei Mestieri <info@example.org>``."""
    header: Any = HeaderRegistry()("To", text) if text.isprintable() else None
    if header and not header.defects and len(header.addresses) == 1:
        address: Address = header.addresses[0]
        if address.username and address.domain and address.addr_spec.isascii():
            return address
    raise ValueError("must be one address, as in Città dei Mestieri <info@example.org>")


def reminder_hours(text: str) -> tuple[int, ...]:
    """How many hours before the start people are reminded, as in ``48,2``, the longest first; ``none`` for never."""
    if text == "none":
        return ()
    hour = whole_number(1, REMINDER_HOURS_MAX)
    hours = {hour(part.strip()) for part in text.split(",")}
    if len(hours) > REMINDERS_MAX:
        raise ValueError(f"must be at most {REMINDERS_MAX} hours")
    return tuple(sorted(hours, reverse=True))


@dataclass(frozen=True, repr=False, kw_only=True)  # its secrets belong in no log
class Settings:
    database_uri: str = setting("NOTIFY_DATABASE_URI", parse=database_uri, help="where contacts and messages are kept")
    amqp_uri: str | None = setting(
        "NOTIFY_AMQP_URI", parse=amqp_uri, default=None, help="the message broker; not needed when embedded"
    )
    person_key: bytes = setting("PERSON_KEY", parse=secret, help="the key of person_id, the same as booking's")
    public_url: str = setting("PUBLIC_URL", parse=base_url, help="the address of the website, for links in mails")
    sender: Address = setting("NOTIFY_SENDER", parse=mailbox, help="whom mails are from")
    reply_to: Address | None = setting("NOTIFY_REPLY_TO", parse=mailbox, default=None, help="where answers go")
    smtp: SmtpServer | None = setting("NOTIFY_SMTP_URI", parse=smtp_uri, default=None, help="the mail server")
    output_dir: Path | None = setting(
        "NOTIFY_OUTPUT_DIR", parse=folder, default=None, help="where mails are written when there is no mail server"
    )
    lease_seconds: int = setting(
        "NOTIFY_LEASE_SECONDS",
        parse=whole_number(1, 3600),
        default=300,
        help="after which another process may send what one has claimed",
    )
    reminders: tuple[int, ...] = setting(
        "NOTIFY_REMINDERS",
        parse=reminder_hours,
        default=(48, 2),
        help="how many hours before the start people are reminded",
    )
    centre_name: str = setting("CENTRE_NAME", default="Città dei Mestieri di Torino", help="who signs the mails")
    centre_phone: str = setting("CENTRE_PHONE", default="+39 011 385 3400", help="whom to call")
    centre_email: str = setting("CENTRE_EMAIL", default="info@cittadeimestieritorino.org", help="whom to write to")

    def __post_init__(self) -> None:
        if not self.smtp and not self.output_dir:
            raise SettingError("NOTIFY_OUTPUT_DIR: must be set where NOTIFY_SMTP_URI is not")

    @property
    def folder(self) -> Path:
        """Where mails go when there is no mail server."""
        if self.output_dir is None:
            raise SettingError("NOTIFY_OUTPUT_DIR: is not set")
        return self.output_dir
