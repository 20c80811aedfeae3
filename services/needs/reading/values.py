"""What is read from a mail, as plain values. None of it can act: what comes from strangers is text, or sanitised."""

from dataclasses import dataclass
from datetime import datetime

from services.needs.reading.kinds import Kind


@dataclass(frozen=True)
class Address:
    """Somebody, as a header names them. ``address`` is in the form that is compared, or "" where it is not one."""

    name: str
    address: str


@dataclass(frozen=True)
class Attachment:
    """A part that is not the text. ``position`` is its place among the parts, by which it is fetched again.

    ``name`` is safe for a file: no folder, no control sign, at most 120 characters. ``type`` is what the content shows
    itself to be; what the sender says of it is not believed. ``size`` is in bytes. ``inline``: it stands in the text.
    """

    position: int
    name: str
    type: str
    size: int
    inline: bool


@dataclass(frozen=True)
class ReceivedMail:
    """One mail. Texts hold no control signs but line ends and tabs, nor signs that turn the text around them.

    Identifiers are without angle brackets. ``references`` are those of References, then of In-Reply-To; the newest is
    last. ``recipients`` also has whom it was delivered to. ``sent_at`` is in UTC, None if missing or senseless.
    ``text`` is what the person wrote this time, ``folded`` the mails quoted and the signature. ``html`` is all of it,
    sanitised, or "". ``is_cut``: it was longer than is kept. ``bounced``: whom a report of delivery says it never
    reached; ``returned``: the identifiers of the mails that it brings back. The same mail to two mailboxes has one
    ``fingerprint`` (SHA-256, hexadecimal).
    """

    message_id: str | None
    references: tuple[str, ...]
    sender: Address | None
    reply_to: Address | None
    recipients: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    text: str
    folded: str
    html: str
    is_cut: bool
    language: str
    attachments: tuple[Attachment, ...]
    kind: Kind
    bounced: tuple[str, ...]
    returned: tuple[str, ...]
    fingerprint: str
