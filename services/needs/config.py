"""The settings of needs, read once from the environment."""

# ruff: noqa: RUF009  # setting() declares a field, as dataclasses.field() does

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bus import config
from bus.config import setting
from contracts.person import normalised_address
from services.needs.marks import LOCAL_MAX

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Mailboxes:
    """The centre's own addresses, normalised, and the partner that each belongs to; None: the centre's."""

    partners: dict[str, str | None]

    def of(self, address: str) -> str | None:
        """The mailbox that an address leads to: the part from a ``+`` on is ours to choose (RFC 5233)."""
        local, _, domain = normalised_address(address).rpartition("@")
        box = f"{local.partition('+')[0]}@{domain}"
        return box if box in self.partners else None

    def of_partner(self, partner: str | None) -> str | None:
        """From which mailbox a partner answers; from the centre's where it has none."""
        own = [box for box, owner in self.partners.items() if owner == partner]
        centres = [box for box, owner in self.partners.items() if owner is None]
        return next(iter([*own, *centres]), None)


NO_MAILBOXES = Mailboxes({})


def mailboxes(text: str) -> Mailboxes:
    """``info@example.org, sportello@example.org=orso``: mails to the second are the matter of the partner orso."""
    found: dict[str, str | None] = {}
    for part in text.split(","):
        address, _, partner = (word.strip() for word in part.partition("="))
        try:
            read = Address(addr_spec=address)
        except (ValueError, MessageError):
            read = Address()
        if not (read.username and read.domain):
            raise ValueError("must be addresses, as in info@example.org, sportello@example.org=orso")
        box = normalised_address(read.addr_spec)
        if "+" in box:
            raise ValueError("the addresses must be without a +")
        if len(box.rpartition("@")[0]) > LOCAL_MAX:
            raise ValueError(f"the addresses must have at most {LOCAL_MAX} characters before the @")
        found[box] = partner or None
    return Mailboxes(found)


@dataclass(frozen=True, repr=False)
class ImapMailbox:
    """Where the mails are. ``name`` says which one it is in the table, without the password."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


_PORTS = {"imap": 143, "imaps": 993}
_HERE = ("localhost", "127.0.0.1", "::1")


def imap_uri(text: str) -> ImapMailbox:
    """``imaps://user:password@host/INBOX``, or ``imap://…`` on this machine. Signs of the password are escaped by %."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # its words quote the setting, which holds a password
        parts, port = urlsplit(""), None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme not in _PORTS or not (parts.hostname and user and password):
        raise ValueError("must be imaps://user:password@host/INBOX")
    if parts.scheme == "imap" and parts.hostname not in _HERE:
        raise ValueError("would send the password in the clear: use imaps://")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return ImapMailbox(parts.hostname, port or _PORTS[parts.scheme], parts.scheme == "imaps", user, password, folder)


@dataclass(frozen=True, repr=False, kw_only=True)  # its keys belong in no log
class Settings:
    database_uri: str = setting("NEEDS_DATABASE_URI", parse=config.database_uri, help="where needs are kept")
    amqp_uri: str | None = setting(
        "NEEDS_AMQP_URI", parse=config.amqp_uri, default=None, help="the message broker; not needed when embedded"
    )
    person_key: bytes = setting("PERSON_KEY", parse=config.secret, help="the key of person_id, the same as booking's")
    secret_key: bytes = setting("NEEDS_SECRET_KEY", parse=config.secret, help="the key of reply addresses")
    mailboxes: Mailboxes = setting(
        "NEEDS_MAILBOXES",
        parse=mailboxes,
        default=NO_MAILBOXES,
        help="the centre's addresses, each with its partner, as in info@example.org, sportello@example.org=orso",
    )
    imap: ImapMailbox | None = setting(
        "NEEDS_IMAP_URI",
        parse=imap_uri,
        default=None,
        help="a mailbox to fetch mails from, where no mail server hands them over: imaps://user:password@host/INBOX",
    )
