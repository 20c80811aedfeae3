"""A mail as a tree of parts, by the standard library's parser and within limits that keep it from taking long.

What the bytes show is checked before the parser sees them; how many parts there are and how deep, while it makes them.
Its policy is the modern one but for headers, which are left as they came: parsing each into its grammar takes time by
the square of its length, and fails on some that exist. What is needed of them is read in headers.
"""

import re
from collections.abc import Iterator
from email.feedparser import BytesFeedParser
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any, cast

from services.needs.reading.charsets import decoded
from services.needs.reading.errors import Unreadable

BYTES_MAX = 30 * 1024 * 1024
LINES_MAX = 600_000  # 30 MB in base64 have 400,000
HEADERS_MAX = 1_000_000  # bytes before the first empty line
PARTS_MAX = 1_000
DEPTH_MAX = 20

_EMPTY_LINE = re.compile(rb"\r?\n\r?\n|\r\r")
_SPACED_NAME = re.compile(rb"^([!-9;-~]{1,70})[ \t]+:", re.MULTILINE)  # obsolete, and to be read (RFC 5322, 4.5)
_BEFORE = b"\xef\xbb\xbf\x00\r\n\t "  # what stands before the first header by mistake
# Every mail has one of these, even a broken one; a picture or a program in its place has none.
_KNOWN = ("from", "to", "subject", "date", "message-id", "received", "return-path", "delivered-to", "sender", "cc")
# How many characters of a header are read, and how many of its parameters: the parser takes time by the square of
# these, and each of a thousand parts may have some. Lists of addresses are read in linear time.
_READ = {"to": 100_000, "cc": 100_000, "references": 100_000}
_READ_OF_OTHERS = 4_000
_PARAMETERS_MAX = 40


class Part(EmailMessage):
    """A part whose parameters can be read whatever they say."""

    depth = 0

    def attach(self, payload: Any) -> None:
        """What the parser does with each part as it begins. Raises Unreadable."""
        payload.depth = self.depth + 1
        if payload.depth > DEPTH_MAX:
            raise Unreadable("too_deep")
        super().attach(payload)

    def get_param(self, param: str, failobj: Any = None, header: str = "content-type", unquote: bool = True) -> Any:
        """A parameter as text, decoded (RFC 2231); ``failobj`` where there is none that can be read.

        The charset is said to be one that maps bytes to themselves, as the standard library decodes with any codec that
        a stranger names; ``charset`` is the one that the part names.
        """
        return "latin-1" if param == "charset" else self._parameter(param, header, unquote, failobj)

    @property
    def charset(self) -> str | None:
        """The charset that the part says to be in."""
        return cast("str | None", self._parameter("charset", "content-type", unquote=True, failobj=None))

    @property
    def content(self) -> bytes:
        """What is in a part without parts, transfer encoding undone; of an attached message, its source."""
        if self.is_multipart():
            return b"\r\n".join(map(source, self.iter_children()))
        octets = self.get_payload(decode=True) if self.get_payload() else b""
        return octets if isinstance(octets, bytes) else b""

    def iter_children(self) -> "Iterator[Part]":
        """The parts in this one, if it has any."""
        return iter(cast("list[Part]", self.get_payload()) if self.is_multipart() else [])

    def _parameter(self, param: str, header: str, unquote: bool, failobj: Any) -> Any:
        try:
            found = super().get_param(param, failobj, header, unquote)
        except (ValueError, LookupError, TypeError):
            return failobj
        if not isinstance(found, tuple):
            return found
        charset, _, text = found
        return decoded(text.encode("latin-1"), charset) if ord(max(text, default="")) < 256 else text


def parse(raw: bytes) -> Part:
    """The tree of a mail (RFC 5322, RFC 2045). Raises Unreadable."""
    _check(raw)
    parser = BytesFeedParser(_Making(), policy=_POLICY)
    body = body_of(raw)
    parser.feed(_SPACED_NAME.sub(rb"\1:", raw.lstrip(_BEFORE).removesuffix(body)))
    parser.feed(body)
    message = cast("Part", parser.close())
    if not any(name in message for name in _KNOWN):
        raise Unreadable("no_message")
    return message


def walk(part: Part) -> Iterator[Part]:
    """The part and all in it, in their order; a message that is attached counts as one."""
    yield part
    if part.get_content_maintype() != "message":
        for child in part.iter_children():
            yield from walk(child)


def body_of(raw: bytes) -> bytes:
    """What follows the first empty line."""
    found = _EMPTY_LINE.search(raw := raw.lstrip(_BEFORE))
    return raw[found.end() :] if found else b""


def source(part: Part) -> bytes:
    """A part as it came, but for the ends of its lines and what stands between its parts."""
    head = "".join(f"{name}: {value}\r\n" for name, value in part.raw_items())
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + _body(part)


def _body(part: Part) -> bytes:
    if not part.is_multipart():
        return str(part.get_payload() or "").encode("latin-1", "replace")
    if part.get_content_maintype() == "message":
        return b"\r\n".join(map(source, part.iter_children()))
    boundary = part.get_boundary("").encode("utf-8", "surrogateescape")
    inner = b"".join(b"--" + boundary + b"\r\n" + source(child) + b"\r\n" for child in part.iter_children())
    return inner + b"--" + boundary + b"--\r\n"


class _Making:
    """Makes the parts, and counts them. The parser makes one more, to see how it is done."""

    def __init__(self) -> None:
        self._made = -1

    def __call__(self, policy: Any = None) -> Part:
        self._made += 1
        if self._made > PARTS_MAX:
            raise Unreadable("too_many_parts")
        return Part(policy)


def _as_it_came(name: str, value: str) -> str:
    value = value[: _READ.get(name.lower(), _READ_OF_OTHERS)]
    return ";".join(value.split(";")[:_PARAMETERS_MAX]) if name.lower().startswith("content-") else value


_POLICY: Any = EmailPolicy(header_factory=_as_it_came)


def _check(raw: bytes) -> None:
    if len(raw) > BYTES_MAX:
        raise Unreadable("too_big")
    if raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n") > LINES_MAX:
        raise Unreadable("too_many_lines")
    if len(raw) > HEADERS_MAX and not _EMPTY_LINE.search(raw.lstrip(_BEFORE)[:HEADERS_MAX]):
        raise Unreadable("headers_too_long")
