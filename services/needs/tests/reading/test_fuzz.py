"""Mails that nobody wrote: whatever the bytes are, reading ends in a mail that is safe to show, or in a reason.

``FUZZ_EXAMPLES=20000`` looks longer. ``EMAIL_CORPUS`` names a folder of real mails to read as well.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.needs.reading import ReceivedMail, Unreadable, attachment_content, read_mail
from services.needs.reading.html import sanitised
from services.needs.tests.mails import mail, multipart, part

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
looked = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e]")


def check(raw: bytes) -> None:
    try:
        read = read_mail(raw)
    except Unreadable as unreadable:
        assert unreadable.code != "broken"  # noqa: PT017 (it is the only other way to end)
        return
    assert not [text for text in _texts(read) if _UNSAFE.search(text)]
    assert sanitised(read.html) == read.html
    assert [len(attachment_content(raw, each.position)) for each in read.attachments] == [
        each.size for each in read.attachments
    ]


def _texts(read: ReceivedMail) -> Iterator[str]:
    people = [each for each in (read.sender, read.reply_to) if each]
    yield from (read.subject, read.text, read.folded, read.html, *read.recipients, *read.references, *read.bounced)
    yield from (text for each in people for text in (each.name, each.address))
    yield from (text for each in read.attachments for text in (each.name, each.type))


SEEDS = [
    mail("Ciao\n> citato\n-- \nMario"),
    multipart(part("Ciao"), part("<p>Ciao</p>", "text/html"), kind="alternative"),
    multipart(
        part("a"), part(multipart(part("b")), "message/rfc822"), part("x", Content_Disposition="attachment; filename=a")
    ),
    multipart(part("a"), part("Action: failed", "message/delivery-status"), kind="report; report-type=delivery-status"),
]
_SIGNS = b'\x00,\r,\n,\r\n,\r\n\r\n,--grenze,=?utf-8?Q?=,\xff,",<,(,;,@,:,*0*=,charset=,boundary=,multipart/'.split(
    b","
)
_LINES = [b"Content-Type: message/rfc822\r\n", b"Content-Transfer-Encoding: base64\r\n"]
CHANGES = st.lists(
    st.tuples(st.integers(0, 800), st.integers(0, 30), st.sampled_from([*_SIGNS, *_LINES]) | st.binary(max_size=8)),
    max_size=8,
)


@looked
@given(st.sampled_from(SEEDS), CHANGES)
def test_a_damaged_mail_ends_in_a_mail_or_a_reason(seed: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    raw = seed
    for at, cut, piece in changes:
        raw = raw[:at] + piece + raw[at + cut :]
    check(raw)


@looked
@given(st.binary(max_size=200))
def test_any_bytes_end_in_a_mail_or_a_reason(tail: bytes) -> None:
    check(b"From: " + tail)


_HTML = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<a href='", "javascript:", "<svg>", "<style>", "</style>", "<!--", "-->", "'>", "x"]
    )
    | st.text(max_size=5),
    max_size=12,
).map("".join)
_TEXT = st.text(max_size=40) | _HTML
_CHARSETS = st.sampled_from(["utf-8", "iso-8859-1", "utf-16", "utf-7", "iso-2022-jp", "us-ascii", "x-none", "\x00"])
_TYPES = st.sampled_from(
    ["text/plain", "text/html", "text/calendar", "image/png", "message/rfc822", "message/delivery-status", "x", ""]
)
_ENCODINGS = st.sampled_from(["7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "binary", "?"])
_NAMES = st.none() | st.text(st.characters(exclude_characters="\r\n"), max_size=20)


@st.composite
def leaves(draw: Any) -> bytes:
    headers = {"Content_Transfer_Encoding": draw(_ENCODINGS)}
    name = draw(_NAMES)
    if name is not None:
        headers["Content_Disposition"] = f'{draw(st.sampled_from(["attachment", "inline"]))}; filename="{name}"'
    text = draw(_TEXT).encode("utf-8", "replace") + draw(st.binary(max_size=10))
    kind = f'{draw(_TYPES)}; charset="{draw(_CHARSETS)}"'
    return _part(text, kind, headers)


def _part(text: bytes, kind: str, headers: dict[str, str]) -> bytes:
    said = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return head.encode("utf-8", "replace") + b"\r\n" + text


_KINDS = st.sampled_from(["mixed", "alternative", "related", "report", "signed", "x"])


@st.composite
def branches(draw: Any, inner: Any) -> bytes:
    """A part of parts, within its own boundary or within that of others."""
    boundary = draw(st.sampled_from(["a", "b", "grenze"]))
    parts = draw(st.lists(inner, max_size=4))
    whole = b"".join(b"--" + boundary.encode() + b"\r\n" + each + b"\r\n" for each in parts)
    end = draw(st.sampled_from([b"--", b""]))
    kind = f"multipart/{draw(_KINDS)}; boundary={boundary}"
    return _part(whole + b"--" + boundary.encode() + end + b"\r\n", kind, {})


@looked
@given(_TEXT, st.recursive(leaves(), branches, max_leaves=6))
def test_parts_in_parts_of_any_kind_end_in_a_mail_or_a_reason(subject: str, tree: bytes) -> None:
    head = f"From: {subject}\r\nSubject: {subject}\r\nReferences: {subject}\r\n"
    check(head.encode("utf-8", "replace") + tree)


CORPUS = os.environ.get("EMAIL_CORPUS")


@pytest.mark.skipif(not CORPUS, reason="EMAIL_CORPUS names no folder of mails")
def test_every_mail_of_the_corpus_ends_in_a_mail_or_a_reason() -> None:
    found = sorted(Path(CORPUS or "").rglob("*.eml"))
    assert found
    for path in found:
        check(path.read_bytes())
