"""Whether a person wrote a mail."""

import pytest

from services.needs.reading import Kind, Ours, read_mail
from services.needs.tests.mails import mail, multipart, part

AUTOMATIC = [
    {"Auto-Submitted": "auto-replied"},
    {"Auto-Submitted": "auto-generated (report)"},
    {"Precedence": "Bulk"},
    {"Precedence": "auto_reply"},
    {"X-Auto-Response-Suppress": "All"},
    {"X-Autoreply": "yes"},
    {"List-Id": "<news.example.org>"},
    {"List-Unsubscribe": "<https://example.org>"},
    {"Return-Path": "<>", "Subject": "Risposta automatica: Orientamento"},
    {"Return-Path": "<>", "Subject": "Out of office: Orientamento"},
]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_what_a_program_sends_by_itself_is_automatic(headers: dict[str, str]) -> None:
    assert read_mail(mail(headers=headers)).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto-Submitted": "no"},
        {"Auto-Submitted": "No; x=y"},
        {"X-Loop": "other"},
        {"Subject": "Out of office"},
        {"X-Auto-Response-Suppress": "OOF"},
    ],
)
def test_what_a_person_sends_is_not(headers: dict[str, str]) -> None:
    assert read_mail(mail(headers=headers)).kind is Kind.PERSON


def test_a_mail_with_a_mark_of_ours_is_one_of_ours() -> None:
    assert read_mail(mail(X_Loop="bottega"), Ours(marks=frozenset({"bottega"}))).kind is Kind.LOOP


GROUP = {"List-Id": "Info <Info.centre.example>", "Precedence": "list", "List-Unsubscribe": "<mailto:x@example.org>"}


@pytest.mark.parametrize(("name", "kind"), [("info", Kind.PERSON), ("other", Kind.AUTO_REPLY)])
def test_a_mail_to_a_mailbox_of_ours_that_is_a_list_is_a_persons(name: str, kind: Kind) -> None:
    assert read_mail(mail(headers=GROUP), Ours(mailboxes=frozenset({f"{name}@centre.example"}))).kind is kind


def _report(action: str, subject: str = "Delivery Status Notification") -> bytes:
    status = (
        f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; Nobody@example.org\r\nAction: {action}\r\n"
    )
    parts = (part("See below."), part(status, "message/delivery-status"), part(mail(), "message/rfc822"))
    headers = {"From": "MAILER-DAEMON@example.org", "Return-Path": "<>", "Subject": subject}
    return multipart(*parts, kind="report; report-type=delivery-status", **headers)


def test_a_report_of_what_failed_names_whom_it_did_not_reach() -> None:
    read = read_mail(_report("failed"))
    assert (read.kind, read.bounced) == (Kind.BOUNCE, ("nobody@example.org",))


def test_a_report_of_a_delay_names_nobody() -> None:
    read = read_mail(_report("delayed"))
    assert (read.kind, read.bounced) == (Kind.BOUNCE, ())


def test_a_report_that_it_arrived_is_automatic() -> None:
    assert read_mail(_report("delivered")).kind is Kind.AUTO_REPLY


def test_a_report_in_words_alone_is_one_too() -> None:
    text = "Hi. This is the qmail-send program at example.org.\n\n<nobody@example.org>:\nNo such mailbox.\n"
    read = read_mail(mail(text, From="MAILER-DAEMON@example.org", Subject="failure notice", Return_Path="<>"))
    assert (read.kind, read.bounced) == (Kind.BOUNCE, ("nobody@example.org",))


def test_a_receipt_is_automatic() -> None:
    receipt = part("Disposition: manual-action/MDN-sent-manually; displayed", "message/disposition-notification")
    raw = multipart(part("Letto."), receipt, kind="report; report-type=disposition-notification")
    assert read_mail(raw).kind is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Buongiorno, vorrei sapere quando siete aperti.", "it"),
        ("Hello, I would like to know when you are open.", "en"),
        ("Bonjour", "it"),
        ("", "it"),
    ],
)
def test_the_language_is_that_of_its_small_words(text: str, language: str) -> None:
    assert read_mail(mail(text)).language == language
