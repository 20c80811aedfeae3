"""Mails as people and programs write them, put together byte by byte: those that are wrong too."""

from collections.abc import Mapping
from typing import Any

MARIO, ANNA = "Mario Rossi <mario@example.org>", "anna@example.net"
PLAIN = {
    "From": MARIO,
    "To": "Sportello <sportello@bottega.example>",
    "Subject": "Orientamento",
    "Date": "Mon, 23 Nov 2026 10:00:00 +0100",
    "Message-ID": "<uno@example.org>",
}


def mail(body: str | bytes = "Buongiorno.", headers: Mapping[str, str | None] | None = None, **more: Any) -> bytes:
    """A mail with the headers of ``PLAIN``, but for those given; None leaves one out.

    The words of a name in ``more`` have underscores.
    """
    named = {name.replace("_", "-"): value for name, value in more.items()}
    given = PLAIN | {name.replace("_", "-"): value for name, value in (headers or {}).items()} | named
    if "Content-Type" not in given:
        given["Content-Type"] = "text/plain; charset=utf-8"
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value is not None)
    content = body if isinstance(body, bytes) else body.replace("\n", "\r\n").encode()
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + content


def part(content: str | bytes, kind: str = "text/plain; charset=utf-8", **headers: str) -> bytes:
    lines = [f"Content-Type: {kind}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    octets = content if isinstance(content, bytes) else content.encode()
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + octets


def multipart(*parts: bytes, kind: str = "mixed", boundary: str = "grenze", **headers: str) -> bytes:
    inner = b"".join(b"--" + boundary.encode() + b"\r\n" + each + b"\r\n" for each in parts)
    body = inner + b"--" + boundary.encode() + b"--\r\n"
    return mail(body, headers | {"Content-Type": f'multipart/{kind}; boundary="{boundary}"'})
