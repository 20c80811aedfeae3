"""One message as a mail (RFC 5322, MIME): headers that nobody can inject into, text, HTML and a calendar entry.

Written out here: Python's EmailMessage takes ten times as long for such a mail, and folds long names wrongly.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from services.notify.answers import Answer, as_letter
from services.notify.config import Settings
from services.notify.domain import Contact, one_line, spoken_name
from services.notify.errors import Undeliverable
from services.notify.letters import Letter

# RFC 5321 and RFC 6531: words of letters and digits of any script with dots between them, or a quoted string.
_WORD = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LOCAL = re.compile(rf"{_WORD}(\.{_WORD})*|\"([^\"\\\x00-\x1f\x7f]|\\[ -~])*\"")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_SIMPLE = re.compile(r"[A-Za-z0-9 '-]{1,60}")  # what a header says as it is; all else is encoded
_WORD_BYTES = 39  # in one encoded word, so that no line is longer than 76 characters (RFC 2047 section 2)


@dataclass(frozen=True)
class Mail:
    """``content`` is the whole mail, with CRLF; all ASCII unless ``recipient`` is not (RFC 6532).

    Reports of its delivery go to ``sender``, where that is not whom all mails are from.
    """

    recipient: str
    content: bytes
    sender: str | None = None


def build_mail(key: UUID, contact: Contact, letter: Letter, settings: Settings, now: datetime) -> Mail:
    """The mail to one person and nobody else. Raises Undeliverable.

    Message-ID comes from the message's ``key`` and stays the same when it is sent again (RFC 5322 section 3.6.4);
    Auto-Submitted (RFC 3834) keeps automatic answers away.
    """
    address = _address(contact.address)
    headers = {
        "From": _mailbox(settings.sender.display_name, settings.sender.addr_spec),
        "To": _mailbox(spoken_name(contact.name), address),
        "Reply-To": settings.reply_to and _mailbox(settings.reply_to.display_name, settings.reply_to.addr_spec),
        "Subject": _words(letter.subject),
        "Date": format_datetime(now),
        "Message-ID": f"<{key}@{settings.sender.domain}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": contact.language,
        "MIME-Version": "1.0",
    }
    return Mail(address, _head(headers) + _body(key, letter))


def build_answer(key: UUID, answer: Answer, settings: Settings, now: datetime) -> Mail:
    """What somebody of the staff answers, from the mailbox that the person wrote to. Raises Undeliverable.

    A person wrote it, so it is not said to be automatic. X-Loop is for who gets it back.
    """
    address = _address(answer.address)
    headers = {
        "From": _mailbox(settings.centre_name, answer.mailbox),
        "To": _mailbox(spoken_name(answer.name), address),
        "Reply-To": answer.reply_to,
        "Subject": _words(answer.subject),
        "Date": format_datetime(now),
        "Message-ID": f"<{answer.mail_id}>",
        "In-Reply-To": "".join(f"<{each}>" for each in answer.references[-1:]),
        "References": "\r\n ".join(f"<{each}>" for each in answer.references),
        "X-Loop": answer.site_mark,
        "Content-Language": answer.language,
        "MIME-Version": "1.0",
    }
    return Mail(address, _head(headers) + _body(key, as_letter(answer)), answer.reply_to)


def _head(headers: Mapping[str, object]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value).encode()


def _address(address: str) -> str:
    """The address with its domain as DNS knows it (IDNA), so that any server takes it."""
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise Undeliverable("bad_address")
    return f"{local}@{domain}"


def _mailbox(name: str, address: str) -> str:
    return f"{_words(name)}\r\n <{address}>" if name else address


def _words(text: str) -> str:
    """The text as a header says it (RFC 2047): whatever it is, it ends neither the header nor the name in it."""
    line = one_line(text)
    if _SIMPLE.fullmatch(line):
        return line
    words = [""]
    for char in line:
        if len((words[-1] + char).encode()) > _WORD_BYTES:
            words.append("")
        words[-1] += char
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word.encode()).decode()}?=" for word in words)


def _body(key: UUID, letter: Letter) -> bytes:
    alternative = _multipart("alternative", key, [_part("text/plain", letter.text), _part("text/html", letter.html)])
    if letter.calendar is None:
        return alternative
    attached = 'Content-Disposition: attachment; filename="bottega.ics"\r\n'
    # the method of what is in it, as RFC 6047 section 2.4 wants it
    calendar = _part(f"text/calendar; method={letter.method}", letter.calendar, attached)
    return _multipart("mixed", key, [alternative, calendar])


def _multipart(kind: str, key: UUID, parts: list[bytes]) -> bytes:
    boundary = f"=_{kind}_{key.hex}"  # "=_" is in no quoted-printable text
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'
    inner = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return head.encode() + inner + b"--%s--\r\n" % boundary.encode()


def _part(kind: str, text: str, more: str = "") -> bytes:
    head = f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n{more}\r\n"
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    return head.encode() + b2a_qp(lines.encode())
