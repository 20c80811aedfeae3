"""One message as a mail (RFC 5322, MIME): headers that nobody can inject into, text, HTML and a calendar entry."""

from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from services.notify.config import Settings
from services.notify.domain import Contact, spoken_name
from services.notify.errors import Undeliverable
from services.notify.letters import Letter

# Lines end in CRLF and all is 7 bit, so that every server on the way takes it and no signature breaks.
_PLAIN = policy.SMTP.clone(cte_type="7bit")
# For an address with other than ASCII before the @ (RFC 6532); the server must offer SMTPUTF8.
_INTERNATIONAL = _PLAIN.clone(utf8=True)
_READ = HeaderRegistry()


def build_mail(key: UUID, contact: Contact, letter: Letter, settings: Settings, now: datetime) -> EmailMessage:
    """The mail to one person and nobody else. Raises Undeliverable.

    Message-ID comes from the message's ``key`` and stays the same when it is sent again (RFC 5322 section 3.6.4);
    Auto-Submitted (RFC 3834) keeps automatic answers away.
    """
    to = _recipient(contact)
    mail = EmailMessage(policy=_PLAIN if to.addr_spec.isascii() else _INTERNATIONAL)
    mail["From"] = settings.sender
    mail["To"] = to
    if settings.reply_to:
        mail["Reply-To"] = settings.reply_to
    mail["Subject"] = letter.subject
    mail["Date"] = now
    mail["Message-ID"] = f"<{key}@{settings.sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = contact.language
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        mail.add_attachment(letter.calendar, subtype="calendar", filename="bottega.ics", params={"method": "PUBLISH"})
    return mail


def _recipient(contact: Contact) -> Address:
    """The address, with the name when it can be read back: Python folds some long names so that they cannot."""
    bare = _address("", _ascii_domain(contact.address))
    named = _address(spoken_name(contact.name), bare.addr_spec)
    mail = EmailMessage(policy=_PLAIN if bare.addr_spec.isascii() else _INTERNATIONAL)
    mail["To"] = named
    folded = mail.policy.fold("To", mail["To"]).removeprefix("To:")
    header: Any = _READ("To", "".join(folded.splitlines()))
    return named if header.addresses == (named,) else bare


def _address(name: str, address: str) -> Address:
    try:
        return Address(name, addr_spec=address)
    except (ValueError, IndexError, MessageError):  # what the parser raises for addresses that it cannot read
        raise Undeliverable("bad_address") from None


def _ascii_domain(address: str) -> str:
    """The address with its domain as DNS knows it (IDNA), so that any server takes it."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        raise Undeliverable("bad_address") from None
