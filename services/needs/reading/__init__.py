"""A mail, read: bytes in, values out. No database, no clock, no network; nothing in a mail is run, loaded or unpacked.

Whatever the bytes are, it ends, soon, in a ReceivedMail or in Unreadable.
"""

from services.needs.reading import attachments, bounces, headers
from services.needs.reading.bodies import bodies
from services.needs.reading.charsets import clean, decoded
from services.needs.reading.errors import Unreadable as Unreadable
from services.needs.reading.fingerprints import fingerprint
from services.needs.reading.kinds import Kind as Kind
from services.needs.reading.kinds import Ours as Ours
from services.needs.reading.kinds import kind_of
from services.needs.reading.languages import language_of
from services.needs.reading.parts import Part, parse
from services.needs.reading.quotes import split
from services.needs.reading.values import Address as Address
from services.needs.reading.values import Attachment as Attachment
from services.needs.reading.values import ReceivedMail as ReceivedMail

NOTHING_OURS = Ours()


def read_mail(raw: bytes, ours: Ours = NOTHING_OURS) -> ReceivedMail:
    """Read one message (RFC 5322). Raises Unreadable."""
    try:
        return _read(raw, parse(raw), ours)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - a mail that breaks the reader is one for the quarantine, and is kept there
        raise Unreadable("broken") from None


def attachment_content(raw: bytes, position: int) -> bytes:
    """What is in the attachment with that position. Raises LookupError."""
    try:
        return attachments.content_at(parse(raw), position)
    except Unreadable as unreadable:
        raise LookupError(unreadable.code) from None


def as_text(octets: bytes) -> str:
    """Bytes that cannot be read as a mail, to be looked at: without controls, in UTF-8 or Western European."""
    return clean(decoded(octets, None))


def _read(raw: bytes, message: Part, ours: Ours) -> ReceivedMail:
    shown = bodies(message)
    whole, is_cut = shown.text()
    text, folded = split(whole)
    kind = kind_of(message, ours)
    return ReceivedMail(
        message_id=headers.message_id(message),
        references=headers.references(message),
        sender=headers.address(message, "from", "sender"),
        reply_to=headers.address(message, "reply-to"),
        recipients=headers.recipients(message),
        subject=headers.subject(message),
        sent_at=headers.sent_at(message),
        text=text,
        folded=folded,
        html=shown.as_html(),
        is_cut=is_cut,
        language=language_of(text),
        attachments=attachments.attachments(message, shown),
        kind=kind,
        bounced=bounces.bounced(raw) if kind is Kind.BOUNCE else (),
        returned=bounces.returned(message) if kind is Kind.BOUNCE else (),
        fingerprint=fingerprint(raw, message),
    )
