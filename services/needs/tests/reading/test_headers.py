"""Headers as programs and strangers write them."""

from datetime import UTC, datetime

import pytest

from services.needs.reading import Address, read_mail
from services.needs.tests.mails import mail

SENDERS = [
    ("Mario Rossi <Mario@Example.org>", "Mario Rossi", "mario@example.org"),
    ('"Rossi, Mario" <mario@example.org>', "Rossi, Mario", "mario@example.org"),
    ("Rossi, Mario <mario@example.org>", "Rossi, Mario", "mario@example.org"),
    ("mario@example.org", "", "mario@example.org"),
    ("mario@example.org (Mario Rossi)", "Mario Rossi", "mario@example.org"),
    ("=?utf-8?Q?Nicol=C3=B2_D=27Am=C3?= =?utf-8?Q?=A9?= <n@example.org>", "Nicolò D'Amé", "n@example.org"),
    ("Nicolò <niccolò@esempio.example>", "Nicolò", "niccolò@esempio.example"),
    ("bank@example.com <thief@example.org>", "bank@example.com", "thief@example.org"),
    ('"bank@example.com\u202e" <thief@example.org>', "bank@example.com", "thief@example.org"),
    ("=?utf-8?Q?Anna=0D=0ABcc:_x@example.org?= <a@example.org>", "Anna Bcc: x@example.org", "a@example.org"),
    ("=?nowhere-1?Q?=E8?= <a@example.org>", "è", "a@example.org"),
    ("=?utf-8?B?!!!?= <a@example.org>", "", "a@example.org"),
    ("Mario <not an address>", "Mario", ""),
]


@pytest.mark.parametrize(("value", "name", "address"), SENDERS)
def test_a_sender_is_read(value: str, name: str, address: str) -> None:
    assert read_mail(mail(From=value)).sender == Address(name, address)


@pytest.mark.parametrize("value", ["", "<>", "undisclosed-recipients:;", "(((((((", "@", '"', "\x00"])
def test_a_sender_that_is_none_is_none(value: str) -> None:
    assert read_mail(mail(From=value)).sender is None


def test_the_sender_of_a_mail_from_nobody_is_who_sent_it() -> None:
    assert read_mail(mail(From="<>", Sender="a@example.org")).sender == Address("", "a@example.org")


def test_a_subject_is_one_line_of_what_can_be_read() -> None:
    subject = "=?utf-8?Q?Perch=C3?=\r\n =?utf-8?Q?=A9_no=00=3F?= \u202eoggi"
    assert read_mail(mail(Subject=subject)).subject == "Perché no? oggi"


def test_a_long_subject_is_cut() -> None:
    assert len(read_mail(mail(Subject="a" * 10_000)).subject) == 300


def test_references_come_before_what_is_answered_and_each_once() -> None:
    read = read_mail(mail(References="<a@x> <b@x>\r\n\t<c@x> garbage <>", In_Reply_To="Yours of <b@x>"))
    assert read.references == ("a@x", "c@x", "b@x")


def test_the_newest_references_are_kept() -> None:
    many = " ".join(f"<{number}@x>" for number in range(1_000))
    assert read_mail(mail(References=many)).references == tuple(f"{number}@x" for number in range(950, 1_000))


@pytest.mark.parametrize("value", ["", "<>", "< >", "<a b@x>", f"<{'a' * 251}@x>", "<è@x>"])
def test_an_identifier_that_is_none_is_none(value: str) -> None:
    read = read_mail(mail(Message_ID=value, References=value, In_Reply_To=value))
    assert (read.message_id, read.references) == (None, ())


def test_whom_it_was_delivered_to_is_among_the_first_recipients() -> None:
    many = ", ".join(f"Name {number} <r{number}@example.org>" for number in range(5_000))
    found = read_mail(mail(To=many, Delivered_To="Box@example.org")).recipients
    assert (len(found), found[:2]) == (100, ("box@example.org", "r0@example.org"))


DATES = [
    ("Mon, 23 Nov 2026 10:00:00 +0100", datetime(2026, 11, 23, 9, tzinfo=UTC)),
    ("23 Nov 2026 10:00 -0000", datetime(2026, 11, 23, 10, tzinfo=UTC)),
    ("Mon, 23 Nov 1926 10:00:00 +0100", None),
    ("Mon, 23 Nov 9999 23:59:59 -2359", None),
    ("yesterday", None),
    ("99 99 99 99:99", None),
    ("", None),
]


@pytest.mark.parametrize(("value", "at"), DATES)
def test_a_date_is_one_that_makes_sense(value: str, at: datetime | None) -> None:
    assert read_mail(mail(Date=value)).sent_at == at


def test_the_same_mail_to_two_mailboxes_is_one() -> None:
    one = b"Delivered-To: a@example.org\r\nReceived: by x\r\n" + mail("Ciao\n")
    other = (b"Return-Path: <m@example.org>\r\nDelivered-To: b@example.org\r\n" + mail("Ciao\n")).replace(
        b"\r\n", b"\n"
    )
    assert read_mail(one).fingerprint == read_mail(other).fingerprint != read_mail(mail("Ciao!\n")).fingerprint


def test_a_line_of_a_mailbox_file_before_the_headers_is_no_matter() -> None:
    assert read_mail(b"From mario@example.org Mon Nov 23 10:00:00 2026\n" + mail()).text == "Buongiorno."
