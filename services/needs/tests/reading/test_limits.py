"""Whatever the bytes are, reading ends, soon, in a mail or in a reason. The time-out of the tests is the limit."""

import pytest

from services.needs.reading import Unreadable, read_mail
from services.needs.tests.mails import mail, multipart, part


def _nested(depth: int) -> bytes:
    level = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
    return b"From: a@example.org\n" + b"".join(level % (each, each) for each in range(depth))


REFUSED = {
    "too_big": bytes(30 * 1024 * 1024 + 1),
    "too_many_lines": mail(b"\n" * 600_001),
    "headers_too_long": b"From: a@example.org\n" + b"X: y\n" * 200_001 + b"\n",
    "too_many_parts": multipart(*[part("x")] * 10_000),
    "too_deep": _nested(5_000),
    "no_message": b"\xff\xd8\xff\xe0 a picture",
}


@pytest.mark.parametrize(("code", "raw"), REFUSED.items(), ids=REFUSED)
def test_what_would_take_too_long_is_refused_with_a_reason(code: str, raw: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_mail(raw)
    assert refusal.value.code == code


def test_nothing_is_no_message() -> None:
    with pytest.raises(Unreadable, match="no_message"):
        read_mail(b"")


HOSTILE = {
    "parameters": multipart(*[part("x", "multipart/mixed" + ";" * 4_000)] * 50),
    "quotes": multipart(*[part("x", "multipart/mixed;" + '";' * 2_000)] * 300),
    "addresses": mail(From="<" * 50_000, To=", ".join(["a@b.c"] * 100_000)),
    "names": mail(From='"' * 50_001, Cc="(" * 50_000, Reply_To="=?a?q?" * 20_000),
    "a long line": mail(b"a" * 5_000_000),
    "carriage returns": mail(b"\r" * 100_000 + b"\n\r\n\r\r"),
    "a report": mail(b"x@y, " * 50_000, From="mailer-daemon@x.org", Subject="failure notice"),
    "nested lines": _nested(18) + b"a\n" * 10_000,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_what_slows_parsers_down_is_read(raw: bytes) -> None:
    read_mail(raw)
