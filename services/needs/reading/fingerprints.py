"""By what two copies of a mail are known to be one, whichever way each of them came."""

import hashlib

from services.needs.reading.parts import Part, body_of

_SAME = ("message-id", "from", "date", "subject")


def fingerprint(raw: bytes, message: Part) -> str:
    """SHA-256, hexadecimal, of what no server on the way changes; not of line ends, as some do change them."""
    same = ["\0".join(message.get(name, "").split()) for name in _SAME]
    head = "\n".join(same).encode("utf-8", "surrogateescape")
    body = body_of(raw).replace(b"\r\n", b"\n").replace(b"\r", b"\n").strip(b"\n")
    return hashlib.sha256(head + b"\n\n" + body).hexdigest()
