"""What a mail of ours carries by which an answer finds its need: marks that nobody can guess or make.

A mark is the need's id and a keyed digest of it (HMAC-SHA-256, shortened to 64 bits), in small letters and digits, as
mail programs may change the case of an address. It stands in the local part of the reply address, after a ``+``
(RFC 5233), and begins the Message-ID.
"""

import hmac
import re
from base64 import b32decode, b32encode
from collections.abc import Iterable
from uuid import UUID

_MARK = re.compile(r"(?<![a-z0-9])[a-z2-7]{39}(?![a-z0-9])")
_ID_BYTES, _DIGEST_BYTES = 16, 8
LOCAL_MAX = 64 - 39 - 1  # of a mailbox, so that its reply addresses stay within a local part (RFC 5321, 4.5.3.1.1)


def mark(key: bytes, need_id: UUID) -> str:
    """39 characters."""
    return _base32(need_id.bytes + _digest(key, need_id))


def needs_of(key: bytes, texts: Iterable[str]) -> list[UUID]:
    """The needs whose marks stand somewhere in ``texts``, in their order, each once."""
    found = (match for text in texts for match in _MARK.findall(text.lower()))
    return list(dict.fromkeys(need_id for match in found if (need_id := _checked(key, match))))


def site_mark(key: bytes) -> str:
    """What X-Loop says in our mails: by it they are known when they come back."""
    return _base32(hmac.digest(key, b"site", "sha256")[:_DIGEST_BYTES])


def reply_address(key: bytes, mailbox: str, need_id: UUID) -> str:
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{mark(key, need_id)}@{domain}"


def message_id(key: bytes, need_id: UUID, message: UUID, domain: str) -> str:
    """For the header, without the angle brackets (RFC 5322, 3.6.4)."""
    return f"{mark(key, need_id)}.{message.hex}@{domain}"


def _checked(key: bytes, text: str) -> UUID | None:
    """The need of a mark; None where the mark is none of ours."""
    octets = b32decode(f"{text.upper()}=")
    need_id = UUID(bytes=octets[:_ID_BYTES])
    return need_id if hmac.compare_digest(octets[_ID_BYTES:], _digest(key, need_id)) else None


def _digest(key: bytes, need_id: UUID) -> bytes:
    return hmac.digest(key, b"need:" + need_id.bytes, "sha256")[:_DIGEST_BYTES]


def _base32(octets: bytes) -> str:
    return b32encode(octets).decode().rstrip("=").lower()
